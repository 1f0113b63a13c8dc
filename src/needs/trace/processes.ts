// Which processes a trace is about, and what is known of each: where it stands, what it holds open, who it is.
// fork(2), clone(2), execve(2) say what is shared, copied and lost.

import type { TraceRecord } from "./strace.ts";

/** What a descriptor leads to, as far as the trace tells. */
export interface Descriptor {
  readonly path?: string;
  readonly family?: string;
  /** `SOCK_STREAM`, `SOCK_DGRAM`, … */
  readonly type?: string;
  readonly closesOnExec: boolean;
}

/** Shared by threads: replaced as a whole where a call parts them. */
interface Place {
  /** Absolute; unknown where a trace began in the middle and no `-y` told. */
  cwd: string | undefined;
  /** "" for the unit's own root, else the folder that chroot(2) made it. */
  root: string;
}

interface Identity {
  /** Whether it is root or may be. */
  isRoot: boolean;
  isBound: boolean;
  /** Namespaces, by their flag, that it made for itself. */
  readonly left: Set<string>;
  /** The hard limits that it was seen to have. */
  readonly limits: Map<string, number>;
}

export interface Process {
  /** As the tracer sees it. */
  readonly pid: number;
  /** As its own PID namespace sees it, where that differs. */
  inner: number | undefined;
  /** Whether it, or the process that it comes from, executed a program of the unit in this trace. */
  isOwn: boolean;
  /** Whether it, or the process that it comes from, is a command of the unit that runs outside of the sandbox. */
  isOutside: boolean;
  files: Map<number, Descriptor>;
  place: Place;
  identity: Identity;
}

export interface ProcessTable {
  /** The process of a line; made up where nothing is known of it. */
  of(pid: number): Process;
  forking(record: Extract<TraceRecord, { kind: "forking" }>, flags: ReadonlySet<string>): void;
  /** A call that makes processes has returned. @param outer the child's number as the tracer sees it, where told */
  forked(parent: Process, flags: ReadonlySet<string>, child: number, outer: number | undefined): void;
  exited(pid: number): void;
  /** A process learnt its own number. */
  numbered(process: Process, number: number): void;
  /** Whether a number that a process names belongs to the trace; and if so, the process. */
  named(number: number): Process | "own" | undefined;
}

interface Birth {
  readonly parent: Process;
  readonly child: Omit<Process, "pid">;
  /** What the call returned. */
  result?: number;
  /** The child's number, where it is certain. */
  outer?: number;
}

const MAX_PROCESSES = 20_000;
const MAX_BIRTHS = 4000;
/** Numbers that were seen, for `/proc/PID` and kill(2) of processes that ended since. */
const MAX_NUMBERS = 200_000;

/** @param isRoot whether processes of which nothing is known may be root */
export function processTable(isRoot: boolean): ProcessTable {
  const processes = new Map<number, Process>();
  const numbers = new Map<number, Process | "own">();
  const births: Birth[] = [];
  /** Children that spoke before the call that made them returned, by their parent. */
  const early = new Map<Process, Process>();
  /** Whether children were seen under the number that their parent was told: then there is one PID namespace. */
  let isOneNamespace = false;
  /** On a terminal, lines name no process as long as there is but one. */
  let nameless: Process | undefined;
  let namelessNumber: number | undefined;

  const remember = (number: number, process: Process): void => {
    if (numbers.size < MAX_NUMBERS || numbers.has(number)) numbers.set(number, process);
  };

  function enter(process: Process): Process {
    if (processes.size >= MAX_PROCESSES) {
      const oldest = processes.keys().next().value;
      if (oldest !== undefined) processes.delete(oldest);
    }
    processes.set(process.pid, process);
    remember(process.pid, process);
    if (process.inner !== undefined) remember(process.inner, process);
    return process;
  }

  function claim(pid: number): Birth | undefined {
    let index = births.findIndex(birth => (birth.outer ?? birth.result) === pid);
    if (index >= 0) isOneNamespace ||= births[index]?.result === pid;
    else {
      const isOpen = (birth: Birth) => birth.outer === undefined && birth.parent.pid !== pid;
      index = births.findIndex(birth => isOpen(birth) && birth.result === undefined);
      if (index < 0 && !isOneNamespace) index = births.findIndex(isOpen);
    }
    return index < 0 ? undefined : births.splice(index, 1)[0];
  }

  function of(pid: number): Process {
    const known = processes.get(pid);
    if (known !== undefined) return known;
    if (pid === 0 && processes.size === 1) for (const only of processes.values()) return only;
    // A number that is no child's, on a terminal: the process that had none so far.
    const isChild = births.some(birth => (birth.outer ?? birth.result) === pid);
    if (nameless !== undefined && namelessNumber === undefined && !isChild) {
      namelessNumber = pid;
      processes.set(pid, nameless);
      processes.delete(0);
      remember(pid, nameless);
      return nameless;
    }
    const birth = claim(pid);
    const made = enter({
      pid,
      ...(birth?.child ?? {
        inner: undefined,
        isOwn: false,
        isOutside: false,
        files: new Map(),
        place: { cwd: undefined, root: "" },
        identity: { isRoot, isBound: false, left: new Set(), limits: new Map() },
      }),
    });
    if (birth !== undefined && birth.result === undefined) early.set(birth.parent, made);
    if (birth?.result !== undefined && birth.result !== pid) {
      made.inner = birth.result;
      remember(birth.result, made);
    }
    if (pid === 0) nameless = made;
    return made;
  }

  function bear(parent: Process, flags: ReadonlySet<string>): Birth {
    const isThread = flags.has("CLONE_THREAD");
    const { identity } = parent;
    const namespaces = [...flags].filter(flag => flag.startsWith("CLONE_NEW"));
    const birth: Birth = {
      parent,
      child: {
        inner: undefined,
        isOwn: parent.isOwn,
        isOutside: parent.isOutside,
        files: flags.has("CLONE_FILES") ? parent.files : new Map(parent.files),
        place: flags.has("CLONE_FS") ? parent.place : { ...parent.place },
        identity: isThread
          ? identity
          : {
              ...identity,
              left: new Set([...identity.left, ...namespaces]),
              limits: new Map(identity.limits),
            },
      },
    };
    births.push(birth);
    if (births.length > MAX_BIRTHS) births.shift();
    return birth;
  }

  return {
    of,
    forking({ pid, child }, flags) {
      const birth = bear(of(pid), flags);
      if (child !== undefined) birth.outer = child;
    },
    forked(parent, flags, child, outer) {
      const waiting = early.get(parent);
      if (waiting !== undefined) {
        early.delete(parent);
        if (waiting.pid === child) isOneNamespace = true;
        else waiting.inner = child;
        remember(child, waiting);
        return;
      }
      const known = processes.get(outer ?? child);
      const begun = births.find(birth => birth.parent === parent && birth.result === undefined);
      if (begun !== undefined) {
        begun.result = child;
        if (outer !== undefined) begun.outer = outer;
      } else if (known === undefined || known === parent) {
        const birth = bear(parent, flags);
        birth.result = child;
        if (outer !== undefined) birth.outer = outer;
      }
      if (!numbers.has(child)) numbers.set(child, "own");
    },
    exited(pid) {
      const process = processes.get(pid);
      processes.delete(pid);
      if (process !== undefined) early.delete(process);
    },
    numbered: (process, number) => remember(number, process),
    named: number => numbers.get(number),
  };
}
