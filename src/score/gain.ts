import type { CheckResult } from "./assessment.ts";

/** Rounds up, as every division of systemd's scoring does; both arguments are non-negative integers. */
function ceilDivide(dividend: number, divisor: number): number {
  return Math.ceil(dividend / divisor);
}

/**
 * By how many tenths the unit's exposure falls when these checks become good and all else stays: the difference of two
 * rounded figures, so single gains do not add up to the gain of all.
 */
export function gainOf(checks: readonly CheckResult[], mended: ReadonlySet<string>): number {
  let weights = 0;
  let before = 0;
  let after = 0;
  for (const check of checks) {
    if (check.badness === null) continue;
    const share = ceilDivide(check.badness * check.weight, check.range);
    weights += check.weight;
    before += share;
    if (!mended.has(check.id)) after += share;
  }
  if (weights === 0) return 0;
  return ceilDivide(before * 100, weights) - ceilDivide(after * 100, weights);
}
