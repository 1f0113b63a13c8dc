// strace's output → calls, in the order in which they returned. Unfinished calls are put together with what resumed them.

import type { Lines } from "./events.ts";
import { type CallResult, readLeader, readReturn, readStraceLine } from "./strace-line.ts";

/** A system call as strace wrote it. */
export interface TraceCall {
  readonly kind: "call";
  /** The number of the thread, as the tracer sees it; 0 where the trace names none. */
  readonly pid: number;
  readonly comm?: string;
  readonly name: string;
  /** The text between the parentheses; `parseArguments` reads it. */
  readonly args: string;
  readonly result: CallResult;
  readonly line: number;
}

/** What else a trace tells. */
export type TraceRecord =
  | TraceCall
  /** A call that makes a process has begun: the child may speak before it returns. */
  | {
      readonly kind: "forking";
      readonly pid: number;
      readonly args: string;
      /** The child's number, where strace said that it attached to it. */
      readonly child?: number;
      readonly line: number;
    }
  | { readonly kind: "exit"; readonly pid: number }
  /** The process runs code of another system call table. */
  | { readonly kind: "foreign"; readonly pid: number; readonly line: number };

/** Takes lines, one at a time. Memory is bounded whatever comes. */
export interface StraceParser {
  /** The records that the line completes. */
  push(line: string): readonly TraceRecord[];
  /** What the end of the trace completes: calls that never returned. */
  finish(): readonly TraceRecord[];
  counts(): { readonly lines: number; readonly notUnderstood: number; readonly firstNotUnderstood?: number };
}

/** Longer lines are no calls that anyone needs to see. strace cuts strings at 32 bytes unless told otherwise. */
const MAX_LINE = 1 << 20;
/** Threads that are in the middle of a call at once. */
const MAX_PENDING = 20_000;
const FORKS = new Set(["clone", "clone3", "fork", "vfork"]);
const NOTHING: readonly TraceRecord[] = [];

interface Pending {
  readonly name: string;
  readonly args: string;
  readonly line: number;
}

/**
 * A parser for one output of strace.
 * @param pidOfFile the number of the process where each has a file of its own (`-ff`), and lines name none
 */
