import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JudgedFinding } from "../../../src/gate/finding.ts";
import type { ReportSource } from "../../../src/report/formats/format.ts";
import { sarif } from "../../../src/report/formats/sarif.ts";
import { ruleTexts } from "../../../src/report/rule-texts.ts";
import { loadBuiltInPack } from "../../../src/rules/built-in-packs.ts";
import { loadGateRules } from "../../../src/rules/gate-rules.ts";
import { hostileSource, judged, scenes, sourceOf } from "./scenes.ts";
import { rawControl, sarifErrors } from "./validators.ts";

const runOf = (source: ReportSource) => JSON.parse(sarif(source)).runs[0];
const scene = (name: string): ReportSource => {
  const found = scenes[name];
  if (found === undefined) throw new Error(name);
  return found;
};

const plainFinding: JudgedFinding = {
  unit: "bread.service",
  rule: "unknown-directive",
  subject: "PrivatTmp",
  severity: "error",
  status: "new",
  isFailing: true,
  message: { code: "unknown-key", args: { key: "PrivatTmp", section: "Service" } },
  position: { file: "units/bread.service", line: 3, column: 1 },
};

const nothing = { ...plainFinding, unit: "", rule: "", message: { code: "audit-said", args: { text: "" } } };

describe("SARIF", () => {
  it.each(Object.keys(scenes))("of a %s verdict follows the schema", name => {
    expect(sarifErrors(JSON.parse(sarif(scene(name))))).toEqual([]);
  });

  it("follows the schema whatever units, rules and values are called, and shows every character", () => {
    fc.assert(
      fc.property(hostileSource, source => {
        const text = sarif(source);
        expect(sarifErrors(JSON.parse(text))).toEqual([]);
        expect(rawControl(text)).toBeUndefined();
      }),
      { numRuns: 150 },
    );
  });

  it("has no empty texts, which code scanning refuses", () => {
    const { tool, results } = runOf(sourceOf(judged([nothing], [])));
    expect(tool.driver.rules[0].shortDescription.text).not.toBe("");
    expect(results[0].message.text).not.toBe("");
  });

  it("has no results of a clean verdict", () => {
    expect(runOf(scene("clean")).results).toEqual([]);
  });

  it("says the line and column below the source tree or below the root", () => {
    const place = (result: { locations: { physicalLocation: object }[] }) =>
      result.locations[0]?.physicalLocation;
    const [first] = runOf(scene("failing")).results;
    expect(place(first)).toEqual({
      artifactLocation: { uri: "etc/systemd/system/oven.service", uriBaseId: "UNITROOT" },
      region: { startLine: 3, startColumn: 1 },
    });
    const near = sourceOf(scene("failing").result, {
      fileOf: file => ({ base: "source", path: file.slice(1) }),
    });
    expect(place(runOf(near).results[0])).toMatchObject({ artifactLocation: { uriBaseId: "%SRCROOT%" } });
  });

  it("knows a finding again after its line, file and sentence changed, and tells all of them apart", () => {
    const prints = (source: ReportSource): readonly string[] =>
      runOf(source).results.map((each: { partialFingerprints: Record<string, string> }) =>
        Object.values(each.partialFingerprints).join(),
      );
    const { result } = scene("failing");
    const moved = result.findings.map(each => ({
      ...each,
      position: { file: "/elsewhere", line: 99, column: 7 },
      message: { code: "audit-said", args: { text: "Other words." } },
    }));
    expect(prints(sourceOf({ ...result, findings: moved })).toSorted()).toEqual(
      prints(scene("failing")).toSorted(),
    );
    fc.assert(
      fc.property(hostileSource, source => {
        const all = prints(source);
        expect(new Set(all).size).toBe(all.length);
      }),
    );
  });

  it("keeps what is waived, suppressed with its reason and last day", () => {
    const results = runOf(scene("waived")).results.filter(
      (each: { suppressions: readonly object[] }) => each.suppressions.length > 0,
    );
    expect(results).toHaveLength(2);
    expect(results[0].suppressions[0]).toMatchObject({
      kind: "external",
      status: "accepted",
      justification: expect.stringContaining("the new oven comes in spring"),
      location: {
        physicalLocation: { artifactLocation: { uri: "tightunit.waivers" }, region: { startLine: 1 } },
      },
    });
    expect(results[0].suppressions[0].justification).toMatch(/ \(until 2027-03-31\)$/);
  });

  it("says of each result whether the baseline has it", () => {
    const states = (name: string) =>
      new Set(runOf(scene(name)).results.map((each: { baselineState: string }) => each.baselineState));
    expect(states("failing")).toEqual(new Set(["new"]));
    expect(states("baseline")).toEqual(new Set(["unchanged"]));
  });

  it("gives each rule a severity, tags, help and a page to read, also those about the gate's own files", () => {
    const packs = [loadBuiltInPack("systemd-security"), loadBuiltInPack("traps")];
    const ids = [
      ...packs.flatMap(({ checks = [], rules = [] }) => [
        ...checks.map(each => each.id),
        ...rules.map(each => each.rule),
      ]),
      ...loadGateRules().map(each => each.rule),
      "placeholder-value",
    ];
    const findings = ids.map(rule => ({ ...plainFinding, rule }));
    const { driver } = runOf(sourceOf(judged(findings, []))).tool;
    expect(driver.informationUri).toMatch(/^https:/);
    expect(driver.rules.map((each: { id: string }) => each.id)).toEqual([...new Set(ids)].toSorted());
    for (const rule of driver.rules) {
      expect(Number(rule.properties["security-severity"])).toBeGreaterThan(0);
      expect(rule.properties.tags).toContain("security");
      expect(rule.help.markdown).toContain("tightunit explain");
      if (rule.id !== "placeholder-value") expect(rule.help.text).toContain("What helps: ");
      expect(rule.helpUri).toMatch(/^https:/);
    }
  });

  it("leads to a team's own pages where it keeps some, whatever a rule is called", () => {
    const docsUrl = "https://wiki.example.org/units/{rule}.md";
    const packs = [loadBuiltInPack("systemd-security"), loadBuiltInPack("traps")];
    const { driver } = runOf({ ...scene("failing"), docsUrl, rules: ruleTexts(packs, docsUrl) }).tool;
    expect(driver.informationUri).toBe("https://wiki.example.org/units/");
    expect(driver.rules[0]).toMatchObject({
      helpUri: "https://wiki.example.org/units/exposure.md",
      help: { markdown: expect.stringContaining("<https://wiki.example.org/units/exposure.md>") },
    });
    fc.assert(
      fc.property(hostileSource, source => {
        const document = JSON.parse(sarif({ ...source, docsUrl, rules: ruleTexts(packs, docsUrl) }));
        expect(sarifErrors(document)).toEqual([]);
        for (const { helpUri } of document.runs[0].tool.driver.rules)
          expect(new URL(helpUri).href).toMatch(/^https:\/\/wiki\.example\.org\/units\/[^/]*\.md$/);
      }),
      { numRuns: 50 },
    );
  });

  it("offers the drop-in as a fix of the whole file, once for each unit", () => {
    const fixes = runOf(scene("failing")).results.flatMap((each: { fixes?: object[] }) => each.fixes ?? []);
    expect(fixes).toHaveLength(1);
    expect(fixes[0].artifactChanges).toEqual([
      {
        artifactLocation: {
          uri: "etc/systemd/system/oven.service.d/50-tightunit.conf",
          uriBaseId: "UNITROOT",
        },
        replacements: [
          {
            deletedRegion: { startLine: 1, startColumn: 1, endLine: 3, endColumn: 1 },
            insertedContent: { text: "[Service]\n# ours\nPrivateTmp=yes\n" },
          },
        ],
      },
    ]);
  });

  it("keeps within what code scanning takes, and says what it left out", () => {
    const findings = Array.from(
      { length: 26_000 },
      (_, index): JudgedFinding => ({
        ...plainFinding,
        unit: `bread-${index}.service`,
        position: { file: `units/bread-${index}.service`, line: 3, column: 1 },
      }),
    );
    const text = sarif(sourceOf(judged(findings, [])));
    const run = JSON.parse(text).runs[0];
    expect(run.results).toHaveLength(25_000);
    expect(run.invocations[0].toolExecutionNotifications[0].message.text).toBe("and 1000 more");
    expect(gzipSync(text).length).toBeLessThan(10 * 1024 * 1024);
  });
});

