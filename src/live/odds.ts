import type { Reason } from "../harden/proposal.ts";
import type { Prior } from "../rules/needs.ts";

/** How likely a denial is to be missed after all. What is known not to be needed can still be a gap in what is known. */
const ODDS: Readonly<Record<Prior, number>> = { implausible: 0.02, rare: 0.2, common: 1, universal: 2 };
const ODDS_OF_ABSENT = 0.03;

export function acceptanceOdds({ because }: Reason): number {
  return because.kind === "absent" ? ODDS_OF_ABSENT : ODDS[because.prior];
}
