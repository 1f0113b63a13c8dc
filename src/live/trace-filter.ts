// A trace of the manager and all that it starts comes in, line by line; the lines of one unit's own processes go out, from
// the execution of their programs on. What systemd does between the fork and that (mounts, user, filters) is systemd's need.

import { readString, splitArguments } from "../needs/trace/arguments.ts";
import { readLeader, readStraceLine } from "../needs/trace/strace-line.ts";

/** Takes lines, one at a time, and gives those that belong to the unit; an answer may hold earlier lines too. */
export interface TraceFilter {
  push(line: string): readonly string[];
  /** What was waiting for the answer to whose child it is, and turned out to be the unit's. */
  finish(): readonly string[];
  counts(): FilterCounts;
}

export interface FilterCounts {
  /** Lines of strace's that came in, and those that went out. */
  readonly read: number;
  readonly kept: number;
  /** The unit's processes that executed a program, and those that it ran already. */
  readonly processes: number;
}

/** Whose trace is it? */
export interface FilterOptions {
  /** The unit's control group below the mount, as `systemctl show -p ControlGroup` says: "/system.slice/nginx.service". */
  readonly controlGroup: string;
  /** Threads of the manager, and of others that are traced already. */
  readonly others: Iterable<number>;
  /** Threads of the unit's processes that run already: all that they do is the unit's. */
  readonly running: Iterable<number>;
}

/**
 * `other`: the manager and what it starts for others; `setup`: in the unit's control group, the program not executed yet;
 * `unit`: the unit's own; `waiting`: a new process, while the call that made it has not returned.
 */
type Role = "other" | "setup" | "unit";

interface Waiting {
  readonly lines: string[];
  hasExited: boolean;
}

/** Processes that wait at once, and lines of each: a fork returns soon, or never. */
const MAX_WAITING = 10_000;
const MAX_LINES = 50_000;
const FORKS = new Set(["clone", "clone3", "fork", "vfork"]);
const NOTHING: readonly string[] = [];

/**
 * Picks one unit's lines out of `strace -f -y -p MANAGER`.
 * A process is the unit's once it puts itself into the unit's control group (every systemd does so between fork and
 * execve, 254 and later by systemd-executor), or when a process of the unit's made it.
 */