const multitool = process.env.SARIF_MULTITOOL ?? "Sarif.Multitool";
const invariant = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };
const hasMultitool = spawnSync(multitool, ["--version"], { env: invariant }).error === undefined;
const withoutMultitool = hasMultitool ? "" : " (skipped: SARIF_MULTITOOL names no Sarif.Multitool)";

/** What Microsoft's validator has against documents, by the rules of the standard and of GitHub; throws where it did not judge. */
function multitoolErrors(documents: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "tightunit-sarif-"));
  try {
    const files = documents.map((text, index) => {
      const file = join(folder, `${index}.sarif`);
      writeFileSync(file, text);
      return file;
    });
    const args = ["validate", ...files, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning"];
    const { stdout } = spawnSync(multitool, args, { encoding: "utf8", env: invariant });
    const said = stdout.split("\n").filter(each => / (?:error|warning) [A-Z]+\d+/.test(each));
    if (!stdout.includes(`${files.length} files scanned`)) throw new Error(stdout);
    return said;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe.skipIf(!hasMultitool)(`SARIF before Microsoft's validator${withoutMultitool}`, () => {
  it.each(Object.keys(scenes))("has no errors and no warnings in a %s verdict", name => {
    expect(multitoolErrors([sarif(scene(name))])).toEqual([]);
  });

  it("has none whatever is said", () => {
    const documents = [...fc.sample(hostileSource, 60), sourceOf(judged([nothing], []))].map(sarif);
    expect(multitoolErrors(documents)).toEqual([]);
  }, 60_000);

  it("is taken at its word: what is wrong is found", () => {
    const broken = sarif(scene("failing")).replace('"ruleIndex": 0', '"ruleIndex": 77');
    expect(multitoolErrors([broken])).not.toEqual([]);
  });
});
