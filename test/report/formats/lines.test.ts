// TAP and CSV, read by parsers that are not ours.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse as parseCsv } from "csv-parse/sync";
import fc from "fast-check";
import { Parser } from "tap-parser";
import { describe, expect, it } from "vitest";
import { csv } from "../../../src/report/formats/csv.ts";
import type { ReportSource } from "../../../src/report/formats/format.ts";
import { tap } from "../../../src/report/formats/tap.ts";
import { hostileSource, judged, nasty, nastyText, scenes, sourceOf } from "./scenes.ts";

const names = Object.keys(scenes);
const scene = (name: string): ReportSource => {
  const found = scenes[name];
  if (found === undefined) throw new Error(name);
  return found;
};
const sampled = (count: number): readonly ReportSource[] => fc.sample(hostileSource, count);

const hasProve = spawnSync("prove", ["--version"]).status === 0;
const withoutProve = hasProve ? "" : " (skipped: prove is not installed)";

describe("TAP", () => {
  interface Results {
    readonly ok: boolean;
    readonly count: number;
    readonly fail: number;
    readonly todo: number;
    readonly failures: readonly { readonly diag?: { readonly message?: string } }[];
  }
  const parse = async (text: string): Promise<Results & { readonly strange: readonly string[] }> => {
    const strange: string[] = [];
    const results = await new Promise<Results>(done => {
      const parser = new Parser({ strict: true }, (all: Results) => done(all));
      parser.on("extra", (line: string) => strange.push(line));
      parser.end(text);
    });
    return { ...results, strange };
  };

  it("fails where the verdict fails, and has nothing that a strict reader cannot place", async () => {
    for (const source of [...names.filter(each => each !== "empty").map(scene), ...sampled(150)]) {
      const { result } = source;
      if (result.findings.length + result.units.length === 0) continue;
      const { ok, count, strange, fail, todo } = await parse(tap(source));
      expect(strange).toEqual([]);
      expect(ok).toBe(result.verdict === "passed");
      expect(fail - todo).toBeLessThanOrEqual(result.summary.failing);
      const spoken = new Set(result.findings.map(each => each.unit));
      const silent = result.units.filter(each => !spoken.has(each.name));
      expect(count).toBe(result.findings.length + silent.length);
    }
  });

  it("says of a failure what and where, as YAML", async () => {
    const { failures } = await parse(tap(scene("failing")));
    expect(failures.map(each => each.diag)).toContainEqual({
      message: "There is no PrivatTmp= in [Service], so systemd ignores the line. Is PrivateTmp= meant?",
      severity: "error",
      at: { file: "etc/systemd/system/oven.service", line: 5, column: 1 },
    });
  });

  it.skipIf(!hasProve)(`is read by Perl's prove as version 13${withoutProve}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "tightunit-tap-"));
    try {
      for (const [name, status] of [
        ["waived", 0],
        ["baseline", 0],
        ["failing", 1],
      ] as const) {
        const file = join(folder, `${name}.tap`);
        writeFileSync(file, tap(scene(name)).replace("version 14", "version 13"));
        const { stdout, status: code } = spawnSync(
          "prove",
          ["--source", "RawTAP", "--source", "File", "--file-option", "extensions=.tap", file],
          { encoding: "utf8" },
        );
        expect(stdout).not.toContain("Parse errors");
        expect(code, stdout).toBe(status);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("takes a verdict about nothing for a skipped plan", async () => {
    expect(await parse(tap(scene("empty")))).toMatchObject({ ok: true, count: 0 });
  });
});

describe("CSV", () => {
  const read = (text: string): readonly Record<string, string>[] =>
    parseCsv(text, { columns: true, record_delimiter: "\r\n", relax_column_count: false });

  it("comes back as it went, a record for each finding", () => {
    for (const source of [...names.map(scene), ...sampled(200)]) {
      const rows = read(csv(source));
      expect(rows).toHaveLength(source.result.findings.length);
      for (const row of rows) expect(["yes", "no"]).toContain(row.failing);
    }
  });

  it("holds nothing that a spreadsheet computes", () => {
    const first = /^[\s'"]*/;
    const values = [...nasty, ...fc.sample(nastyText, 300)];
    for (const value of values) {
      const finding = { ...base, unit: value, rule: value, subject: value };
      const [row] = read(csv(sourceOf(judged([finding], []))));
      for (const cell of Object.values(row ?? {})) {
        if (/^-?\d+(\.\d+)?$/.test(cell)) continue;
        const start = cell.replace(/^'/, "\0");
        expect(start.startsWith("\0") || !/^[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(start.trimStart())).toBe(
          true,
        );
        expect(first.test(cell)).toBe(true);
      }
    }
  });

  const base = {
    severity: "error" as const,
    status: "new" as const,
    isFailing: true,
    message: { code: "audit-said", args: { text: "=1+1" } },
  };
});
