// CycloneDX 1.6 (ECMA-424) attestations, for auditors: what is required, what each unit is claimed to be, what speaks
// against a claim with its line, and what was accepted by whom until when. https://cyclonedx.org/capabilities/attestations/
import { createHash } from "node:crypto";
import type { GateUnit, JudgedFinding } from "../../gate/finding.ts";
import { loadGateRules } from "../../rules/gate-rules.ts";
import { visible } from "../escape-terminal.ts";
import { tenths } from "../paint.ts";
import { fingerprint } from "./fingerprint.ts";
import { type ReportSource, sentenceOf } from "./format.ts";
import { jsonText } from "./json-text.ts";
import { placeOfFinding, shownFile } from "./place.ts";

const ASSESSOR = "assessor";

export function cyclonedx(source: ReportSource): string {
  const { head, result, date, rules } = source;
  const [name = "tightunit", version = ""] = head.tool.split(" ");
  const units = result.units.map((unit, index) => ({ unit, ref: `unit-${index + 1}` }));
  const findings = result.findings.filter(each => each.status !== "notice");
  const required = requirements(findings, result.units);
  const claims = [
    ...units.map(({ unit, ref }) => claimOf(unit, ref)),
    ...counterClaims(findings, units, source),
  ];
  const body = {
    version: 1,
    metadata: {
      timestamp: `${date}T00:00:00Z`,
      tools: { components: [{ type: "application", name, version }] },
      component: {
        type: "platform",
        "bom-ref": "subject",
        name: "systemd",
        version: head.systemd,
        description: `The ${head.scope} units that were looked at, read for systemd ${head.systemd} on ${head.arch}.`,
      },
      properties: properties({ verdict: result.verdict, "fail-on": result.failOn }),
    },
    definitions: {
      standards: [
        {
          "bom-ref": "policy",
          name: "tightunit gate",
          version,
          requirements: required.map(id => {
            const { title, explanation, links } = rules(id);
            return {
              "bom-ref": requirementRef(id),
              identifier: visible(id),
              text: title,
              descriptions: [explanation],
              ...(links.length === 0
                ? {}
                : { externalReferences: links.map(url => ({ type: "documentation", url })) }),
            };
          }),
        },
      ],
    },
    declarations: {
      assessors: [{ "bom-ref": ASSESSOR, thirdParty: false, organization: { name: `${name} ${version}` } }],
      attestations: [
        {
          summary: `${result.verdict}: ${result.summary.failing} findings in ${result.summary.unitsFailed} of ${result.summary.units} units`,
          assessor: ASSESSOR,
          map: required.map(id => mapOf(id, findings, units)),
        },
      ],
      claims,
      evidence: findings.flatMap(each => evidenceOf(each, source)),
      targets: { components: units.map(({ unit, ref }) => componentOf(unit, ref, source)) },
    },
  };
  const document = { bomFormat: "CycloneDX", specVersion: "1.6", serialNumber: serialNumber(body), ...body };
  return `${jsonText({ $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json", ...document }, 1)}\n`;
}

interface UnitRef {
  readonly unit: GateUnit;
  readonly ref: string;
}

/** What was surely asked of every unit, and every rule that found something. */
function requirements(findings: readonly JudgedFinding[], units: readonly GateUnit[]): readonly string[] {
  const always = loadGateRules().filter(each => each.codes !== undefined || each.rule === "unscored");
  const hasBar = units.some(unit => unit.maxExposure !== null);
  const ids = [
    ...always.map(each => each.rule),
    ...(hasBar ? ["exposure"] : []),
    ...findings.map(each => each.rule),
  ];
  return [...new Set(ids)].sort();
}

function requirementRef(rule: string): string {
  return `requirement-${visible(rule)}`;
}

/** That a unit is as its policy wants it; findings speak against it. */
function claimOf({ name, exposure, maxExposure, hasPassed }: GateUnit, ref: string): object {
  const figure = exposure === null ? "has no score" : `has an exposure of ${tenths(exposure)}`;
  const bar = maxExposure === null ? "" : `, where ${tenths(maxExposure)} is allowed`;
  return {
    "bom-ref": `claim-${ref}`,
    target: ref,
    predicate: `${visible(name)} ${figure}${bar}`,
    reasoning: hasPassed ? "Nothing of it fails." : "Something of it fails; see the counter claims.",
  };
}

