// A run under strace on the way: what does the service do while it is used, and what does it not?
import type { Needs } from "../needs/need.ts";
import type { TraceContext } from "../needs/trace/trace-needs.ts";
import { note } from "./changes.ts";
import type { LiveContext } from "./live-context.ts";
import { lastLines, stopHere, type TrialPlan } from "./observe.ts";
import { traceReader } from "./read-trace.ts";
import type { TraceResult } from "./trace-unit.ts";

/** What a look showed. */
export interface Sight extends Needs {
  /** Under strace it did not work as it does otherwise: what it was not seen to need, nobody knows. */
  readonly hasFailed?: true;
}

/** Where nobody could look. */
export const UNSEEN: Sight = { present: [], absent: [] };

/**
 * Restarts the unit under strace and uses it as `plan` says. Says so where that cannot be done, and goes on without.
 * What a failed run did not show is not counted as absent.
 * @throws {LiveError} where the run is interrupted
 */
export async function seeUnit(plan: TrialPlan, traced: TraceContext, context: LiveContext): Promise<Sight> {
  const { unit } = plan;
  // What starts it is used by the probe, and that only counts from the beginning.
  if (plan.startedBy === "probe") await context.systemd.stop(unit);
  const reader = traceReader(traced);
  const result = await context.watch({
    unit,
    ...(plan.probe === undefined ? {} : { probe: plan.probe }),
    watchMs: plan.useMs,
    onLines: reader.take,
  });
  stopHere(context);
  if (result.kind === "refused") {
    context.say(note(result.code, result.args));
    context.say(note("try-unseen"));
    return UNSEEN;
  }
  const { present, absent, calls } = reader.finish();
  const isWhole =
    result.startFailure === undefined &&
    result.lost === undefined &&
    (result.probe === undefined || result.probe.code === 0);
  context.say(
    isWhole
      ? note("try-seen", { count: String(calls) })
      : note("try-seen-in-part", { count: String(calls), reason: reasonOf(result) }),
  );
  return isWhole ? { present, absent } : { present, absent: [], hasFailed: true };
}

function reasonOf({ startFailure, lost, probe }: TraceResult): string {
  return startFailure ?? lost ?? `the probe ended with ${probe?.code}${lastLines(probe?.output ?? "")}`;
}
