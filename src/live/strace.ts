// strace attached from outside: lines of its output come out as they are written; nothing that it watches is changed, and it
// lets go of everything when told to, and when this process dies.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { runCommand } from "./run-command.ts";

/** The strace of this machine. */
export interface StraceProgram {
  /** 6.1 is 601, 5.10 is 510. */
  readonly version: number;
}

export interface AttachOptions {
  /** Processes, all threads of each. Those that are gone by then are passed over, except the first. */
  readonly pids: readonly number[];
  readonly strace: StraceProgram;
  /** Whole lines, without their line ends, in the order of the output. */
  readonly onLine: (line: string) => void;
  /** How long attaching may take, in milliseconds. */
  readonly timeoutMs: number;
}

/** A running strace. */
export interface Tracer {
  /** Lets go of all processes and waits for what it wrote; within five seconds, by force if need be. */
  readonly detach: () => Promise<void>;
  /** Resolves with its words when it ends by itself, before `detach`. */
  readonly ended: Promise<string>;
}

export type Attached =
  | { readonly kind: "attached"; readonly tracer: Tracer }
  /** `reason`: strace's own words. */
  | { readonly kind: "failed"; readonly reason: string };

/**
 * The first process becomes strace. Another waits for the end of its input, which comes when we close it or are gone, and then
 * tells strace to let go: a `kill -9` of ours leaves no service under a tracer.
 */
const SCRIPT =
  'exec 3<&0; (cat <&3 >/dev/null 2>&1; kill -TERM $$) >/dev/null 2>&1 & exec strace "$@" 3<&- </dev/null';

/** More than any line of strace's with short strings; the rest of a longer one is dropped. */
const MAX_LINE = 1 << 20;
const DETACH_MS = 5000;

/** @returns `undefined` where there is no strace that works */
export async function findStrace(): Promise<StraceProgram | undefined> {
  const { code, stdout } = await runCommand(["strace", "-V"], { timeoutMs: 10_000 });
  const found = /version (\d+)\.(\d+)/.exec(stdout);
  return code !== 0 || found === null ? undefined : { version: Number(found[1]) * 100 + Number(found[2]) };
}

/**
 * The options: `-f` new processes, `-y` paths of descriptors, `-ttt` when. Strings are left short: they are data of the service and
 * may be secret, while paths, addresses and flags are written in full whatever the length.
 */
export function straceArguments(pids: readonly number[], { version }: StraceProgram): readonly string[] {
  return [
    "-f",
    "-y",
    "-ttt",
    "-s32",
    "-I2",
    // strace(1) 5.9: numbers of processes in other PID namespaces also as strace sees them.
    ...(version >= 509 ? ["--decode-pids=pidns"] : []),
    "-o",
    "|cat",
    ...pids.flatMap(pid => ["-p", String(pid)]),
  ];
}

/** Attaches to processes; returns when strace says that it holds them. */
export function attachStrace(options: AttachOptions): Promise<Attached> {
  const child = spawn("sh", ["-c", SCRIPT, "sh", ...straceArguments(options.pids, options.strace)], {
    // A group of its own: Ctrl-C is for us, who then let go in order.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C" },
  });
  let words = "";
  readLines(child.stdout, options.onLine);
  const exited = new Promise<void>(resolve => {
    child.on("exit", () => {
      clearUp(child);
      resolve();
    });
    child.on("error", error => {
      words += error.message;
      resolve();
    });
  });
  const closed = new Promise<void>(resolve => {
    child.on("close", () => resolve());
    child.on("error", () => resolve());
  });
  child.stdin.on("error", () => {});
  const ended = closed.then(() => words.trim());
  const tracer: Tracer = { ended, detach: () => detach(child, exited, closed) };
  return new Promise(resolve => {
    const timer = setTimeout(() => {
      void tracer.detach().then(() => resolve({ kind: "failed", reason: words.trim() || "ETIMEDOUT" }));
    }, options.timeoutMs);
    const settle = (result: Attached): void => {
      clearTimeout(timer);
      resolve(result);
    };
    const missing = new Set(options.pids);
    let told = "";
    child.stderr.setEncoding("utf8");
    child.stderr.on("data", (text: string) => {
      if (words.length < 4096) words += text;
      if (missing.size === 0) return;
      told += text;
      for (const [, number] of told.matchAll(
        /(?:Process (\d+) attached|attach: ptrace\(PTRACE_\w+, (\d+)\))/g,
      ))
        missing.delete(Number(number));
      for (const [, , number] of told.matchAll(/(attach: ptrace\(PTRACE_\w+, (\d+)\))/g))
        missing.delete(Number(number));
      if (missing.size === 0) settle({ kind: "attached", tracer });
    });
    void ended.then(reason => settle({ kind: "failed", reason: reason || "strace ended" }));
  });
}

async function detach(
  child: ChildProcessByStdio<Writable, Readable, Readable>,
  exited: Promise<void>,
  closed: Promise<void>,
): Promise<void> {
  child.kill("SIGTERM");
  const timer = setTimeout(() => {
    // The kernel lets all that it traced go when it dies.
    child.kill("SIGKILL");
    child.stdout.destroy();
  }, DETACH_MS);
  await exited;
  await closed;
  clearTimeout(timer);
}

/** Ends the process that waits for our end, before strace's number can be anybody else's. */
function clearUp(child: ChildProcessByStdio<Writable, Readable, Readable>): void {
  if (child.pid !== undefined) {
    try {
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // ESRCH: nothing of the group is left.
    }
  }
  child.stdin.destroy();
}

/** Whole lines, without their ends; what is longer than a line may be loses its rest. */
export function readLines(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(0, MAX_LINE);
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
