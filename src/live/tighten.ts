// The search for one unit: what evidence allows, as far as it works; then bets against what evidence only infers; then proof.
import type { Proposal, ProposeOptions } from "../harden/proposal.ts";
import type { TraceContext } from "../needs/trace/trace-needs.ts";
import { loadFailures } from "../rules/failures.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { baselineOf } from "./baseline.ts";
import { note } from "./changes.ts";
import { cluesOf, provenNeeds } from "./clues.ts";
import { type Concession, type Found, findWorking, type Search, shapesOf } from "./find-working.ts";
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import type { Observation, TrialPlan } from "./observe.ts";
import { type Bet, type BetSources, betsIn, callsSeen, placeBets } from "./place-bets.ts";
import { repeatTrial, trialNote } from "./repeat-trial.ts";
import { type Sight, UNSEEN } from "./see-unit.ts";
import { winBack } from "./win-back.ts";

/** Restarts of the unit, counted. */
export interface Trials {
  readonly restarts: () => number;
  /** How long a run of the probe may take from now on. */
  readonly limitProbe: (milliseconds: number) => void;
  /** Uses the unit with this drop-in; "" is the unit as it is. */
  readonly run: (dropIn: string, how: "restart" | "clean") => Promise<Observation>;
  /** Uses the unit as it is, under strace. */
  readonly see: (traced: TraceContext) => Promise<Sight>;
}

export interface Tightened {
  readonly proposal: Proposal;
  readonly first: Proposal;
  readonly concessions: readonly Concession[];
  readonly bets: readonly Bet[];
  readonly restarts: number;
}

interface TightenRequest {
  readonly wanted: ProposeOptions;
  readonly propose: (options: ProposeOptions) => Proposal;
  readonly bets?: BetSources;
}

/** A probe under hardening gets this many times what it took without, and a little more. */
const PATIENCE = 4;
const PATIENCE_MS = 5000;

/** Strace makes a service slow, and what is slow may fail by bad luck. */
const MOST_LOOKS = 2;

/** How often the end may turn out not to hold. */
const ROUNDS = 4;

/** @throws {LiveError} where the unit does not work as it is, or not twice in the same way */
export async function tighten(
  request: TightenRequest,
  plan: TrialPlan,
  trials: Trials,
  context: LiveContext,
): Promise<Tightened> {
  const { wanted, propose } = request;
  const { unit } = plan;
  context.say(note("try-baseline", { unit }));
  const { used, isMoody } = await baselineOf(unit, () => trials.run("", "restart"), context);
  trials.limitProbe(Math.round(used.probeMs * PATIENCE + PATIENCE_MS));

  const first = propose(wanted);
  const unknown = (wanted.forced ?? []).find(
    ({ directive }) => !first.settings.some(each => each.isForced === true && each.directive === directive),
  );
  if (unknown !== undefined)
    throw new LiveError("usage", "not-stricter", { unit, value: `${unknown.directive}=${unknown.value}` });
  context.say(note("try-first", { unit, count: String(first.settings.length) }));
  const known = shapesOf(used);
  const look = lookOnce(request.bets, trials, context);
  const search: Search = {
    wanted,
    propose,
    known,
    trial: repeatTrial({
      unit,
      run: dropIn => trials.run(dropIn, "restart"),
      restarts: trials.restarts,
      isTelling: failed => isTelling(failed, known),
      isMoody,
      context,
    }),
    onConcession: concession => context.say(concessionNote(concession)),
    onWonBack: ({ what }) => context.say(note("try-wins-back", { what })),
    ...(request.bets === undefined ? {} : { callsIn: callsSeen(request.bets, look) }),
  };

  const working = await findComplete(search);
  const better =
    request.bets === undefined
      ? undefined
      : await placeBets({ search, working, sources: request.bets, look, restarts: trials.restarts, context });
  let { found, options } = better ?? { found: working, options: wanted };
  let hasBets = better !== undefined;
  let isDoubted = false;
  for (let round = 1; ; round++) {
    const { proposal, concessions } = found;
    const result = {
      proposal,
      first,
      concessions,
      bets:
        request.bets === undefined || !hasBets
          ? []
          : betsIn(proposal, working.proposal, options.doubt, request.bets.rules),
      restarts: trials.restarts(),
    };
    if (proposal.dropIn === "") return result;
    context.say(note("try-verifies", { unit }));
    const verified = await trials.run(proposal.dropIn, "clean");
    if (verified.kind === "works") return { ...result, restarts: trials.restarts() };
    // What worked a moment ago and does not now is a service or a probe that is not the same twice.
    context.say(trialNote(verified, trials.restarts()));
    if (round === ROUNDS)
      throw new LiveError("machine", "not-the-same-twice", { unit, reason: verified.reason });
    // A probe that fails now and then must not cost all bets; one that fails again has found something.
    if (hasBets && !isDoubted) {
      isDoubted = true;
      continue;
    }
    if (hasBets) context.say(note("try-without-bets"));
    found = hasBets ? working : await findComplete({ ...search, before: concessions });
    options = wanted;
    hasBets = false;
  }
}

async function findComplete(search: Search): Promise<Found> {
  const found = await findWorking(search);
  if (found === undefined) throw new Error("a search without an end to its patience ended");
  return winBack(found, search);
}

/** A line that proves what was missed needs no second failure. */
function isTelling(observation: Observation, known: ReadonlySet<string>): boolean {
  return observation.kind === "broken" && provenNeeds(cluesOf(observation, loadFailures(), known)).length > 0;
}

/** A look under strace costs a restart: it is taken when it is first asked for, once more where it failed, and remembered. */
function lookOnce(bets: BetSources | undefined, trials: Trials, context: LiveContext): () => Promise<Sight> {
  let sight: Sight | undefined;
  let looks = 0;
  return async () => {
    if (bets === undefined) return UNSEEN;
    while (looks < MOST_LOOKS && (sight === undefined || sight.hasFailed === true)) {
      looks++;
      context.say(note("try-looks"));
      sight = await trials.see(bets.traced);
    }
    return sight ?? UNSEEN;
  };
}

function concessionNote({ what, directives, evidence }: Concession): Diagnostic {
  return note("try-gives-up", { what, directives: directives.join(", "), why: evidence[0] ?? "" });
}
