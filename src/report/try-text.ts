// What a trial found: the score it reached, what it gave up and why, what it cost.
import type { Concession } from "../live/find-working.ts";
import type { TryResult } from "../live/try-unit.ts";
import { visible } from "./escape-terminal.ts";
import { tenths } from "./paint.ts";

const HOW: Readonly<Record<Concession["how"], string>> = {
  proven: "as it said",
  found: "found by trying",
  seen: "seen in a trace",
};

/** Comment lines and the drop-in, so that the whole can be kept as a file. */
export function tryText(result: TryResult): string {
  const { proposal, first, concessions, bets, restarts, milliseconds } = result;
  const { before, after } = proposal;
  const cost = `${restarts} ${restarts === 1 ? "restart" : "restarts"}, ${Math.round(milliseconds / 1000)} s`;
  const figures = `${tenths(before.exposure)} ${before.level} → ${tenths(after.exposure)} ${after.level}`;
  const head =
    proposal.dropIn === ""
      ? `${visible(proposal.unit)}: ${tenths(before.exposure)} ${before.level}, nothing can be added (${cost})`
      : `${visible(proposal.unit)}: ${figures}, works (${cost})`;
  const given = concessions.flatMap(({ what, directives, how, evidence }) => [
    `gave up ${visible(what)} (${visible(directives.join(", "))}), ${HOW[how]}:`,
    ...evidence.map(line => `  ${visible(line).slice(0, 300)}`),
  ]);
  const bet = bets.map(
    ({ what, directive, against }) =>
      `bet on ${visible(directive)} against ${visible(what)}, which nothing showed while it was used (${visible(against).slice(0, 200)})`,
  );
  const wished =
    concessions.length === 0 ? [] : [`without that it would have been ${tenths(first.after.exposure)}`];
  return `${[head, ...given, ...wished, ...bet].map(line => `# ${line}\n`).join("")}${proposal.dropIn}`;
}

/** The same for programs. */
export function tryJson(result: TryResult): object {
  const { proposal, first, concessions, bets, restarts, milliseconds } = result;
  return {
    unit: proposal.unit,
    works: proposal.dropIn !== "",
    before: proposal.before.exposure,
    after: proposal.after.exposure,
    wished: first.after.exposure,
    level: proposal.level,
    givenUp: concessions.map(({ what, directives, how, evidence }) => ({ what, directives, how, evidence })),
    bets: bets.map(({ what, directive, against }) => ({ what, directive, against })),
    restarts,
    milliseconds,
    dropIn: proposal.dropIn,
  };
}
