// The running manager as a plain record of functions, so that everything above it can be tried without root.
import { type CommandResult, runCommand } from "./run-command.ts";

/** What came of a command to the manager. */
export type Step =
  | { readonly kind: "done" }
  /** `late`: it did not answer in time; `refused`: it said no, with its words, on one line. */
  | { readonly kind: "failed"; readonly because: "late" | "refused"; readonly reason: string };

/** The manager's commands. Functions settle within their time limit and never throw. */
export interface Systemd {
  readonly reload: () => Promise<Step>;
  readonly start: (unit: string) => Promise<Step>;
  readonly stop: (unit: string) => Promise<Step>;
  readonly restart: (unit: string) => Promise<Step>;
  /** Forgets failures and start limits; a unit that is not loaded is no failure. */
  readonly resetFailed: (unit: string) => Promise<Step>;
  /** The properties as `systemctl show` prints them; empty where the manager does not answer. */
  readonly show: (unit: string, properties: readonly string[]) => Promise<ReadonlyMap<string, string>>;
}

export interface SystemdOptions {
  /** For one start, stop or restart, in milliseconds; at 45 s by default, half of systemd's own limit. */
  readonly jobMs?: number;
  /** Interrupts what is under way. What undoes a change gets a record of functions without one. */
  readonly signal?: AbortSignal;
}

const JOB_MS = 45_000;
const RELOAD_MS = 60_000;
const SHOW_MS = 15_000;

/** The manager of this machine, through systemctl(1) with fixed arguments. Unit names are the caller's to check. */
export function systemctl(options: SystemdOptions = {}): Systemd {
  const jobMs = options.jobMs ?? JOB_MS;
  const call = (args: readonly string[], timeoutMs: number): Promise<CommandResult> =>
    runCommand(["systemctl", "--system", "--no-ask-password", "--no-pager", ...args], {
      timeoutMs,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  const step = async (args: readonly string[], timeoutMs: number): Promise<Step> =>
    stepOf(await call(args, timeoutMs));
  return {
    reload: () => step(["daemon-reload"], RELOAD_MS),
    start: unit => step(["start", "--", unit], jobMs),
    stop: unit => step(["stop", "--", unit], jobMs),
    restart: unit => step(["restart", "--", unit], jobMs),
    async resetFailed(unit) {
      const result = await call(["reset-failed", "--", unit], SHOW_MS);
      return /not loaded/.test(result.stderr) ? { kind: "done" } : stepOf(result);
    },
    async show(unit, properties) {
      const result = await call(["show", `--property=${properties.join(",")}`, "--", unit], SHOW_MS);
      return parseShow(result.stdout);
    },
  };
}

/** `NAME=VALUE` lines as a map; a value may hold further `=`. */
export function parseShow(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split("\n").flatMap(line => {
      const at = line.indexOf("=");
      return at < 0 ? [] : [[line.slice(0, at), line.slice(at + 1)] as const];
    }),
  );
}

function stepOf(result: CommandResult): Step {
  const said = oneLine(result.stderr);
  if (result.isLate) return { kind: "failed", because: "late", reason: said };
  if (result.code === 0) return { kind: "done" };
  return { kind: "failed", because: "refused", reason: said || `status ${result.code ?? result.signal}` };
}

/** Several lines as a part of a sentence of ours, which sets the full stop itself. */
function oneLine(text: string): string {
  return text
    .trim()
    .replaceAll(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
}