function counterClaims(
  findings: readonly JudgedFinding[],
  units: readonly UnitRef[],
  source: ReportSource,
): readonly object[] {
  const refs = new Map(units.map(({ unit, ref }) => [unit.name, ref]));
  return findings.map(finding => {
    const { unit, status, waiver } = finding;
    const print = fingerprint(finding);
    return {
      "bom-ref": `finding-${print}`,
      target: refs.get(unit) ?? "subject",
      predicate: sentenceOf(finding, source),
      reasoning: REASONS[status],
      evidence: [`line-${print}`],
      ...(waiver === undefined ? {} : { mitigationStrategies: [`waiver-${print}`] }),
    };
  });
}

const REASONS: Readonly<Record<JudgedFinding["status"], string>> = {
  new: "Neither the baseline nor a waiver accepts it.",
  worse: "It is worse than what the baseline accepts.",
  baseline: "The baseline accepts it as it is.",
  waived: "A waiver accepts it until its last day.",
  notice: "",
};

function mapOf(rule: string, findings: readonly JudgedFinding[], units: readonly UnitRef[]): object {
  const against = findings.filter(each => each.rule === rule);
  const concerned = new Set(against.map(each => each.unit));
  const open = new Set(against.filter(each => each.isFailing).map(each => each.unit));
  const clean = units.filter(({ unit }) => !concerned.has(unit.name));
  const met = units.filter(({ unit }) => !open.has(unit.name)).length;
  const all = Math.max(1, units.length);
  return {
    requirement: requirementRef(rule),
    claims: clean.map(({ ref }) => `claim-${ref}`),
    counterClaims: against.map(each => `finding-${fingerprint(each)}`),
    conformance: {
      score: Math.round((1000 * met) / all) / 1000,
      rationale: `${clean.length} of ${units.length} units meet it, ${met - clean.length} are accepted without`,
    },
    confidence: { score: 1, rationale: "Computed from the units as systemd reads them." },
  };
}

/** Where a finding stands, and the waiver that accepts it. */
function evidenceOf(finding: JudgedFinding, source: ReportSource): readonly object[] {
  const { status, waiver, accepted, measure } = finding;
  const print = fingerprint(finding);
  const { line, column, ...file } = placeOfFinding(finding, source);
  const facts = {
    rule: finding.rule,
    place: `${shownFile(file)}:${line}:${column}`,
    status,
    ...(measure === undefined ? {} : { measure: String(measure) }),
    ...(accepted === undefined ? {} : { accepted: String(accepted) }),
  };
  const lines = { "bom-ref": `line-${print}`, propertyName: "tightunit:finding", data: dataOf(facts) };
  if (waiver === undefined) return [lines];
  const { reason, until } = waiver;
  return [
    lines,
    {
      "bom-ref": `waiver-${print}`,
      propertyName: "tightunit:waiver",
      expires: `${until}T23:59:59Z`,
      data: dataOf({ reason, until }),
    },
  ];
}

function dataOf(facts: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(facts).map(([name, value]) => ({
    name,
    contents: { attachment: { contentType: "text/plain", content: visible(value) } },
  }));
}

function componentOf(unit: GateUnit, ref: string, { fileOf }: ReportSource): object {
  const { name, path, status, exposure, level, maxExposure, exposureBefore } = unit;
  return {
    type: "application",
    "bom-ref": ref,
    name: visible(name) || "unnamed",
    properties: properties({
      status,
      ...(path === null ? {} : { path: shownFile(fileOf(path)) }),
      ...(exposure === null ? {} : { exposure: tenths(exposure) }),
      ...(level === null ? {} : { level }),
      ...(maxExposure === null ? {} : { "max-exposure": tenths(maxExposure) }),
      ...(exposureBefore == null ? {} : { "exposure-before": tenths(exposureBefore) }),
    }),
  };
}

function properties(facts: Readonly<Record<string, string>>): readonly object[] {
  return Object.entries(facts).map(([name, value]) => ({ name: `tightunit:${name}`, value }));
}

/** The same document has the same number: a UUID of version 8 (RFC 9562) from what it says. */
function serialNumber(body: object): string {
  const hash = createHash("sha256").update(jsonText(body)).digest("hex");
  const variant = "89ab".charAt(Number.parseInt(hash.charAt(16), 16) % 4);
  const parts = [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`];
  return `urn:uuid:${[...parts, `${variant}${hash.slice(17, 20)}`, hash.slice(20, 32)].join("-")}`;
}
