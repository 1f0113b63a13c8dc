// What a trial found: the score it reached, what it gave up and why, what it cost.
import type { TryResult } from "../live/try-unit.ts";
import { visible } from "./escape-terminal.ts";
import { tenths } from "./paint.ts";

/** Comment lines and the drop-in, so that the whole can be kept as a file. */
export function tryText(result: TryResult): string {
  const { proposal, first, concessions, restarts, milliseconds } = result;
  const { before, after } = proposal;
  const cost = `${restarts} ${restarts === 1 ? "restart" : "restarts"}, ${Math.round(milliseconds / 1000)} s`;
  const figures = `${tenths(before.exposure)} ${before.level} → ${tenths(after.exposure)} ${after.level}`;
  const head =
    proposal.dropIn === ""
      ? `${visible(proposal.unit)}: ${tenths(before.exposure)} ${before.level}, nothing can be added (${cost})`
      : `${visible(proposal.unit)}: ${figures}, works (${cost})`;
  const given = concessions.flatMap(({ what, directives, how, evidence }) => [
    `gave up ${visible(what)} (${visible(directives.join(", "))}), ${how === "proven" ? "as it said" : "found by trying"}:`,
    ...evidence.map(line => `  ${visible(line).slice(0, 300)}`),
  ]);
  const wished =
    concessions.length === 0 ? [] : [`without that it would have been ${tenths(first.after.exposure)}`];
  return `${[head, ...given, ...wished].map(line => `# ${line}\n`).join("")}${proposal.dropIn}`;
}

/** The same for programs. */
export function tryJson(result: TryResult): object {
  const { proposal, first, concessions, restarts, milliseconds } = result;
  return {
    unit: proposal.unit,
    works: proposal.dropIn !== "",
    before: proposal.before.exposure,
    after: proposal.after.exposure,
    wished: first.after.exposure,
    level: proposal.level,
    givenUp: concessions.map(({ what, directives, how, evidence }) => ({ what, directives, how, evidence })),
    restarts,
    milliseconds,
    dropIn: proposal.dropIn,
  };
}
