// A drop-in goes into place for good, and comes out again by itself where the unit does not bear it.
import { readFileSync } from "node:fs";
import { keepBackup } from "./backup.ts";
import { type Changes, note, undoAll, undoOnError, withLock } from "./changes.ts";
import { type CheckedUnit, checkUnit, reload } from "./check-unit.ts";
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import { type Observation, observe } from "./observe.ts";
import { saveFile } from "./runtime-drop-in.ts";
import { isRunning, unitState } from "./unit-state.ts";

export interface ApplyRequest {
  readonly unit: string;
  /** The drop-in's file on this machine. */
  readonly path: string;
  /** Writes it. @throws {SourceError} */
  readonly put: () => void;
  readonly probe?: string;
  /** How long it is used, or watched. */
  readonly useMs: number;
  readonly probeTimeoutMs: number;
}

export type ApplyResult =
  /** `untested`: the unit did not run, and was not started. */
  | { readonly kind: "applied"; readonly check: "tested" | "untested" }
  | { readonly kind: "backed-out"; readonly observation: Extract<Observation, { kind: "broken" }> };

/**
 * Writes the drop-in, reloads, restarts the unit if it ran, and checks that it still works; else puts everything back.
 * @throws {LiveError | SourceError} where it could not be done; everything is back then, or the error says what is not
 */
export async function applyDropIn(request: ApplyRequest, context: LiveContext): Promise<ApplyResult> {
  const { unit, probe } = request;
  return withLock(context, async begin => {
    const checked = await checkUnit(unit, probe === undefined ? "no-probe" : "probe", context);
    const changes = begin({ command: "apply", unit, wasActive: isRunning(checked.state) });
    return undoOnError(changes, context, () => put(request, checked, changes, context));
  });
}

async function put(
  request: ApplyRequest,
  { state, startedBy }: CheckedUnit,
  changes: Changes,
  context: LiveContext,
): Promise<ApplyResult> {
  const { unit, path, probe, useMs, probeTimeoutMs } = request;
  const saved = saveFile(path);
  const finish = (check: "tested" | "untested"): ApplyResult => {
    keepBackup(unit, saved, readFileSync(path), context.backupFolder);
    changes.keep();
    return { kind: "applied", check };
  };
  context.say(note("apply-writes", { unit, path }));
  changes.write(path, request.put);
  await reload(context);
  const { load } = await unitState(context.systemd, unit);
  if (load !== "loaded") throw new LiveError("machine", "unit-not-loaded", { unit, state: load });
  // What nobody may start by hand is written all the same, and counts from its next start.
  if (!isRunning(state) || startedBy === "nobody") return finish("untested");
  context.say(note("apply-restarts", { unit }));
  changes.touch("restart");
  const plan = { unit, startedBy, useMs, probeTimeoutMs, ...(probe === undefined ? {} : { probe }) };
  const observation = await observe(plan, context, "restart");
  if (observation.kind === "works") return finish("tested");
  context.say(note("apply-backs-out", { unit, reason: observation.reason }));
  await undoAll(changes);
  return { kind: "backed-out", observation };
}
