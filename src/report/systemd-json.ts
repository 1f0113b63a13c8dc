// The shape of `systemd-analyze security --json=`: an array of rows per unit, without the unit's name and figure.
import type { Assessment, CheckResult } from "../score/assessment.ts";
import type { CheckText, CheckTexts } from "./check-text.ts";
import { tenths } from "./paint.ts";

/**
 * One line with the array of a unit's rows, in systemd's order: description descending, then name. The descriptions are
 * ours or those of a policy: the rows are in the order that systemd would give to these texts, as it does with a policy.
 */
export function systemdJson(assessment: Assessment, texts: CheckTexts): string {
  const rows = assessment.checks.map(check => {
    const text = texts.get(check.id);
    return {
      set: check.badness === null ? null : check.badness === 0,
      name: text?.name ?? check.id,
      json_field: check.id,
      description: describe(check, text),
      exposure: check.exposure === null || check.badness === 0 ? null : tenths(check.exposure),
    };
  });
  rows.sort((a, b) => order(b.description ?? "", a.description ?? "") || order(a.name, b.name));
  return `${JSON.stringify(rows)}\n`;
}

function describe(check: CheckResult, text: CheckText | undefined): string | null {
  const { good, bad, notApplicable } = text?.texts ?? {};
  const said = check.badness === null ? notApplicable : check.badness === 0 ? good : bad;
  return said ?? text?.title ?? null;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
