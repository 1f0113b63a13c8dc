// A comparison comes in; a finding for each unit whose exposure rose goes out, at the line that did most of it.
import type { Position } from "../unit/tree.ts";
import type { UnitChange } from "./compare.ts";
import type { Finding } from "./finding.ts";
import { own } from "./own-finding.ts";
import type { Policy } from "./policy.ts";
import { chosen, tenths } from "./unit-findings.ts";

/** More checks than these are counted. */
const NAMED = 4;

/** @param anchorOf where a unit stands, for what was taken out and has no line any more. */
export function loosenedFindings(
  changes: readonly UnitChange[],
  policy: Policy,
  anchorOf: (unit: string) => Position | undefined,
): readonly Finding[] {
  return changes.flatMap(({ unit, kind, before, after, checks }): readonly Finding[] => {
    if (kind !== "worse" || before?.exposure == null || after === null) return [];
    // A unit that lost its score fails as one without a score.
    if (after.exposure === null || after.exposure <= before.exposure) return [];
    const worse = checks.filter(each => each.direction === "worse");
    const named = worse.slice(0, NAMED).map(each => each.id);
    const rest = worse.length - named.length;
    const args = {
      before: tenths(before.exposure),
      exposure: tenths(after.exposure),
      checks: `${named.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`,
    };
    const at = worse.find(each => each.line !== undefined)?.line?.position ?? anchorOf(unit);
    const finding = own("loosened", "", { code: "gate-loosened", args }, at, { name: unit }, after.exposure);
    return chosen(finding, undefined, policy);
  });
}
