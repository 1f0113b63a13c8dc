// What holds for every format: which there are, that each ends well on anything, that none leads a reader astray.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse as parseCsv } from "csv-parse/sync";
import fc from "fast-check";
import { Parser } from "tap-parser";
import { describe, expect, it } from "vitest";
import { AUDIT_FORMATS, GATE_FORMATS } from "../../../src/cli/command-options.ts";
import { auditFormats } from "../../../src/report/formats/audit-formats.ts";
import { checkstyle } from "../../../src/report/formats/checkstyle.ts";
import { csv } from "../../../src/report/formats/csv.ts";
import { cyclonedx } from "../../../src/report/formats/cyclonedx.ts";
import type { ReportSource } from "../../../src/report/formats/format.ts";
import { formatNamed, formats } from "../../../src/report/formats/formats.ts";
import { github } from "../../../src/report/formats/github.ts";
import { gitlab } from "../../../src/report/formats/gitlab.ts";
import { junit } from "../../../src/report/formats/junit.ts";
import { ndjson } from "../../../src/report/formats/ndjson.ts";
import { tap } from "../../../src/report/formats/tap.ts";
import { listRuleFiles, rulesFolder } from "../../../src/rules/rule-files.ts";
import { hostileSource, judged, nasty, nastyText, scenes, sourceOf } from "./scenes.ts";
import {
  cyclonedxErrors,
  errorsOf,
  hasXmllint,
  publishedSchema,
  rawControl,
  withoutXmllint,
  xmlErrors,
  xpath,
} from "./validators.ts";

const names = Object.keys(scenes);
const scene = (name: string): ReportSource => {
  const found = scenes[name];
  if (found === undefined) throw new Error(name);
  return found;
};
const sampled = (count: number): readonly ReportSource[] => fc.sample(hostileSource, count);

describe("every format", () => {
  it("can be typed by its name", () => {
    expect(formats.map(each => each.name).toSorted()).toEqual([...GATE_FORMATS].toSorted());
    expect(auditFormats.map(each => each.name)).toEqual(AUDIT_FORMATS);
    expect(formatNamed("sarif")?.title).toBe("code scanning");
    expect(formatNamed("sarf")).toBeUndefined();
  });

  it.each(formats.filter(each => each.name !== "html").map(each => each.name))(
    "%s is the same for the same verdict, ends its last line, and shows every character",
    name => {
      const format = formatNamed(name);
      fc.assert(
        fc.asyncProperty(hostileSource, async source => {
          const text = (await format?.render(source)) ?? "";
          expect(await format?.render(source)).toBe(text);
          expect(text === "" || text.endsWith("\n")).toBe(true);
          expect(rawControl(text)).toBeUndefined();
        }),
        { numRuns: 100 },
      );
    },
  );
});

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
for (const name of listRuleFiles("schema").filter(each => /^(gate|compare)\.schema$/.test(each)))
  ajv.addSchema(JSON.parse(readFileSync(join(rulesFolder(), "schema", `${name}.json`), "utf8")));
const document = ajv.getSchema("gate.schema.json");
const jsonLine = ajv.compile({ $ref: "gate.schema.json#/$defs/line" });

describe("JSON", () => {
  it.each(names)("of a %s verdict follows its schema", async name => {
    if (document === undefined) throw new Error("no schema");
    const text = await formatNamed("json")?.render(scene(name));
    expect(errorsOf(document, JSON.parse(text ?? ""))).toEqual([]);
  });

  it.each(names)("of a %s verdict follows it line by line", name => {
    const lines = ndjson(scene(name)).trimEnd().split("\n");
    for (const each of lines) expect(errorsOf(jsonLine, JSON.parse(each))).toEqual([]);
    expect(lines).toHaveLength(scene(name).result.findings.length + scene(name).result.units.length + 1);
  });

  it("follows both whatever is said", async () => {
    for (const source of sampled(200)) {
      if (document === undefined) throw new Error("no schema");
      expect(errorsOf(document, JSON.parse((await formatNamed("json")?.render(source)) ?? ""))).toEqual([]);
      for (const each of ndjson(source).trimEnd().split("\n"))
        expect(errorsOf(jsonLine, JSON.parse(each))).toEqual([]);
    }
  });
});

describe.skipIf(!hasXmllint)(`XML${withoutXmllint}`, () => {
  const schema = publishedSchema("junit-jenkins.xsd");

  it("for JUnit is what Jenkins takes, in every scene and whatever is said", () => {
    const texts = [...names.map(scene), ...sampled(300)].map(junit);
    expect(xmlErrors(texts, schema)).toBe("");
  });

  it("for Checkstyle is well-formed, in every scene and whatever is said", () => {
    expect(xmlErrors([...names.map(scene), ...sampled(300)].map(checkstyle))).toBe("");
  });

  it("counts what it has, so that a dashboard's sum is right", () => {
    for (const name of names) {
      const text = junit(scene(name));
      const count = (path: string): string => xpath(text, `string(count(${path}))`);
      expect(xpath(text, "string(/testsuites/@tests)")).toBe(count("//testcase"));
      expect(xpath(text, "string(/testsuites/@failures)")).toBe(count("//failure"));
      expect(xpath(text, "string(sum(//testsuite/@skipped))")).toBe(count("//skipped"));
      expect(count("//failure")).toBe(String(scene(name).result.summary.failing));
    }
  });

  it("carries a text through markup", () => {
    const text = junit(scene("waived"));
    expect(xpath(text, "string(//testcase[@name='exposure']/skipped)")).toMatch(
      /^waived until 2027-03-31: the new oven comes in spring, <b>ask<\/b> \]\]> first\n/,
    );
  });

  it("leaves what is accepted out of Checkstyle", () => {
    expect(xpath(checkstyle(scene("failing")), "string(count(//error))")).toBe("2");
    expect(xpath(checkstyle(scene("baseline")), "string(count(//error))")).toBe("0");
    expect(xpath(checkstyle(scene("waived")), "string(count(//error))")).toBe("0");
  });
});

