import type { Assessment } from "../score/assessment.ts";
import type { Candidate } from "./candidate.ts";
import { confidenceOf } from "./describe-candidate.ts";

const CONFIDENCES = ["proven", "plausible", "bet"] as const;

/**
 * The least risky candidates that bring the exposure down to `target` (tenths); all of them where that is not enough.
 * Greedy: the surest and least risky first until the target is reached, then whatever turns out to be needless goes, riskiest first.
 */
export function reachTarget(
  candidates: readonly Candidate[],
  target: number,
  assess: (candidates: readonly Candidate[]) => Assessment,
): readonly Candidate[] {
  const bySafety = [...candidates].sort((a, b) => riskOf(a) - riskOf(b));
  const count = bySafety.findIndex(
    (_, index) => assess(inOrder(bySafety.slice(0, index + 1), candidates)).exposure <= target,
  );
  if (count < 0) return assess([]).exposure <= target ? [] : candidates;
  let chosen = bySafety.slice(0, count + 1);
  for (const candidate of chosen.toReversed()) {
    const without = chosen.filter(other => other !== candidate);
    if (assess(inOrder(without, candidates)).exposure <= target) chosen = without;
  }
  return inOrder(chosen, candidates);
}

function riskOf(candidate: Candidate): number {
  return CONFIDENCES.indexOf(confidenceOf(candidate.reasons)) * 10 + candidate.risk;
}

function inOrder(some: readonly Candidate[], all: readonly Candidate[]): readonly Candidate[] {
  return all.filter(candidate => some.includes(candidate));
}
