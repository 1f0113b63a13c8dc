// Settings and a pack come in, the table and the exposure come out, in systemd's integer arithmetic: every
// division rounds up, checks that do not apply add to neither sum (analyze-security.c, the same from 252 to 262).
import type { Check, Pack } from "../rules/pack.ts";
import { PolicyError, type SecurityPolicy } from "../rules/policy.ts";
import { lookUp, type Settings, type Target } from "../settings/settings.ts";
import type { AssessFacts } from "./assess-facts.ts";
import type { Assessment, Difference } from "./assessment.ts";
import { type Groundwork, groundworkOf, sumOf } from "./groundwork.ts";
import { isForTarget, type Judged, judgeCheck, rangeError } from "./judge-check.ts";
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
  const changed = judgeTouched(settings, ground, facts);
  const judged = [...changed.keys()];
  const before = sumOf(judged.flatMap(index => ground.rows[index] ?? []));
  const after = sumOf(changed.values());
  if (ground.sums.isOver || after.isOver) {
    const over = ground.rows
      .map((row, index) => changed.get(index) ?? row)
      .find(({ badness, range }) => badness !== null && badness > range);
    if (over !== undefined) throw rangeError(over, policy);
  }
  const badness = ground.sums.badness - before.badness + after.badness;
  const weights = ground.sums.weights - before.weights + after.weights;
  if (weights === 0 && policy !== undefined) {
    throw new PolicyError({
      code: "policy-no-weight",
      severity: "error",
      position: { file: policy.file, line: 1, column: 1 },
      args: { unit: settings.unit },
    });
  }
  const exposure = weights === 0 ? 0 : Math.ceil((badness * 100) / weights);
  const usual = ground.resultsFor(weights);
  const checks = usual.slice();
  for (const [index, row] of changed) checks[index] = ground.resultOf(index, row, weights);
  const assessment: Assessment = { pack: pack.pack, exposure, level: levelOf(exposure), checks };
  differences.set(assessment, { usual, judged });
  return assessment;
}

/** Beside the assessments and not in them: they are what people get. */
const differences = new WeakMap<Assessment, Difference>();

/** `undefined` for an assessment that was made elsewhere. */
export function differenceOf(assessment: Assessment): Difference | undefined {
  return differences.get(assessment);
}

/** The checks that look at anything that the unit touches, judged for the unit, by their index in the pack. */
function judgeTouched(
  settings: Settings,
  { rows, readers, policy }: Groundwork,
  facts: AssessFacts,
): ReadonlyMap<number, Judged> {
  const changed = new Map<number, Judged>();
  const subject = { target: settings.target, values: lookUp(settings) };
  for (const directive of settings.touched.keys()) {
    for (const index of readers.get(directive) ?? []) {
      const check = changed.has(index) ? undefined : rows[index]?.check;
      if (check !== undefined) changed.set(index, judgeCheck(check, subject, facts, policy));
    }
  }
  return changed;
}
