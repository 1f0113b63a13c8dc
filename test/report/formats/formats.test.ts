// What holds for every format: which there are, that each ends well on anything, that none leads a reader astray.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AUDIT_FORMATS, GATE_FORMATS } from "../../../src/cli/command-options.ts";
import { FLEET_FORMATS } from "../../../src/cli/merge-options.ts";
import { fleetFormats } from "../../../src/report/fleet-formats.ts";
import { auditFormats } from "../../../src/report/formats/audit-formats.ts";
import { checkstyle } from "../../../src/report/formats/checkstyle.ts";
import type { ReportSource } from "../../../src/report/formats/format.ts";
import { formatNamed, formats } from "../../../src/report/formats/formats.ts";
import { github } from "../../../src/report/formats/github.ts";
import { gitlab } from "../../../src/report/formats/gitlab.ts";
import { junit } from "../../../src/report/formats/junit.ts";
import { ndjson } from "../../../src/report/formats/ndjson.ts";
import { listRuleFiles, rulesFolder } from "../../../src/rules/rule-files.ts";
import { hostileSource, judged, scenes, sourceOf } from "./scenes.ts";
import {
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
    expect(fleetFormats.map(each => each.name)).toEqual(FLEET_FORMATS);
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
