// What every live command is given: the machine as records of functions, where to keep its notes, and whom to tell.
import type { Diagnostic } from "../unit/tree.ts";
import { type Journal, journalctl } from "./journal.ts";
import { runFolder } from "./lock.ts";
import type { CommandResult } from "./run-command.ts";
import { runCommand } from "./run-command.ts";
import { type Systemd, systemctl } from "./systemctl.ts";
import { type TraceOptions, type TraceRefusal, type TraceResult, traceLocked } from "./trace-unit.ts";

export interface LiveContext {
  readonly systemd: Systemd;
  /** The same manager without interruption: what puts things back is not to be stopped half-way. */
  readonly undoing: Systemd;
  readonly journal: Journal;
  /** Runs the user's probe, in a shell, in a process group of its own. */
  readonly runProbe: (command: string, timeoutMs: number) => Promise<CommandResult>;
  /** Restarts a unit under strace and uses it; the caller holds the lock. */
  readonly watch: (options: WatchOptions) => Promise<TraceResult | TraceRefusal>;
  /** Resolves after so many milliseconds, or at once when the run is interrupted. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Milliseconds on a clock that only goes forward. */
  readonly now: () => number;
  readonly isInterrupted: () => boolean;
  /** "/" for this machine; tests take another. */
  readonly root: string;
  /** Where the lock and the state are. */
  readonly runFolder: string;
  /** Where backups are, which outlive a boot. */
  readonly backupFolder: string;
  /** One step or finding for a person, before or when it happens. */
  readonly say: (diagnostic: Diagnostic) => void;
}

export type WatchOptions = Pick<TraceOptions, "unit" | "probe" | "watchMs" | "onLines">;

/** Under the tracer everything takes longer. */
const TRACED_JOB_MS = 120_000;

/** This machine. @param signal what interrupts the run; everything is put back then. */
export function machineContext(signal: AbortSignal, say: LiveContext["say"], jobMs?: number): LiveContext {
  const limit = jobMs === undefined ? {} : { jobMs };
  return {
    systemd: systemctl({ ...limit, signal }),
    undoing: systemctl(),
    journal: journalctl(),
    runProbe: (command, timeoutMs) =>
      runCommand(["/bin/sh", "-c", command], { timeoutMs, signal, locale: "own" }),
    watch: options =>
      traceLocked({
        ...options,
        systemd: systemctl({ jobMs: TRACED_JOB_MS, signal }),
        isRestarted: true,
        onStep: () => {},
        signal,
      }),
    sleep: milliseconds =>
      new Promise(resolve => {
        if (signal.aborted) return resolve();
        const end = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", end);
          resolve();
        };
        const timer = setTimeout(end, milliseconds);
        signal.addEventListener("abort", end);
      }),
    now: () => performance.now(),
    isInterrupted: () => signal.aborted,
    root: "/",
    runFolder,
    backupFolder: "/var/lib/tightunit",
    say,
  };
}
