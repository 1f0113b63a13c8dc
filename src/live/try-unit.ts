// A unit is hardened as far as it goes: proposed, tried on the running system, and what breaks it given up.
import type { Proposal, ProposeOptions } from "../harden/proposal.ts";
import { type Changes, note, textInto, undoAll, undoOnError, withLock } from "./changes.ts";
import { checkUnit, reload } from "./check-unit.ts";
import type { Concession } from "./find-working.ts";
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import { observe, type TrialPlan } from "./observe.ts";
import type { Bet, BetSources } from "./place-bets.ts";
import { replacingDropInPath, restoreFile, runtimeDropInPath } from "./runtime-drop-in.ts";
import { seeUnit } from "./see-unit.ts";
import { type Trials, tighten } from "./tighten.ts";
import { fingerprint, isRunning, unitState } from "./unit-state.ts";

export interface TryRequest {
  readonly unit: string;
  readonly wanted: ProposeOptions;
  readonly propose: (options: ProposeOptions) => Proposal;
  readonly probe?: string;
  readonly useMs: number;
  readonly probeTimeoutMs: number;
  readonly maxRestarts: number;
  /** A drop-in in /etc with lines of ours: meanwhile one of its name stands in its place, with what others wrote into it. */
  readonly replaces?: { readonly name: string; readonly text: string };
  /** With this the probe is asked about needs that are only inferred; without it evidence has the last word. */
  readonly bets?: BetSources;
}

export interface TryResult {
  /** What works; its drop-in is empty where nothing does. */
  readonly proposal: Proposal;
  /** What was asked for at first. */
  readonly first: Proposal;
  readonly concessions: readonly Concession[];
  /** What inferred needs spoke against, and the service works with. */
  readonly bets: readonly Bet[];
  readonly restarts: number;
  readonly milliseconds: number;
}

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
      const found = await tighten(request, plan, trials(request, plan, changes, context), context);
      context.say(note("try-ends", { unit }));
      await undoAll(changes);
      return found;
    });
    return { ...result, milliseconds: Math.round(context.now() - began) };
  });
}

/** Two texts of sections, one below the other. */
function joined(one: string, other: string): string {
  return one === "" || one.endsWith("\n") ? `${one}${other}` : `${one}\n${other}`;
}

/** Counts and guards the trials of one run. */
function trials(request: TryRequest, plan: TrialPlan, changes: Changes, context: LiveContext): Trials {
  const { unit, maxRestarts } = request;
  const { replaces } = request;
  const path =
    replaces === undefined
      ? runtimeDropInPath(unit, context.root)
      : replacingDropInPath(unit, replaces.name, context.root);
  let restarts = 0;
  let files: string | undefined;
  let patience = plan;
  const prepare = async (dropIn: string, step: string): Promise<void> => {
    if (restarts >= maxRestarts)
      throw new LiveError("machine", "too-many-restarts", { count: String(restarts) });
    if (replaces !== undefined) changes.write(path, textInto(joined(replaces.text, dropIn)));
    else if (dropIn === "") restoreFile({ path, before: null, madeFolders: [] });
    else changes.write(path, textInto(dropIn));
    await reload(context);
    const now = fingerprint(await unitState(context.systemd, unit), [path]);
    files ??= now;
    if (now !== files) throw new LiveError("machine", "changed-meanwhile", { unit });
    changes.touch(step);
    restarts++;
  };
  return {
    restarts: () => restarts,
    limitProbe: milliseconds => {
      patience = { ...plan, probeTimeoutMs: Math.min(plan.probeTimeoutMs, milliseconds) };
    },
    run: async (dropIn, how) => {
      await prepare(dropIn, how);
      return observe(patience, context, how);
    },
    see: async traced => {
      await prepare("", "trace");
      return seeUnit(plan, traced, context);
    },
  };
}
