import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diagnosticLine, speaker } from "../../src/report/messages.ts";
import { loadMessages } from "../../src/rules/messages.ts";

const speak = speaker({ "too-hot": "{oven} is hotter than {limit}" });

describe("the sentence of a diagnostic", () => {
  it("fills in the arguments", () => {
    expect(speak({ code: "too-hot", severity: "warning", args: { oven: "left", limit: "250" } })).toBe(
      "left is hotter than 250",
    );
  });

  it("makes what came out of a file harmless", () => {
    const args = { oven: "\u001b[2Jleft\n", limit: "250" };
    expect(speak({ code: "too-hot", severity: "warning", args })).toBe("\\e[2Jleft\\n is hotter than 250");
  });

  it("shortens an argument that fills the screen", () => {
    const said = speak({ code: "too-hot", severity: "warning", args: { oven: "x".repeat(1e6), limit: "1" } });
    expect(said.length).toBeLessThan(500);
  });

  it("says the bare code where there is no sentence, inherited names included", () => {
    expect(speak({ code: "toString", severity: "note", args: { a: "b" } })).toBe("toString a=b");
    expect(speak({ code: "too-hot", severity: "note", args: {} })).toBe("{oven} is hotter than {limit}");
  });

  it("leaves out the part whose argument is not there", () => {
    const asking = speaker({ "too-hot": "{oven} is too hot.{?meant: Is [{meant}] meant?}" });
    const left = { oven: "left" };
    expect(asking({ code: "too-hot", severity: "note", args: left })).toBe("left is too hot.");
    const meant = { ...left, meant: "{oven}" };
    expect(asking({ code: "too-hot", severity: "note", args: meant })).toBe(
      "left is too hot. Is [{oven}] meant?",
    );
  });

  it("stands behind its place, as editors expect", () => {
    const position = { file: "/etc/bakery.service", line: 3, column: 7 };
    const diagnostic = {
      code: "too-hot",
      severity: "error",
      position,
      args: { oven: "left", limit: "250" },
    } as const;
    expect(diagnosticLine(diagnostic, speak)).toBe("/etc/bakery.service:3:7: error: left is hotter than 250");
  });
});

describe("rules/messages", () => {
  const folder = new URL("../../rules/messages/", import.meta.url);

  it("has every code once over all files, so that merging loses none", () => {
    const codes = readdirSync(folder).flatMap(file =>
      Object.keys(JSON.parse(readFileSync(new URL(file, folder), "utf8"))),
    );
    expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
    expect(Object.keys(loadMessages()).sort()).toEqual(codes.sort());
  });

  it("has a sentence for every code that the source uses", () => {
    const source = new URL("../../src/", import.meta.url);
    const used = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter(file => file.endsWith(".ts"))
      .flatMap(file => [...readFileSync(new URL(file, source), "utf8").matchAll(/\bcode: "([a-z0-9.-]+)"/g)])
      .flatMap(match => match[1] ?? []);
    const known = loadMessages();
    expect([...new Set(used)].filter(code => !(code in known))).toEqual([]);
  });
});
