// What stands before and between all steps: is this a unit that can be tried, and has the manager read its files?
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import { stopHere } from "./observe.ts";
import { type UnitState, unitState } from "./unit-state.ts";

export interface CheckedUnit {
  readonly state: UnitState;
  /** Who starts it: the manager on our word; its socket, timer or bus name when a probe uses it; or none of them. */
  readonly startedBy: "manager" | "probe" | "nobody";
}

/**
 * Looks at a unit before anything is done to it.
 * @throws {LiveError} where there is no systemd, no such unit, or none that runs anything.
 */
export async function checkUnit(
  unit: string,
  hasProbe: "probe" | "no-probe",
  context: LiveContext,
): Promise<CheckedUnit> {
  if (!unit.endsWith(".service")) throw new LiveError("usage", "not-a-service", { unit });
  if (unit.includes("@.")) throw new LiveError("usage", "is-a-template", { unit });
  const state = await unitState(context.systemd, unit);
  stopHere(context);
  if (state.load === "") throw new LiveError("usage", "no-manager");
  if (state.load === "not-found") throw new LiveError("nothing", "unit-not-found", { unit });
  if (state.load !== "loaded") throw new LiveError("usage", "unit-not-loaded", { unit, state: state.load });
  if (!state.isStartRefused) return { state, startedBy: "manager" };
  const isTriggered = state.triggeredBy.length > 0 && hasProbe === "probe" && !state.isStopRefused;
  return { state, startedBy: isTriggered ? "probe" : "nobody" };
}

/** Makes the manager read its files again. @throws {LiveError} where it does not. */
export async function reload(context: LiveContext): Promise<void> {
  stopHere(context);
  const step = await context.systemd.reload();
  stopHere(context);
  if (step.kind === "failed")
    throw new LiveError("machine", "reload-failed", { reason: step.reason || step.because });
}