describe("GitLab's report", () => {
  it("has what Code Quality reads, each finding with a fingerprint of its own", () => {
    for (const source of [...names.map(scene), ...sampled(300)]) {
      const issues = JSON.parse(gitlab(source));
      expect(Array.isArray(issues)).toBe(true);
      for (const { description, check_name, fingerprint, severity, location } of issues) {
        expect(typeof description).toBe("string");
        expect(typeof check_name).toBe("string");
        expect(fingerprint).toMatch(/^[0-9a-f]{40}$/);
        expect(["info", "minor", "major", "critical", "blocker"]).toContain(severity);
        expect(location.path).toMatch(/^(?!\/|\.\/)./u);
        expect(location.lines.begin).toBeGreaterThan(0);
      }
      expect(new Set(issues.map((each: { fingerprint: string }) => each.fingerprint)).size).toBe(
        issues.length,
      );
    }
  });

  it("has what counts, the worst first", () => {
    const severities = JSON.parse(gitlab(scene("failing"))).map(
      (each: { severity: string }) => each.severity,
    );
    expect(severities).toEqual(["critical", "critical"]);
    expect(gitlab(scene("waived"))).toBe("[]\n");
    expect(gitlab(scene("baseline"))).toBe("[]\n");
    expect(gitlab(scene("clean"))).toBe("[]\n");
  });
});

describe("GitHub's commands", () => {
  it("are all there is: one a line, and nothing in them begins another", () => {
    for (const source of sampled(300)) {
      for (const each of github(source).split("\n").slice(0, -1)) {
        expect(each).toMatch(
          /^::(error|warning|notice) file=[^,:]+,line=\d+,col=\d+,title=[^,:]*::[^\r\n]*$/,
        );
        expect(each.indexOf("%") < 0 || /%(25|0D|0A|3A|2C)/.test(each)).toBe(true);
      }
    }
  });

  it("point at the line that did it", () => {
    expect(github(scene("failing")).split("\n")[1]).toBe(
      "::error file=etc/systemd/system/oven.service,line=5,col=1,title=oven.service%3A unknown-directive::There is no PrivatTmp= in [Service], so systemd ignores the line. Is PrivateTmp= meant?",
    );
    expect(github(scene("baseline"))).toBe("");
    expect(github(scene("waived"))).toBe("");
  });

  it("are ten of a kind at most, the worst of them, and the summary has the rest", () => {
    const findings = Array.from({ length: 30 }, (_, index) => ({
      unit: `bread-${index}.service`,
      rule: "exposure",
      subject: "",
      severity: "error" as const,
      status: "new" as const,
      isFailing: true,
      message: { code: "gate-exposure", args: { exposure: "9.0", max: "5.0" } },
    }));
    const units = findings.map(({ unit }, index) => ({
      name: unit,
      aliases: [],
      path: `units/${unit}`,
      status: "scored" as const,
      exposure: 60 + index,
      level: "UNSAFE",
      maxExposure: 50,
      hasPassed: false,
    }));
    const source = sourceOf(judged(findings, units));
    const lines = github(source).trimEnd().split("\n");
    expect(lines).toHaveLength(10);
    expect(lines[0]).toContain("file=units/bread-29.service,line=1");
    expect(formatNamed("github")?.beside?.render(source)).toContain("`bread-0.service`");
  });
});

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

describe("CycloneDX", () => {
  it.each(names)("of a %s verdict follows the schema", name => {
    expect(cyclonedxErrors(JSON.parse(cyclonedx(scene(name))))).toEqual([]);
  });

  it("follows it whatever is said, and every reference leads somewhere", () => {
    for (const source of [...names.map(scene), ...sampled(100)]) {
      const text = cyclonedx(source);
      expect(cyclonedxErrors(JSON.parse(text))).toEqual([]);
      const refs = [...text.matchAll(/"bom-ref": ("(?:[^"\\]|\\.)*")/g)].map(([, ref]) => ref);
      expect(new Set(refs).size).toBe(refs.length);
      const { declarations } = JSON.parse(text);
      const known = new Set(refs.map(ref => JSON.parse(ref ?? '""')));
      for (const { requirement, claims, counterClaims } of declarations.attestations[0].map)
        for (const ref of [requirement, ...claims, ...counterClaims]) expect(known).toContain(ref);
      for (const { target, evidence = [], mitigationStrategies = [] } of declarations.claims)
        for (const ref of [target, ...evidence, ...mitigationStrategies]) expect(known).toContain(ref);
    }
  });

  it("says how far each requirement is met, and what accepts the rest until when", () => {
    const { declarations } = JSON.parse(cyclonedx(scene("waived")));
    const conformance = (source: ReportSource, rule: string) =>
      JSON.parse(cyclonedx(source)).declarations.attestations[0].map.find(
        (each: { requirement: string }) => each.requirement === `requirement-${rule}`,
      ).conformance;
    expect(conformance(scene("failing"), "exposure").score).toBe(0.5);
    expect(conformance(scene("waived"), "exposure")).toEqual({
      score: 1,
      rationale: "0 of 1 units meet it, 1 are accepted without",
    });
    expect(declarations.evidence.filter((each: { expires?: string }) => each.expires)).toHaveLength(2);
  });
});