export function traceFilter(options: FilterOptions): TraceFilter {
  const roles = new Map<number, Role>();
  for (const pid of options.others) roles.set(pid, "other");
  for (const pid of options.running) roles.set(pid, "unit");
  const manager = new Set(options.others);
  const waiting = new Map<number, Waiting>();
  const calls = new Map<number, { readonly name: string; readonly args: string; readonly line: string }>();
  let read = 0;
  let kept = 0;
  let processes = new Set(options.running).size > 0 ? 1 : 0;

  const keep = (lines: readonly string[]): readonly string[] => {
    kept += lines.length;
    return lines;
  };

  /** A process that waited has been given its role: its lines are looked at again. */
  const settle = (pid: number, role: Role): readonly string[] => {
    const waited = waiting.get(pid);
    if (waited === undefined) {
      // The call returned before the child's first line.
      if (!roles.has(pid)) roles.set(pid, role);
      return NOTHING;
    }
    waiting.delete(pid);
    roles.set(pid, role);
    const lines = waited.lines.flatMap(line => take(line, pid));
    if (waited.hasExited) roles.delete(pid);
    return lines;
  };

  const wait = (pid: number, line: string): void => {
    const waited = waiting.get(pid) ?? { lines: [], hasExited: false };
    if (waited.lines.length < MAX_LINES) waited.lines.push(line);
    if (waiting.size < MAX_WAITING) waiting.set(pid, waited);
  };

  /** A call of a process that may be in the middle of being set up. */
  const setUp = (pid: number, role: Role, name: string, args: string, result: string, line: string) => {
    if (role === "other") {
      if (!manager.has(pid) && entersGroup(name, args, options.controlGroup)) roles.set(pid, "setup");
      return NOTHING;
    }
    if ((name !== "execve" && name !== "execveat") || result !== "0") return NOTHING;
    roles.set(pid, "unit");
    processes++;
    return keep([line]);
  };

  function take(line: string, pid: number): readonly string[] {
    const { end } = readLeader(line);
    const said = readStraceLine(line, end);
    const role = roles.get(pid);
    if (role === undefined) {
      // A process that the trace never saw made puts itself into the group: the only other way in.
      const isEntering =
        (said.kind === "unfinished" || said.kind === "call") &&
        entersGroup(said.name, said.args, options.controlGroup);
      if (isEntering) return [...settle(pid, "other"), ...take(line, pid)];
      wait(pid, line);
      const waited = waiting.get(pid);
      if (said.kind === "exit" && waited !== undefined) waited.hasExited = true;
      return NOTHING;
    }
    const own = role === "unit" ? keep([line]) : NOTHING;
    switch (said.kind) {
      case "unfinished":
        calls.set(pid, { name: said.name, args: said.args, line });
        return role === "unit" ? own : setUp(pid, role, said.name, said.args, "?", line);
      case "resumed": {
        const call = calls.get(pid);
        calls.delete(pid);
        if (call === undefined || call.name !== said.name) return own;
        const result = resultOf(said.rest);
        const children = childOf(call.name, said.rest, role, manager.has(pid), settle);
        if (role === "unit") return [...own, ...children];
        const begun = setUp(pid, role, call.name, call.args, result, call.line);
        return begun.length > 0 ? [...begun, ...keep([line])] : children;
      }
      case "call": {
        const children = childOf(said.name, line, role, manager.has(pid), settle);
        if (role === "unit") return [...own, ...children];
        const result = resultOf(line);
        return [...setUp(pid, role, said.name, said.args, result, line), ...children];
      }
      case "superseded": {
        // A thread executed a program: it goes on under its process's number, with its role.
        calls.delete(pid);
        return own;
      }
      case "exit":
        roles.delete(pid);
        calls.delete(pid);
        return own;
      default:
        return own;
    }
  }

  return {
    push(line) {
      const { pid } = readLeader(line);
      if (pid === undefined) return NOTHING;
      read++;
      return take(line, pid);
    },
    finish() {
      // A child whose fork never returned: of a process that was killed in it. Whose it was, nobody can tell.
      waiting.clear();
      return NOTHING;
    },
    counts: () => ({ read, kept, processes }),
  };
}

/** The new process of a fork that returned, with its maker's role; a manager's child is nobody's until it enters a group. */
function childOf(
  name: string,
  text: string,
  role: Role,
  isManager: boolean,
  settle: (pid: number, role: Role) => readonly string[],
): readonly string[] {
  if (!FORKS.has(name)) return NOTHING;
  const pid = processOf(text);
  return pid === undefined || pid <= 0 ? NOTHING : settle(pid, isManager ? "other" : role);
}

/** `= 153 /* 29744 in strace's PID NS *\/`: the number as strace writes it before lines, else what the call returned. */
function processOf(text: string): number | undefined {
  const translated = /\/\* (\d{1,10}) in strace's PID NS \*\/\s*$/.exec(text)?.[1];
  const number = translated ?? resultOf(text);
  return /^\d{1,10}$/.test(number) ? Number(number) : undefined;
}

function resultOf(text: string): string {
  return /\)\s+= (-?\w+)(?: [^=]*)?$/.exec(text)?.[1] ?? "?";
}

const OPENS: Readonly<Record<string, number>> = { open: 0, openat: 1, openat2: 1 };

/** Whether a call opens the unit's `cgroup.procs`, or one below, for writing: who does so is about to write itself into it. */
function entersGroup(name: string, args: string, controlGroup: string): boolean {
  const at = OPENS[name];
  if (at === undefined || !args.includes("cgroup.procs") || !/\bO_(?:WRONLY|RDWR)\b/.test(args)) return false;
  const path = readString(splitArguments(args)[at]) ?? "";
  const found = path.indexOf(`${controlGroup}/`);
  return found >= 0 && path.endsWith("/cgroup.procs");
}
