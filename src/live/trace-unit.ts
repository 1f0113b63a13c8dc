// Watches a service at work: attaches to the manager and to the service, restarts it, uses it, lets go. The unit is not changed.

import { takeLock } from "./lock.ts";
import { runCommand } from "./run-command.ts";
import { attachStrace, findStrace, type Tracer } from "./strace.ts";
import type { Systemd } from "./systemctl.ts";
import { type FilterCounts, traceFilter } from "./trace-filter.ts";
import { isTracingForbidden, processesOf, threadsOf, tracerOf } from "./unit-processes.ts";

export interface TraceOptions {
  readonly unit: string;
  readonly systemd: Systemd;
  /** Whether the unit is restarted under the tracer: only so are its start and its end seen. */
  readonly isRestarted: boolean;
  /** A shell command that uses the service. */
  readonly probe?: string;
  /** How long to watch after the start, in milliseconds; with a probe, at least until that has ended. */
  readonly watchMs: number;
  /** Lines of the trace, as strace writes them, the unit's processes alone. */
  readonly onLines: (lines: readonly string[]) => void;
  readonly onStep: (step: TraceStep) => void;
  /** Interrupts the watching; what was seen until then counts. */
  readonly signal: AbortSignal;
}

export type TraceStep =
  | { readonly kind: "attached"; readonly processes: number }
  | { readonly kind: "restarting" | "watching" | "probing" | "stopping" | "detached" };

/** Why a unit cannot be traced. `reason` where strace or the manager has words for it. */
export interface TraceRefusal {
  readonly kind: "refused";
  readonly code:
    | "trace-needs-root"
    | "trace-needs-strace"
    | "trace-no-unit"
    | "trace-not-running"
    | "trace-forbidden"
    | "trace-traced-already"
    | "trace-not-attached"
    | "trace-busy";
  readonly args: Readonly<Record<string, string>>;
}

export interface TraceResult {
  readonly kind: "traced";
  readonly counts: FilterCounts;
  /** What the manager said where it could not start the unit under the tracer. */
  readonly startFailure?: string;
  readonly probe?: { readonly code: number | null; readonly output: string };
  /** `systemctl show -p ActiveState` before and after. */
  readonly before: string;
  readonly after: string;
  /** Why strace ended before it was told to. */
  readonly lost?: string;
}

const MANAGER = 1;
const ATTACH_MS = 20_000;
const PROBE_MS = 600_000;
const PROPERTIES = ["LoadState", "ActiveState", "ControlGroup", "Slice", "TriggeredBy", "Id", "LoadError"];

/** Traces a unit of this machine's manager. Whatever happens, the tracer has let go when this settles. */
export async function traceUnit(options: TraceOptions): Promise<TraceResult | TraceRefusal> {
  if (process.getuid?.() !== 0) return refused("trace-needs-root");
  // Nobody else of ours may restart the service meanwhile, or change it.
  const lock = takeLock();
  if (lock.kind === "held") return refused("trace-busy", { pid: String(lock.pid) });
  if (lock.kind === "failed") return refused("trace-busy", { pid: lock.reason });
  try {
    return await traceLocked(options);
  } finally {
    lock.release();
  }
}

