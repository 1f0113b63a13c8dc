import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CodeAction, CompletionItem, Hover } from "vscode-languageserver/node";
import { configSections, waiverSections } from "../../src/rules/ini-schemas.ts";
import { type Client, startClient } from "./client.ts";

// tightunit.conf and tightunit.waivers: ini files, for which no other language server has a schema.

let client: Client;
beforeAll(async () => {
  client = await startClient();
});
afterAll(async () => {
  expect(await client.stop()).toBe(0);
});
let count = 0;
/** A folder of its own for each, so that no document is another's. */
const uriOf = (name: string): string => pathToFileURL(`/nonexistent/${count++}/${name}`).href;

describe("tightunit.conf", () => {
  const text =
    "[audit]\nsystmd = 257\nscope = usr\n\n[gate]\nmax-exposure = 50\nrequir[] = UMask\n[rules]\nexposure = erorr\n";

  it("has its mistakes underlined where they stand, with what mends them", async () => {
    const uri = uriOf("tightunit.conf");
    const problems = await client.open(uri, text, "ini");
    const lines = text.split("\n");
    const shown = problems.map(({ code, range }) => [
      code,
      lines[range.start.line]?.slice(range.start.character, range.end.character),
    ]);
    expect(shown).toEqual([
      ["config-unknown-key", "systmd"],
      ["config-not-one-of", "usr"],
      ["config-bad-value", "50"],
      ["config-unknown-key", "requir"],
      ["config-not-one-of", "erorr"],
    ]);
    const fixes = await client.request<CodeAction[]>("textDocument/codeAction", {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
      context: { diagnostics: [] },
    });
    expect(fixes.map(each => each.title)).toEqual([
      "Replace by systemd",
      "Replace by user",
      "Replace by require",
      "Replace by error",
    ]);
  });

  it("is explained and completed from its schema", async () => {
    const uri = uriOf("tightunit.conf");
    await client.open(uri, "[audit]\nscope = \n\n[gate]\nfail-on = error\n\n[", "ini");
    const at = (line: number, character: number) => ({
      textDocument: { uri },
      position: { line, character },
    });
    const hover = await client.request<Hover>("textDocument/hover", at(4, 2));
    expect(Object(hover.contents).value).toMatch(/severity/);
    const complete = async (line: number, character: number) =>
      (await client.request<CompletionItem[]>("textDocument/completion", at(line, character))).map(
        each => each.label,
      );
    expect(await complete(1, 8)).toEqual(["system", "user"]);
    expect(await complete(2, 0)).toEqual(["systemd", "root", "scope", "format", "arch"]);
    expect(await complete(6, 1)).toEqual(configSections().map(({ name }) => `[${name}]`));
  });

  it("is fine where it is fine", async () => {
    expect(await client.open(uriOf("tightunit.conf"), "[gate]\nmax-exposure = 5.0\n", "ini")).toEqual([]);
  });
});

describe("tightunit.waivers", () => {
  it("has its mistakes underlined, the rule's name where it stands", async () => {
    const text =
      "[bakery.service expsure]\nreason = known\nuntil = 2030-01-31\n\n[a.service exposure]\nuntil = soon\n";
    const problems = await client.open(uriOf("tightunit.waivers"), text, "ini");
    expect(problems.map(each => each.code)).toEqual(["gate-waiver-unknown-rule", "gate-waiver-no-reason"]);
    expect(problems[0]).toMatchObject({
      range: { start: { line: 0, character: 16 }, end: { line: 0, character: 23 } },
      data: { kind: "replace", text: "exposure" },
    });
  });

  it("is completed", async () => {
    const uri = uriOf("tightunit.waivers");
    await client.open(uri, "[bakery.service exposure]\n\n", "ini");
    const items = await client.request<CompletionItem[]>("textDocument/completion", {
      textDocument: { uri },
      position: { line: 1, character: 0 },
    });
    expect(items.map(each => each.label)).toEqual(waiverSections()[0]?.keys.map(({ key }) => key));
  });
});
