// One trial: the unit is started with what is in place, used, and looked at.
import type { JournalEntry } from "./journal.ts";
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import type { Step } from "./systemctl.ts";
import { isRunning, type UnitState, unitState } from "./unit-state.ts";
import { hasFailed, waitForRest } from "./wait-for-rest.ts";

/** How a unit is tried. */
export interface TrialPlan {
  readonly unit: string;
  /** `probe`: the manager refuses to start it by hand, so its socket, timer or bus name does when the probe uses it. */
  readonly startedBy: "manager" | "probe";
  /** A shell command that uses the service and fails where it does not work. */
  readonly probe?: string;
  /** With a probe: for how long it is repeated, at least once; without: for how long the unit is watched. */
  readonly useMs: number;
  /** When a single run of the probe has hung. */
  readonly probeTimeoutMs: number;
}

export type Observation =
  | { readonly kind: "works"; readonly probeMs: number; readonly entries: readonly JournalEntry[] }
  | {
      readonly kind: "broken";
      /** `start`: it did not come up; `probe`: the probe failed or hung; `use`: it failed while it was used. */
      readonly at: "start" | "probe" | "use";
      readonly reason: string;
      readonly state: UnitState;
      /** What the unit, systemd about it and the kernel wrote meanwhile. */
      readonly entries: readonly JournalEntry[];
      /** Of the probe, its end. */
      readonly output: string;
    };

const PAUSE_MS = 500;
/** A service that ends at once should do so before it is used. */
const SETTLE_MS = 200;

/**
 * Starts the unit anew and uses it. @param how `clean`: stopped first and then started, as a boot would.
 * @throws {LiveError} where the run is interrupted
 */
export async function observe(
  plan: TrialPlan,
  context: LiveContext,
  how: "restart" | "clean",
): Promise<Observation> {
  const { systemd, journal } = context;
  const { unit } = plan;
  const cursor = await journal.cursor();
  const broken = async (at: "start" | "probe" | "use", reason: string, output = ""): Promise<Observation> => {
    stopHere(context);
    const [state, entries] = [await unitState(systemd, unit), await journal.since(cursor, unit)];
    return { kind: "broken", at, reason, state, entries, output };
  };
  const started = await startAnew(plan, context, how);
  if (started.kind === "failed") {
    // A start that hangs would only be waited for again.
    if (started.because === "late") await context.undoing.stop(unit);
    return broken("start", started.because === "late" ? "not up in time" : started.reason);
  }
  if (plan.startedBy === "manager") {
    const rest = await waitForRest(systemd, unit, context.isInterrupted);
    if (!rest.isUp) return broken("start", reasonOf(rest.state));
    await context.sleep(SETTLE_MS);
  }
  const used = plan.probe === undefined ? await watch(plan, context) : await use(plan, plan.probe, context);
  if (used.kind === "failed") return broken(used.at, used.reason, used.output);
  stopHere(context);
  return { kind: "works", probeMs: used.probeMs, entries: await journal.since(cursor, unit) };
}

/** @throws {LiveError} where the run is interrupted, so that nobody takes a killed probe for a failed one. */
export function stopHere(context: Pick<LiveContext, "isInterrupted">): void {
  if (context.isInterrupted()) throw new LiveError("machine", "interrupted");
}

async function startAnew(plan: TrialPlan, context: LiveContext, how: "restart" | "clean"): Promise<Step> {
  const { systemd } = context;
  // systemd.unit(5), StartLimitBurst=: many trials in a row are no crash loop.
  await systemd.resetFailed(plan.unit);
  if (plan.startedBy === "manager" && how === "restart") return systemd.restart(plan.unit);
  const stopped = await systemd.stop(plan.unit);
  if (stopped.kind === "failed" || plan.startedBy === "probe") return stopped;
  return systemd.start(plan.unit);
}

type Used =
  | { readonly kind: "done"; readonly probeMs: number }
  | {
      readonly kind: "failed";
      readonly at: "probe" | "use";
      readonly reason: string;
      readonly output: string;
    };

async function use(plan: TrialPlan, command: string, context: LiveContext): Promise<Used> {
  const began = context.now();
  let probeMs = 0;
  do {
    const before = context.now();
    const result = await context.runProbe(command, plan.probeTimeoutMs);
    probeMs = Math.max(probeMs, context.now() - before);
    const output = `${result.stdout}${result.stderr}`.slice(-8000);
    const at = "probe";
    if (result.isLate) return { kind: "failed", at, reason: "the probe hung", output };
    if (result.code !== 0)
      return { kind: "failed", at, reason: `${endOf(result)}${lastLines(output)}`, output };
    const state = await unitState(context.systemd, plan.unit);
    if (hasFailed(state)) return { kind: "failed", at: "use", reason: reasonOf(state), output };
    if (context.now() - began < plan.useMs) await context.sleep(PAUSE_MS);
  } while (context.now() - began < plan.useMs && !context.isInterrupted());
  return { kind: "done", probeMs };
}

function endOf({ code, signal }: { readonly code: number | null; readonly signal: string | null }): string {
  return code === null ? `the probe was ended by ${signal}` : `the probe ended with ${code}`;
}

/** What a probe says last is mostly why it failed. */
export function lastLines(output: string): string {
  const lines = output.trim().split("\n").slice(-3);
  return output.trim() === "" ? "" : `: ${lines.map(line => line.slice(0, 200)).join("; ")}`;
}

/** It stays as it came up: neither fails nor is restarted. */
async function watch(plan: TrialPlan, context: LiveContext): Promise<Used> {
  const began = context.now();
  const first = await unitState(context.systemd, plan.unit);
  for (;;) {
    const state = await unitState(context.systemd, plan.unit);
    const failed = (reason: string): Used => ({ kind: "failed", at: "use", reason, output: "" });
    if (hasFailed(state)) return failed(reasonOf(state));
    if (state.restarts > first.restarts) return failed(`restarted ${state.restarts - first.restarts} times`);
    if (isRunning(first) && !isRunning(state)) return failed("it ended");
    if (context.now() - began >= plan.useMs || context.isInterrupted()) return { kind: "done", probeMs: 0 };
    await context.sleep(PAUSE_MS);
  }
}

/** How the unit stands, in systemd's words. */
export function reasonOf(state: UnitState): string {
  const { by, status } = state.exit;
  const end = by === "none" || (by === "exited" && status === 0) ? "" : `, ${by} ${status}`;
  return `${state.active || "unknown"} (${state.sub || "?"}), result ${state.result || "?"}${end}`;
}
