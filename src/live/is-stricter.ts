import type { Proposal } from "../harden/proposal.ts";

/** Tenths are too coarse for single values: what the checks say one by one is added up. */
export function isStricter(one: Proposal, other: Proposal): boolean {
  return sum(one) < sum(other);
}

function sum({ after }: Proposal): number {
  return after.checks.reduce((total, { exposure }) => total + (exposure ?? 0), 0);
}
