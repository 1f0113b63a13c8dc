// rules/gate/ comes in: the gate's own rules and the kinds of services that a policy may speak of.
import type { Condition, FindingSeverity } from "./pack.ts";
import { readRuleFile } from "./rule-files.ts";

/** A rule of the gate's own; rules/schema/gate-rules.schema.json explains each field. */
export interface GateRule {
  readonly rule: string;
  readonly aliases?: readonly string[];
  readonly severity: FindingSeverity;
  readonly title: string;
  readonly explanation: string;
  /** What helps. */
  readonly mend: string;
  readonly codes?: readonly string[];
  /** 0.1…10. */
  readonly impact?: number;
  /** `systemd.syntax(7)`. */
  readonly man?: string;
  readonly isAboutScore?: true;
  readonly isAboutGate?: true;
}

/** What reports say of every rule; rules/schema/gate-reports.schema.json explains each field. */
export interface ReportDefaults {
  readonly impact: Readonly<Record<FindingSeverity, number>>;
  readonly tags: readonly string[];
  /** The page of this package. */
  readonly home: string;
  readonly manual: string;
  readonly anchor: string;
  /** Of all directives. */
  readonly index: string;
}

/** A line that a unit may have. */
export interface Mention {
  readonly section: string;
  readonly directives: readonly string[];
  readonly words?: readonly string[];
}

/** A kind of service; rules/schema/gate-kinds.schema.json explains each field. */
export interface UnitKind {
  readonly kind: string;
  readonly title: string;
  readonly anyOf: readonly (readonly Condition[])[];
  readonly mentions?: readonly Mention[];
}

let rules: readonly GateRule[] | undefined;
let reports: ReportDefaults | undefined;
let kinds: readonly UnitKind[] | undefined;
let byCode: ReadonlyMap<string, GateRule> | undefined;

export function loadGateRules(): readonly GateRule[] {
  rules ??= readRuleFile<{ readonly rules: readonly GateRule[] }>("gate/rules.json").rules;
  return rules;
}

export function loadReportDefaults(): ReportDefaults {
  reports ??= readRuleFile<ReportDefaults>("gate/reports.json");
  return reports;
}

export function loadUnitKinds(): readonly UnitKind[] {
  kinds ??= readRuleFile<{ readonly kinds: readonly UnitKind[] }>("gate/kinds.json").kinds;
  return kinds;
}

/** The rule that a diagnostic's code counts as; none for codes that stand for themselves. */
export function gateRuleOf(code: string): GateRule | undefined {
  byCode ??= new Map(loadGateRules().flatMap(rule => (rule.codes ?? []).map(each => [each, rule] as const)));
  return byCode.get(code);
}
