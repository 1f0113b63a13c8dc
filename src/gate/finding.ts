// What the gate speaks in: one finding per thing that is wrong with a unit, whatever found it, and the result around them.
import type { AuditStatus } from "../score/audited-unit.ts";
import type { Diagnostic, Position } from "../unit/tree.ts";

export type Severity = Diagnostic["severity"];

/** One thing that is wrong, before baseline and waivers have their say. */
export interface Finding {
  /** The unit's name; a template's without an instance. */
  readonly unit: string;
  /**
   * A stable id: one of the gate's own rules (`exposure`, `unknown-directive` …, rules/gate/rules.json), a check of a
   * pack (`ProtectSystem`), or a pack's rule (`filter-typo`).
   */
  readonly rule: string;
  /**
   * What in the unit is meant, without its place: a directive, a word; "" where it is the unit as a whole. The second
   * of its kind in a unit ends in `#2`, so that unit, rule and subject together are unique and survive moved lines.
   */
  readonly subject: string;
  readonly severity: Severity;
  /** Rendered like a `Diagnostic`'s: `speak({ ...finding.message, severity: finding.severity })`. */
  readonly message: { readonly code: string; readonly args: Readonly<Record<string, string>> };
  /**
   * The line that did it; for what is missing, the section header where it would go. `file` is as the audit has it:
   * absolute for files of this machine, inside the tree for roots, packages and revisions.
   */
  readonly position?: Position;
  /** How bad it is, in whole numbers of the rule's own unit (tenths of exposure, badness); more is worse. */
  readonly measure?: number;
}

/**
 * `new`: in neither baseline nor waivers; `worse`: in the baseline with a lower measure; `baseline`: known and accepted
 * as it is; `waived`: accepted with a reason until a date; `notice`: about the gate's own files (an unused waiver, a stale
 * line of the baseline), never fails.
 */
export type FindingStatus = "new" | "worse" | "baseline" | "waived" | "notice";

/** Why a finding is accepted, and until when. */
export interface WaiverNote {
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly until: string;
  /** Where the waiver stands: the waivers file, or the comment in the unit. */
  readonly position?: Position;
  readonly kind?: "file" | "comment";
}

/** A finding with its place in the verdict. */
export interface JudgedFinding extends Finding {
  readonly status: FindingStatus;
  /** Whether it makes the gate fail: new or worse, and at least as severe as the policy's `fail-on`. */
  readonly isFailing: boolean;
  /** Where the status is `waived`. */
  readonly waiver?: WaiverNote;
  /** Where the status is `worse`: the measure that was accepted. */
  readonly accepted?: number;
}

/** A unit as the gate saw it. */
export interface GateUnit {
  readonly name: string;
  /** Its other names. */
  readonly aliases: readonly string[];
  /** The fragment's path as the audit has it; `null` where there is none. */
  readonly path: string | null;
  readonly status: AuditStatus;
  /** Tenths, 0…100; `null` where the unit has no score. */
  readonly exposure: number | null;
  readonly level: string | null;
  /** The bar that holds for it, in tenths; `null` where the policy has none. */
  readonly maxExposure: number | null;
  /** Tenths at the revision that it is compared with; absent where there is no comparison or no such unit there. */
  readonly exposureBefore?: number | null;
  /** Where a finding about the unit as a whole stands: the header of its own section. */
  readonly place?: Position;
  /** Whether nothing of it fails. */
  readonly hasPassed: boolean;
}

export interface GateSummary {
  readonly units: number;
  readonly unitsFailed: number;
  /** Findings by status, notices included. */
  readonly byStatus: Readonly<Record<FindingStatus, number>>;
  readonly failing: number;
}

/** What `gate` comes to; every format is made of this alone. */
export interface GateResult {
  readonly verdict: "passed" | "failed";
  /** Sorted by unit, rule, subject. */
  readonly findings: readonly JudgedFinding[];
  /** Sorted by name, each once for each place that it was found in. */
  readonly units: readonly GateUnit[];
  readonly summary: GateSummary;
  /** The least severity that fails. */
  readonly failOn: Severity;
}

const RANK: Readonly<Record<Severity, number>> = { error: 2, warning: 1, note: 0 };

export function isAtLeast(severity: Severity, bar: Severity): boolean {
  return RANK[severity] >= RANK[bar];
}

/** By code unit, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** What a baseline knows a finding by. */
export function findingKey({ unit, rule, subject }: Pick<Finding, "unit" | "rule" | "subject">): string {
  return `${unit}\0${rule}\0${subject}`;
}

/** The order of every list of findings: unit, rule, subject, place. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareText(a.unit, b.unit) ||
    compareText(a.rule, b.rule) ||
    compareText(a.subject, b.subject) ||
    compareText(a.position?.file ?? "", b.position?.file ?? "") ||
    (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
    (a.position?.column ?? 0) - (b.position?.column ?? 0) ||
    (a.measure ?? 0) - (b.measure ?? 0)
  );
}

/** Sorted, and made unique: the second of the same unit, rule and subject becomes `subject#2`. */
export function orderFindings<T extends Finding>(findings: readonly T[]): readonly T[] {
  const counts = new Map<string, number>();
  const numbered = findings.toSorted(compareFindings).map(finding => {
    const key = findingKey(finding);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count === 1 ? finding : { ...finding, subject: `${finding.subject}#${count}` };
  });
  return numbered.sort(compareFindings);
}

/** The subject without its number. */
export function baseSubject(subject: string): string {
  return subject.replace(/#\d+$/, "");
}
