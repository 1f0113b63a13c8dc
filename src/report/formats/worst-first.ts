import { compareFindings, type GateResult, type JudgedFinding, type Severity } from "../../gate/finding.ts";
import type { RuleTexts } from "../rule-texts.ts";

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/**
 * Findings in the order in which a reader wants them where not all are shown: what fails, by severity, by how bad the
 * rule is and how exposed the unit, then by name; what is accepted after it, notices last.
 */
export function worstFirst({ findings, units }: GateResult, rules: RuleTexts): readonly JudgedFinding[] {
  const exposures = new Map(units.map(unit => [unit.name, unit.exposure ?? -1]));
  const keyed = findings.map(finding => ({
    finding,
    keys: [
      finding.isFailing ? 0 : 1,
      isOpen(finding) ? 0 : finding.status === "notice" ? 2 : 1,
      RANK[finding.severity],
      -rules(finding.rule).impact,
      -(exposures.get(finding.unit) ?? -1),
    ],
  }));
  return keyed
    .sort((a, b) => compareKeys(a.keys, b.keys) || compareFindings(a.finding, b.finding))
    .map(each => each.finding);
}

/** Whether nothing accepts it: neither a waiver nor the baseline. */
export function isOpen({ status }: JudgedFinding): boolean {
  return status === "new" || status === "worse";
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [index, key] of a.entries()) {
    const difference = key - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
