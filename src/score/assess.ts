// Settings and a pack come in, the table and the exposure come out, in systemd's integer arithmetic: every
// division rounds up, checks that do not apply add to neither sum (analyze-security.c, the same from 252 to 262).
import type { Check, Pack } from "../rules/pack.ts";
import { PolicyError, type SecurityPolicy } from "../rules/policy.ts";
import { lookUp, type Settings, type Target } from "../settings/settings.ts";
import type { AssessFacts } from "./assess-facts.ts";
import type { Assessment } from "./assessment.ts";
import { groundworkOf, resultOf } from "./groundwork.ts";
import { isForTarget, judgeCheck, rangeError } from "./judge-check.ts";
import { levelOf } from "./level.ts";

/** The checks of the pack that the target's systemd has, in the order of the pack. */
export function checksFor(pack: Pack, target: Target): readonly Check[] {
  return (pack.checks ?? []).filter(check => isForTarget(check, target));
}

/**
 * Scores a unit by a pack.
 * @param settings of a unit that systemd would load; a refused unit has no score
 * @param facts of the target's version and architecture
 * @param policy weights and ranges to use instead of the pack's
 * @throws {PolicyError} where the policy is one on which systemd aborts: a badness above its range, or no weight left
 */
export function assess(
  settings: Settings,
  pack: Pack,
  facts: AssessFacts,
  policy?: SecurityPolicy,
): Assessment {
  const ground = groundworkOf(settings, pack, facts, policy);
  const rows = [...ground.rows];
  const subject = { target: settings.target, values: lookUp(settings) };
  for (const directive of settings.touched.keys()) {
    for (const index of ground.readers.get(directive) ?? []) {
      const row = rows[index];
      if (row !== undefined) rows[index] = judgeCheck(row.check, subject, facts, policy);
    }
  }
  let badnessSum = 0;
  let weights = 0;
  for (const row of rows) {
    const { badness, weight, range } = row;
    if (badness === null) continue;
    if (badness > range) throw rangeError(row, policy);
    badnessSum += Math.ceil((badness * weight) / range);
    weights += weight;
  }
  if (weights === 0 && policy !== undefined) {
    throw new PolicyError({
      code: "policy-no-weight",
      severity: "error",
      position: { file: policy.file, line: 1, column: 1 },
      args: { unit: settings.unit },
    });
  }
  const exposure = weights === 0 ? 0 : Math.ceil((badnessSum * 100) / weights);
  // Rows that nothing touched are the same objects for all units, so that whoever prints them can know them again.
  const checks = rows.map((row, index) => {
    const known =
      weights === ground.weights && row === ground.rows[index] ? ground.results[index] : undefined;
    return known ?? resultOf(row, weights);
  });
  return { pack: pack.pack, exposure, level: levelOf(exposure), checks };
}
