import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findBrowser } from "../../src/host/print-pdf.ts";
import { run } from "./run.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tightunit-html-"));
  mkdirSync(join(folder, "units"));
  writeFileSync(join(folder, "units", "bakery.service"), "[Service]\nExecStart=/usr/bin/oven\n");
  writeFileSync(
    join(folder, "units", "till.service"),
    "[Service]\nExecStart=/usr/bin/till\nPrivateTmp=yes\n",
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Embedded {
  readonly date: string;
  readonly units: readonly { readonly name: string; readonly proposal?: object }[];
  readonly gate?: { readonly verdict: string };
  readonly comparison?: { readonly worse: number; readonly changes: readonly { readonly unit: string }[] };
}

function dataOf(file: string): Embedded {
  const text = readFileSync(join(folder, file), "utf8");
  return JSON.parse(/id="report-data">(.*?)<\/script>/s.exec(text)?.[1] ?? "null");
}

const audit = (...more: readonly string[]) =>
  run(["audit", "--systemd", "257", "./units", ...more], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? "" },
  });

describe("--report html", () => {
  it("writes a page of the audited units, each with its proposal, beside the overview", async () => {
    const { code, stdout, stderr } = await audit("--report", "html=audit.html");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("bakery.service");
    const { units, date } = dataOf("audit.html");
    expect(units.map(each => each.name)).toEqual(["bakery.service", "till.service"]);
    expect(units.every(each => each.proposal !== undefined)).toBe(true);
    expect(date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });

  it("says what changed since an earlier audit", async () => {
    const before = await audit("--format", "json");
    writeFileSync(join(folder, "last.json"), before.stdout);
    writeFileSync(join(folder, "units", "till.service"), "[Service]\nExecStart=/usr/bin/till\n");
    expect((await audit("--since", "last.json", "--report", "html=since.html")).code).toBe(0);
    const { comparison } = dataOf("since.html");
    expect(comparison?.worse).toBe(1);
    expect(comparison?.changes.map(each => each.unit)).toEqual(["till.service"]);
  });

  it("has the verdict of a gate", async () => {
    const { code } = await run(
      ["gate", "--systemd", "257", "--max-exposure", "5", "./units", "--report", "html=gate.html"],
      { cwd: folder },
    );
    expect(code).toBe(1);
    expect(dataOf("gate.html").gate?.verdict).toBe("failed");
  });

  it("wants a page for --since, and an audit to compare with", async () => {
    const none = await audit("--since", "last.json");
    expect(none.code).toBe(2);
    expect(none.stderr).toContain("--since is for the html and pdf reports");
    writeFileSync(join(folder, "broken.json"), "{");
    const broken = await audit("--since", "broken.json", "--report", "html=x.html");
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain("broken.json");
  });
});

describe("--report pdf", () => {
  it("says what to install where no browser is, before anything else is done", async () => {
    const { code, stdout, stderr } = await run(["audit", "./units", "--report", "pdf=audit.pdf"], {
      cwd: folder,
      env: { PATH: folder },
    });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toContain("apt install chromium");
  });

  it("goes to a file", async () => {
    const { code, stderr } = await audit("--report", "pdf=-");
    expect(code).toBe(2);
    expect(stderr).toContain("pdf=report.pdf");
  });

  const hasBrowser = findBrowser(process.env.PATH) !== undefined;
  it.skipIf(!hasBrowser)(`is printed${hasBrowser ? "" : " (skipped: no Chromium on PATH)"}`, async () => {
    const { code, stderr } = await audit("--report", "pdf=audit.pdf");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(readFileSync(join(folder, "audit.pdf")).subarray(0, 5).toString()).toBe("%PDF-");
  });
});