export function straceParser(pidOfFile = 0): StraceParser {
  const pending = new Map<number, Pending>();
  let broken: { readonly pid: number; readonly text: string } | undefined;
  /** The table of counts that `-c` and `-C` print at the end. */
  let isSummary = false;
  let number = 0;
  let notUnderstood = 0;
  let firstNotUnderstood: number | undefined;

  const miss = (): readonly TraceRecord[] => {
    notUnderstood++;
    firstNotUnderstood ??= number;
    return NOTHING;
  };

  function readLine(text: string): readonly TraceRecord[] {
    if (text.length > MAX_LINE) return miss();
    const leader = readLeader(text);
    const pid = leader.pid ?? pidOfFile;
    const line = readStraceLine(text, leader.end);
    switch (line.kind) {
      case "call":
        broken = undefined;
        return [call(pid, leader.comm, line.name, line.args, line.result, number)];
      case "unfinished": {
        broken = undefined;
        const { name, args } = line;
        const before = abandon(pid);
        if (pending.size < MAX_PENDING) pending.set(pid, { name, args, line: number });
        return FORKS.has(name) ? [...before, { kind: "forking", pid, args, line: number }] : before;
      }
      case "resumed":
        return resume(pid, leader.comm, line.name, line.rest);
      case "exit":
        return [...abandon(pid), { kind: "exit", pid }];
      case "superseded": {
        // The call is resumed under the process's number.
        const moved = pending.get(line.by);
        pending.delete(line.by);
        const before = abandon(pid);
        if (moved !== undefined) pending.set(pid, moved);
        return before;
      }
      case "foreign-mode":
        return [{ kind: "foreign", pid, line: number }];
      case "broken":
        broken = { pid, text: line.text };
        if (!FORKS.has(nameOf(line.text))) return NOTHING;
        return [{ kind: "forking", pid, args: argsOf(line.text), child: line.attached, line: number }];
      case "signal":
      case "note":
        return NOTHING;
      case "unknown":
        isSummary ||= text.startsWith("% time ");
        return isSummary || text.trim() === "" ? NOTHING : mendBroken(text);
    }
  }

  /** On a terminal strace's own messages come between the two halves of a line. */
  function mendBroken(text: string): readonly TraceRecord[] {
    if (broken === undefined) return miss();
    const { pid, text: start } = broken;
    broken = undefined;
    const line = readStraceLine(start + text, 0);
    if (line.kind === "call") return [call(pid, undefined, line.name, line.args, line.result, number)];
    if (line.kind !== "unfinished") return miss();
    if (pending.size < MAX_PENDING) pending.set(pid, { name: line.name, args: line.args, line: number });
    return NOTHING;
  }

  function resume(pid: number, comm: string | undefined, name: string, rest: string) {
    const holder = holderOf(pid, name);
    const begun = pending.get(holder);
    pending.delete(holder);
    if (rest.endsWith("...>") && / <(?:unfinished|detached) \.\.\.>$/.test(rest)) {
      const args = (begun?.args ?? "") + rest.slice(0, rest.lastIndexOf(" <"));
      pending.set(pid, { name: begun?.name ?? name, args, line: begun?.line ?? number });
      return NOTHING;
    }
    const returned = readReturn(`(${rest}`, 1);
    if (returned === undefined) {
      const before = begun === undefined ? NOTHING : [unreturned(pid, begun)];
      miss();
      return before;
    }
    // `<... ????? resumed>`: strace attached in the middle of the call.
    if (name.startsWith("?")) return NOTHING;
    const isSame = begun?.name === name;
    // Without their beginning nobody can say which argument is which.
    const args = isSame ? begun.args + returned.args : "";
    const line = isSame ? begun.line : number;
    return [
      ...(begun === undefined || isSame ? [] : [unreturned(pid, begun)]),
      call(pid, comm, name, args, returned.result, line),
    ];
  }

  /** On a terminal a process has a number only while there are others: a call may begin without one and end with it. */
  function holderOf(pid: number, name: string): number {
    if (pending.has(pid)) return pid;
    if (pid !== pidOfFile) return pending.get(pidOfFile)?.name === name ? pidOfFile : pid;
    const [only] = [...pending].filter(([, begun]) => begun.name === name).map(([holder]) => holder);
    return only ?? pid;
  }

  function abandon(pid: number): readonly TraceRecord[] {
    const begun = pending.get(pid);
    if (begun === undefined) return NOTHING;
    pending.delete(pid);
    return [unreturned(pid, begun)];
  }

  return {
    push(line) {
      number++;
      return readLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    },
    finish() {
      const rest = [...pending].map(([pid, begun]) => unreturned(pid, begun));
      pending.clear();
      return rest;
    },
    counts: () => ({
      lines: number,
      notUnderstood,
      ...(firstNotUnderstood === undefined ? {} : { firstNotUnderstood }),
    }),
  };
}

/** All records of a text that is in memory; for files use `straceParser` line by line. */
export function parseStrace(lines: Lines, pidOfFile = 0): readonly TraceRecord[] {
  const parser = straceParser(pidOfFile);
  const records: TraceRecord[] = [];
  for (const line of lines) records.push(...parser.push(line));
  records.push(...parser.finish());
  return records;
}

function argsOf(text: string): string {
  return text.slice(text.indexOf("(") + 1);
}

function nameOf(text: string): string {
  return text.slice(0, Math.max(0, text.indexOf("(")));
}

function unreturned(pid: number, { name, args, line }: Pending): TraceCall {
  return { kind: "call", pid, name, args, result: { kind: "none" }, line };
}

function call(
  pid: number,
  comm: string | undefined,
  name: string,
  args: string,
  result: CallResult,
  line: number,
): TraceCall {
  return { kind: "call", pid, ...(comm === undefined ? {} : { comm }), name, args, result, line };
}
