// A unit is hardened as far as it goes: proposed, tried on the running system, and what breaks it given up.
import type { Proposal, ProposeOptions } from "../harden/proposal.ts";
import { type Changes, note, textInto, undoAll, undoOnError, withLock } from "./changes.ts";
import { checkUnit, reload } from "./check-unit.ts";
import { type Concession, findWorking, shapesOf } from "./find-working.ts";
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import { type Observation, observe, type TrialPlan } from "./observe.ts";
import { restoreFile, runtimeDropInPath } from "./runtime-drop-in.ts";
import { fingerprint, isRunning, unitState } from "./unit-state.ts";

export interface TryRequest {
  readonly unit: string;
  readonly wanted: ProposeOptions;
  readonly propose: (options: ProposeOptions) => Proposal;
  readonly probe?: string;
  readonly useMs: number;
  readonly probeTimeoutMs: number;
  readonly maxRestarts: number;
}

export interface TryResult {
  /** What works; its drop-in is empty where nothing does. */
  readonly proposal: Proposal;
  /** What was asked for at first. */
  readonly first: Proposal;
  readonly concessions: readonly Concession[];
  readonly restarts: number;
  readonly milliseconds: number;
}

/** A probe under hardening gets this many times what it took without, and a little more. */
const PATIENCE = 4;
const PATIENCE_MS = 5000;

/**
 * Finds the strictest drop-in that the unit works with. In the end the unit is as it began.
 * @throws {LiveError | SourceError} where it could not be found; all is back then, or the error says what is not
 */
export async function tryUnit(request: TryRequest, context: LiveContext): Promise<TryResult> {
  const began = context.now();
  return withLock(context, async begin => {
    const { unit, probe } = request;
    const { state, startedBy } = await checkUnit(unit, probe === undefined ? "no-probe" : "probe", context);
    if (startedBy === "nobody") throw new LiveError("usage", "start-refused", { unit });
    const changes = begin({ command: "try", unit, wasActive: isRunning(state) });
    const plan: TrialPlan = {
      unit,
      startedBy,
      useMs: request.useMs,
      probeTimeoutMs: request.probeTimeoutMs,
      ...(probe === undefined ? {} : { probe }),
    };
    const result = await undoOnError(changes, context, async () => {
      const found = await search(request, plan, changes, context);
      context.say(note("try-ends", { unit }));
      await undoAll(changes);
      return found;
    });
    return { ...result, milliseconds: Math.round(context.now() - began) };
  });
}

async function search(request: TryRequest, plan: TrialPlan, changes: Changes, context: LiveContext) {
  const { unit, propose, wanted, maxRestarts } = request;
  const path = runtimeDropInPath(unit, context.root);
  let restarts = 0;
  let files: string | undefined;
  let limited = plan;
  const trial = async (dropIn: string, how: "restart" | "clean"): Promise<Observation> => {
    if (restarts >= maxRestarts)
      throw new LiveError("machine", "too-many-restarts", { count: String(restarts) });
    if (dropIn === "") restoreFile({ path, before: null, madeFolders: [] });
    else changes.write(path, textInto(dropIn));
    await reload(context);
    const now = fingerprint(await unitState(context.systemd, unit), [path]);
    files ??= now;
    if (now !== files) throw new LiveError("machine", "changed-meanwhile", { unit });
    changes.touch(how);
    restarts++;
    return observe(limited, context, how);
  };

  context.say(note("try-baseline", { unit }));
  const baseline = await trial("", "restart");
  if (baseline.kind === "broken")
    throw new LiveError("machine", "baseline-broken", { unit, reason: baseline.reason });
  const patience = Math.round(baseline.probeMs * PATIENCE + PATIENCE_MS);
  limited = { ...plan, probeTimeoutMs: Math.min(plan.probeTimeoutMs, patience) };
  const known = shapesOf(baseline);

  const first = propose(wanted);
  context.say(note("try-first", { unit, count: String(first.settings.length) }));
  let concessions: readonly Concession[] = [];
  let isRepeatable = false;
  for (let round = 1; ; round++) {
    const found = await findWorking({
      wanted,
      propose,
      before: concessions,
      known,
      trial: async dropIn => {
        const observation = await trial(dropIn, "restart");
        context.say(trialNote(observation, restarts));
        if (observation.kind === "works") return observation;
        if (isRepeatable) return observation;
        // A probe that fails when it runs for the second time would find fault with everything.
        const again = await trial("", "restart");
        if (again.kind === "broken")
          throw new LiveError("machine", "not-repeatable", { unit, reason: again.reason });
        isRepeatable = true;
        return observation;
      },
      onConcession: ({ what, directives, evidence }) =>
        context.say(
          note("try-gives-up", { what, directives: directives.join(", "), why: evidence[0] ?? "" }),
        ),
    });
    concessions = found.concessions;
    if (found.proposal.dropIn === "") return { ...found, first, restarts };
    context.say(note("try-verifies", { unit }));
    const verified = await trial(found.proposal.dropIn, "clean");
    if (verified.kind === "works") return { ...found, first, restarts };
    // What worked a moment ago and does not now is a service or a probe that is not the same twice.
    context.say(trialNote(verified, restarts));
    if (round === 3) throw new LiveError("machine", "not-the-same-twice", { unit, reason: verified.reason });
  }
}

function trialNote(observation: Observation, restarts: number) {
  const count = String(restarts);
  if (observation.kind === "works") return note("try-works", { count });
  return note("try-broken", { count, at: observation.at, reason: observation.reason });
}
