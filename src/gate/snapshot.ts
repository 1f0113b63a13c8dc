// What a comparison needs to know of a unit: its score, its checks with the lines that decided them, its findings.
import { gateRuleOf } from "../rules/gate-rules.ts";
import type { AuditRecord } from "../rules/read-audit.ts";
import type { AuditedUnit, AuditStatus } from "../score/audited-unit.ts";
import type { Position } from "../unit/tree.ts";
import { type Finding, orderFindings } from "./finding.ts";
import { gateName } from "./unit-findings.ts";

/** A line of a unit; the text is not known of earlier audits. */
export interface DecidingLine {
  readonly position: Position;
  readonly text?: string;
}

export interface CheckSnapshot {
  readonly id: string;
  readonly directive: string;
  /** 0…range; `null` where it does not apply. */
  readonly badness: number | null;
  readonly range: number;
  /** What it adds to the exposure, in tenths. */
  readonly exposure: number | null;
  /** The last line that the value comes from; absent where it is the default. */
  readonly line?: DecidingLine;
}

export interface UnitSnapshot {
  readonly name: string;
  readonly status: AuditStatus;
  readonly exposure: number | null;
  readonly level: string | null;
  readonly checks: readonly CheckSnapshot[];
  /** Sorted, without those about the exposure itself. */
  readonly findings: readonly Finding[];
  /** Of an earlier audit, whose findings have no subjects. */
  readonly isRecord: boolean;
}

/** @param shown how a file is named: relative to the working folder, inside a repository … */
export function snapshotOf(
  audited: AuditedUnit,
  findings: readonly Finding[],
  shown: (file: string) => string = file => file,
): UnitSnapshot {
  const { assessment, settings, status } = audited;
  return {
    name: gateName(audited),
    status,
    exposure: assessment?.exposure ?? null,
    level: assessment?.level ?? null,
    isRecord: false,
    findings: orderFindings(findings.filter(each => each.rule !== "exposure")).map(each => {
      const { position } = each;
      return position === undefined
        ? each
        : { ...each, position: { ...position, file: shown(position.file) } };
    }),
    checks: (assessment?.checks ?? []).map(({ id, directive, badness, range, exposure }) => {
      const origin = settings?.values.get(directive)?.origins.at(-1);
      const base = { id, directive, badness, range, exposure };
      if (origin === undefined) return base;
      const position = { ...origin.position, file: shown(origin.position.file) };
      return { ...base, line: { position, text: `${origin.key}=${origin.value}` } };
    }),
  };
}

export function snapshotOfRecord(record: AuditRecord): UnitSnapshot {
  const { status, exposure, level, checks, findings = [] } = record;
  const isTemplate = /@\.[a-z]+$/.test(record.requested ?? "");
  const name = isTemplate ? (record.requested ?? record.name) : record.name;
  return {
    name,
    status,
    exposure,
    level,
    isRecord: true,
    checks: checks.map(({ id, badness, range, exposure: adds, origin }) => {
      const base = { id, directive: "", badness, range, exposure: adds };
      return origin === undefined ? base : { ...base, line: { position: { ...origin, column: 1 } } };
    }),
    findings: orderFindings(
      findings.map(({ code, severity, message, file, line, column }, index) => ({
        unit: name,
        // The first of a unit without a score says why it has none.
        rule: status !== "scored" && index === 0 ? "unscored" : (gateRuleOf(code)?.rule ?? code),
        subject: "",
        severity,
        // The sentence is all that is left of the arguments.
        message: { code: "audit-said", args: { text: message } },
        ...(file === undefined ? {} : { position: { file, line: line ?? 1, column: column ?? 1 } }),
      })),
    ),
  };
}
