// What was given up may have failed only beside something else that was given up after it: then it can be had after all.
import { optionsWithout } from "./atoms.ts";
import type { Concession, Found, Search } from "./find-working.ts";
import { isStricter } from "./is-stricter.ts";

/** So many restarts may it cost. */
const MOST_TRIALS = 5;

/**
 * Asks once more for what a search gave up, one by one and what weighs most first. What a line proves or a trace shows stays given
 * up, and so does the last thing: with everything before it given up, the unit failed.
 * @returns what works in the end, at least as strict as what was found
 */
export async function winBack(found: Found, search: Search): Promise<Found> {
  const { propose, wanted, trial, onWonBack } = search;
  const without = (concessions: readonly Concession[]) =>
    propose(
      optionsWithout(
        [],
        wanted,
        concessions.map(each => each.givenUp),
      ),
    );
  let best = found;
  const lost = found.concessions
    .slice(0, -1)
    .filter(({ how }) => how === "found")
    .map(concession => ({
      concession,
      proposal: without(found.concessions.filter(each => each !== concession)),
    }))
    .filter(({ proposal }) => isStricter(proposal, found.proposal))
    .sort((a, b) => Number(isStricter(b.proposal, a.proposal)) - Number(isStricter(a.proposal, b.proposal)));
  for (const { concession } of lost.slice(0, MOST_TRIALS)) {
    const concessions = best.concessions.filter(each => each !== concession);
    const proposal = without(concessions);
    if ((await trial(proposal.dropIn)).kind === "broken") continue;
    onWonBack?.(concession);
    best = { ...best, proposal, concessions };
  }
  return best;
}
