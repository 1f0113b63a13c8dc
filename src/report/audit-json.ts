// The JSON of `audit`, published as rules/schema/audit.schema.json. Fields are only ever added.
import { differenceOf } from "../score/assess.ts";
import type { CheckResult } from "../score/assessment.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import type { Diagnostic } from "../unit/tree.ts";
import type { Speak } from "./messages.ts";

export interface CheckJson {
  readonly id: string;
  readonly badness: number | null;
  readonly range: number;
  readonly weight: number;
  readonly exposure: number | null;
  readonly set: boolean | null;
  readonly origin?: { readonly file: string; readonly line: number };
}

export interface FindingJson {
  readonly code: string;
  readonly severity: Diagnostic["severity"];
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

export interface UnitJson {
  readonly host?: string;
  readonly name: string;
  readonly requested?: string;
  readonly path: string | null;
  readonly status: AuditedUnit["status"];
  readonly message?: string;
  readonly exposure: number | null;
  readonly level: string | null;
  readonly checks: readonly CheckJson[];
  readonly findings: readonly FindingJson[];
}

/** One audited unit as the published JSON has it. */
export function unitJson(audited: AuditedUnit, speak: Speak): UnitJson {
  return {
    ...unitHead(audited, speak),
    checks: (audited.assessment?.checks ?? []).map(check => checkJson(check, audited)),
    findings: findingsJson(audited, speak),
  };
}

/**
 * `unitJson` as text, the same to the byte. Most checks of most units stand as they do for a unit that says nothing, and
 * `assess` gives these as one table: their text is made once.
 */
export function unitLine(audited: AuditedUnit, speak: Speak): string {
  const head = JSON.stringify(unitHead(audited, speak)).slice(0, -1);
  return `${head},"checks":[${checkLines(audited)}],"findings":${JSON.stringify(findingsJson(audited, speak))}}`;
}

/**
 * A unit's line as the line of a host. The host comes first, so that lines of hosts that agree differ in nothing but
 * their start.
 */
export function hostLine(host: string, line: string): string {
  return `{"host":${JSON.stringify(host)},${line.slice(1)}`;
}

/** By tables that are the same objects for many units; there are only a few for each type. */
const usualLines = new WeakMap<readonly CheckResult[], readonly string[]>();

function checkLines(audited: AuditedUnit): string {
  const { assessment, settings } = audited;
  if (assessment === undefined) return "";
  const lineOf = (check: CheckResult): string => JSON.stringify(checkJson(check, audited));
  const { checks } = assessment;
  const difference = differenceOf(assessment);
  // What only a build knows is not among what was judged.
  if (difference === undefined || settings?.unknown !== undefined) return checks.map(lineOf).join(",");
  const { usual, judged } = difference;
  const known = usualLines.get(usual) ?? usual.map(check => JSON.stringify(checkJson(check)));
  usualLines.set(usual, known);
  const lines = known.slice();
  for (const place of judged) {
    const check = checks[place];
    if (check !== undefined) lines[place] = lineOf(check);
  }
  return lines.join(",");
}

function unitHead(audited: AuditedUnit, speak: Speak): Omit<UnitJson, "checks" | "findings"> {
  const { unit, assessment, reason } = audited;
  return {
    name: unit.name,
    ...(unit.requested === unit.name ? {} : { requested: unit.requested }),
    path: unit.path ?? null,
    status: audited.status,
    ...(reason === undefined ? {} : { message: speak(reason) }),
    exposure: assessment?.exposure ?? null,
    level: assessment?.level ?? null,
  };
}

function findingsJson({ reason, findings }: AuditedUnit, speak: Speak): readonly FindingJson[] {
  const all = reason === undefined ? findings : [reason, ...findings];
  return all.map(each => findingJson(each, speak));
}

/** @param audited the unit; none for one that says nothing. */
function checkJson(check: CheckResult, audited?: AuditedUnit): CheckJson {
  const origin = audited?.settings?.touched.get(check.directive)?.origins.at(-1);
  const isUnknown = audited?.settings?.unknown?.has(check.directive) === true;
  return {
    id: check.id,
    badness: check.badness,
    range: check.range,
    weight: check.weight,
    exposure: check.exposure,
    set: check.badness === null || isUnknown ? null : check.badness === 0,
    ...(origin === undefined ? {} : { origin: { file: origin.position.file, line: origin.position.line } }),
  };
}

function findingJson(diagnostic: Diagnostic, speak: Speak): FindingJson {
  const { code, severity, position } = diagnostic;
  const base = { code, severity, message: speak(diagnostic) };
  return position === undefined
    ? base
    : { ...base, file: position.file, line: position.line, column: position.column };
}

export interface AuditHead {
  /** "tightunit 0.1.0". */
  readonly tool: string;
  /** The systemd that the units were read for. */
  readonly systemd: string;
  /** The exact profile used in its place, where that is another. */
  readonly profile: string;
  readonly arch: string;
  readonly scope: string;
  /** The machine, where it was named. */
  readonly host?: string;
}

/** The document around the units, in two halves so that units can be written one by one. */
export function auditJsonFrame(head: AuditHead): { readonly opening: string; readonly closing: string } {
  const fields = JSON.stringify(head);
  return { opening: `${fields.slice(0, -1)},"units":[`, closing: "\n]}\n" };
}
