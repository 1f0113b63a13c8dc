// The one place that starts a program: fixed arguments, an end to its time, a bound to its output, and nothing left behind.
import { type ChildProcess, spawn } from "node:child_process";

export interface CommandResult {
  /** Exit status; `null` where a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
  /** It ran out of time, or was interrupted, and its process group was killed. */
  readonly isLate: boolean;
}

export interface CommandOptions {
  /** An absolute limit in milliseconds; then the whole process group is killed. */
  readonly timeoutMs: number;
  /** Ends the command as the time limit does. */
  readonly signal?: AbortSignal;
  /** `own`: the environment as it is; otherwise messages in English, without pager and colours. */
  readonly locale?: "own";
}

const PLAIN = { LC_ALL: "C", LANG: "C", SYSTEMD_PAGER: "", SYSTEMD_COLORS: "0" };
/** Of each stream; what comes after is read and dropped. */
const OUTPUT_LIMIT = 4 << 20;
/** What left the process group may hold the pipes open; nobody waits for that any longer than this. */
const DRAIN_MS = 500;

/**
 * Runs a program with these arguments, no shell between, in a process group of its own, with messages in English.
 * Never throws: a program that cannot be started gives status 127 and the reason in `stderr`.
 */
export function runCommand(argv: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const [program, ...args] = argv;
  if (program === undefined || options.signal?.aborted === true)
    return Promise.resolve({ code: null, signal: "SIGKILL", stdout: "", stderr: "", isLate: true });
  return new Promise(resolve => {
    const child = spawn(program, args, {
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: options.locale === "own" ? process.env : { ...process.env, ...PLAIN },
    });
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    let isLate = false;
    const end = (): void => {
      isLate = true;
      killGroup(child);
    };
    const timer = setTimeout(end, options.timeoutMs);
    options.signal?.addEventListener("abort", end, { once: true });
    const settle = (code: number | null, signal: string | null, reason = ""): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", end);
      resolve({ code, signal, stdout: stdout(), stderr: stderr() + reason, isLate });
    };
    child.on("error", error => settle(127, null, error.message));
    child.on("close", (code, signal) => settle(code, signal));
    child.on("exit", (code, signal) => {
      setTimeout(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        settle(code, signal);
      }, DRAIN_MS).unref();
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on("data", (chunk: Buffer) => {
    if (size < OUTPUT_LIMIT) chunks.push(chunk.subarray(0, OUTPUT_LIMIT - size));
    size += chunk.length;
  });
  stream.on("error", () => {});
  return () => Buffer.concat(chunks).toString("utf8");
}

/** The child leads its group, so everything that it started and that did not leave the group ends with it. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // ESRCH: it has ended by itself in the meantime.
    child.kill("SIGKILL");
  }
}