/** The same for who holds the lock already, as a longer run does that traces on its way. Needs root. */
export async function traceLocked(options: TraceOptions): Promise<TraceResult | TraceRefusal> {
  const { systemd, unit } = options;
  const strace = await findStrace();
  if (strace === undefined) return refused("trace-needs-strace");
  const shown = await systemd.show(unit, PROPERTIES);
  const load = shown.get("LoadState") ?? "";
  if (load !== "loaded") return refused("trace-no-unit", { unit, state: load === "" ? "unknown" : load });
  if (isTracingForbidden()) return refused("trace-forbidden");

  const before = shown.get("ActiveState") ?? "";
  const controlGroup = controlGroupOf(shown, unit);
  const running = processesOf(controlGroup);
  if (!options.isRestarted && running.length === 0 && (shown.get("TriggeredBy") ?? "") === "")
    return refused("trace-not-running", { unit });
  for (const pid of [MANAGER, ...running]) {
    const tracer = tracerOf(pid);
    if (tracer !== undefined)
      return refused("trace-traced-already", {
        pid: String(pid),
        tracer: String(tracer.pid),
        comm: tracer.comm,
      });
  }

  const filter = traceFilter({
    controlGroup,
    others: threadsOf(MANAGER),
    running: running.flatMap(threadsOf),
  });
  const attached = await attachStrace({
    pids: [MANAGER, ...running],
    strace,
    timeoutMs: ATTACH_MS,
    onLine(line) {
      const lines = filter.push(line);
      if (lines.length > 0) options.onLines(lines);
    },
  });
  if (attached.kind === "failed") return refused("trace-not-attached", { reason: attached.reason });
  const { tracer } = attached;
  let lost: string | undefined;
  let isDetaching = false;
  void tracer.ended.then(words => {
    if (!isDetaching) lost = words;
  });
  try {
    options.onStep({ kind: "attached", processes: running.length });
    const used = await use(options, shown, tracer);
    isDetaching = true;
    await tracer.detach();
    options.onStep({ kind: "detached" });
    options.onLines(filter.finish());
    const after = (await systemd.show(unit, ["ActiveState"])).get("ActiveState") ?? "";
    return {
      kind: "traced",
      counts: filter.counts(),
      ...used,
      before,
      after,
      ...(lost === undefined ? {} : { lost }),
    };
  } finally {
    isDetaching = true;
    await tracer.detach();
  }
}

/** Start, use, and where the unit did not run before, its end. */
async function use(
  options: TraceOptions,
  shown: ReadonlyMap<string, string>,
  tracer: Tracer,
): Promise<Pick<TraceResult, "startFailure" | "probe">> {
  const { systemd, unit, signal } = options;
  const wasActive = /^(active|reloading|refreshing|activating)$/.test(shown.get("ActiveState") ?? "");
  // A unit that something else starts on demand shall be started by that: a socket that is used, a timer, a path.
  const isTriggered = (shown.get("TriggeredBy") ?? "") !== "" && !wasActive;
  let startFailure: string | undefined;
  if (options.isRestarted && !isTriggered) {
    options.onStep({ kind: "restarting" });
    const step = await (wasActive ? systemd.restart(unit) : systemd.start(unit));
    if (step.kind === "failed") startFailure = step.reason;
  }
  const until = Date.now() + options.watchMs;
  let probe: TraceResult["probe"];
  if (options.probe !== undefined && startFailure === undefined) {
    options.onStep({ kind: "probing" });
    const result = await runCommand(["/bin/sh", "-c", options.probe], {
      timeoutMs: PROBE_MS,
      signal,
      locale: "own",
    });
    probe = { code: result.isLate ? null : result.code, output: `${result.stdout}${result.stderr}` };
  }
  if (startFailure === undefined && Date.now() < until && !signal.aborted) {
    options.onStep({ kind: "watching" });
    await Promise.race([pause(until - Date.now(), signal), tracer.ended]);
  }
  if (!wasActive && (await isRunning(systemd, unit))) {
    // It began stopped; its end is worth seeing as well.
    options.onStep({ kind: "stopping" });
    await systemd.stop(unit);
  }
  return {
    ...(startFailure === undefined ? {} : { startFailure }),
    ...(probe === undefined ? {} : { probe }),
  };
}

async function isRunning(systemd: Systemd, unit: string): Promise<boolean> {
  const state = (await systemd.show(unit, ["ActiveState"])).get("ActiveState");
  return state === "active" || state === "activating";
}

function refused(code: TraceRefusal["code"], args: TraceRefusal["args"] = {}): TraceRefusal {
  return { kind: "refused", code, args };
}

/** systemd.slice(5): `a-b.slice` lies in `a.slice`; a unit that does not run has no group yet, but this is where it will be. */
function controlGroupOf(shown: ReadonlyMap<string, string>, unit: string): string {
  const group = shown.get("ControlGroup") ?? "";
  if (group !== "") return group;
  const slice = (shown.get("Slice") ?? "system.slice").replace(/\.slice$/, "");
  const parts = slice.split("-");
  const folders = slice === "-" ? [] : parts.map((_, at) => `${parts.slice(0, at + 1).join("-")}.slice`);
  return `/${[...folders, shown.get("Id") ?? unit].join("/")}`;
}

/** A time that an interruption ends. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
