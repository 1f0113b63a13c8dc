// What calls do to what is known of a process: descriptors, working folder, root, user. Which call does what is rule data.

import type { TraceCallRule, TraceCallTable, TraceEffect } from "../../rules/trace-calls.ts";
import { notePath, readConstant, readDescriptor, readFlags, readMember, readNumber } from "./arguments.ts";
import { areMet, pickArgument } from "./match-call.ts";
import type { Process, ProcessTable } from "./processes.ts";
import type { TraceCall } from "./strace.ts";

/** A call with its arguments read. */
export interface ReadCall {
  readonly call: TraceCall;
  readonly rule: TraceCallRule;
  readonly args: readonly string[];
  readonly process: Process;
}

export interface EffectContext {
  readonly table: TraceCallTable;
  readonly processes: ProcessTable;
  /** The path that an argument of this call means. */
  readonly resolve: (
    process: Process,
    dir: string | undefined,
    path: string | undefined,
  ) => string | undefined;
  readonly need: (need: string) => void;
  /** A file changed its owner. */
  readonly giveAway: (path: string | undefined) => void;
}

/** More descriptors than any limit allows stand for a trace that is none. */
const MAX_DESCRIPTORS = 65_536;

/** Applies the effects of a call that succeeded. */
export function applyEffects(read: ReadCall, context: EffectContext): void {
  for (const effect of read.rule.effects ?? []) {
    if (!("if" in effect) || areMet(effect.if, read.args, read.call.args, context.table.constants))
      applyEffect(effect, read, context);
  }
}

function applyEffect(effect: TraceEffect, read: ReadCall, context: EffectContext): void {
  const { call, args, process } = read;
  const { constants } = context.table;
  const result = call.result.kind === "value" ? call.result.value : undefined;
  const closes = (argument: string | undefined): boolean =>
    [...readFlags(argument, constants.open)].some(flag => flag.endsWith("_CLOEXEC"));
  switch (effect.do) {
    case "open": {
      const path = openedPath(read, context);
      const closesOnExec = /O_CLOEXEC/.test(call.args) || closes(args[read.rule.paths?.[0]?.flags ?? 1]);
      hold(process, result, { ...(path === undefined ? {} : { path }), closesOnExec });
      return;
    }
    case "descriptor":
      hold(process, result, { closesOnExec: /CLOEXEC/.test(call.args) });
      return;
    case "pair":
      for (const number of (args[effect.arg] ?? "").match(/\b\d{1,10}(?=[<,\] ]|$)/g) ?? [])
        hold(process, Number(number), { closesOnExec: /CLOEXEC/.test(call.args) });
      return;
    case "socket": {
      const family = readConstant(args[0], constants.family);
      const type = readConstant(args[1], constants.type) ?? typeOf(args[1], constants.type);
      hold(process, result, {
        ...(family === undefined ? {} : { family }),
        ...(type === undefined ? {} : { type }),
        closesOnExec: /CLOEXEC/.test(args[1] ?? ""),
      });
      return;
    }
    case "accept": {
      const listening = process.files.get(readDescriptor(args[effect.arg])?.fd ?? -1);
      hold(process, result, { ...listening, closesOnExec: /CLOEXEC/.test(call.args) });
      return;
    }
    case "close":
      process.files.delete(readDescriptor(args[effect.arg])?.fd ?? -1);
      return;
    case "close-range": {
      const [first, last] = [readNumber(args[0]) ?? 0, readNumber(args[1]) ?? 0];
      if (/CLOEXEC/.test(args[2] ?? "")) return;
      // ~0U comes as -1.
      const end = last < 0 ? Number.POSITIVE_INFINITY : last;
      for (const fd of process.files.keys()) if (fd >= first && fd <= end) process.files.delete(fd);
      return;
    }
    case "dup": {
      const from = process.files.get(readDescriptor(args[effect.from])?.fd ?? -1);
      if (from === undefined || result === undefined) return;
      hold(process, result, { ...from, closesOnExec: /CLOEXEC/.test(call.args) });
      return;
    }
    case "close-on-exec": {
      const fd = readDescriptor(args[effect.arg])?.fd ?? -1;
      const held = process.files.get(fd);
      if (held !== undefined) hold(process, fd, { ...held, closesOnExec: true });
      return;
    }
    case "chdir": {
      const { path, fd } = effect;
      process.place.cwd =
        path === undefined
          ? context.resolve(process, args[fd ?? 0], undefined)
          : context.resolve(process, undefined, args[path]);
      return;
    }
    case "chroot":
      process.place.root = (
        context.resolve(process, undefined, args[effect.path]) ?? process.place.root
      ).replace(/\/$/, "");
      return;
    case "fork": {
      const flags = forkFlags(read.call.name, call.args, effect.flags, constants.clone);
      if (result === undefined || result <= 0) return;
      context.processes.forked(process, flags, result, outerNumber(call));
      return;
    }
    case "unshare": {
      const flags = readFlags(args[0], constants.clone);
      for (const flag of flags) process.identity.left.add(flag);
      if (flags.has("CLONE_FILES")) process.files = new Map(process.files);
      if (flags.has("CLONE_FS") || flags.has("CLONE_NEWNS")) process.place = { ...process.place };
      return;
    }
    case "exec":
      // Threads end, and what they shared is the process's own again.
      process.files = new Map([...process.files].filter(([, held]) => !held.closesOnExec));
      process.place = { ...process.place };
      process.identity = { ...process.identity, limits: new Map(process.identity.limits) };
      return;
    case "number":
      if (result !== undefined) context.processes.numbered(process, result);
      return;
    case "give-away":
      // Who stays the owner keeps an owner's rights, whatever becomes of the group.
      if (![0, -1].includes(readNumber(args[effect.arg]) ?? 1)) context.giveAway(openedPath(read, context));
      return;
    case "no-new-privileges":
      process.identity.isBound = true;
      return;
    case "user": {
      const uid = readNumber(args[effect.arg]);
      if (uid !== undefined && uid !== -1 && effect.names.includes(call.name))
        process.identity.isRoot = uid === 0;
      return;
    }
    case "limit":
      raiseLimit(effect, read, context);
      return;
    default:
      effect satisfies never;
  }
}

function hold(process: Process, fd: number | undefined, held: Parameters<Process["files"]["set"]>[1]): void {
  if (fd === undefined || fd < 0) return;
  if (process.files.size < MAX_DESCRIPTORS || process.files.has(fd)) process.files.set(fd, held);
}

/** The file of a call's first path; what `-y` says of the result is what was really opened. */
function openedPath({ call, rule, args, process }: ReadCall, context: EffectContext): string | undefined {
  const noted =
    call.result.kind === "value" ? notePath(readDescriptor(`0${call.result.note}`)?.note) : undefined;
  if (noted !== undefined) return noted;
  const use = rule.paths?.[0];
  if (use === undefined) return undefined;
  return context.resolve(
    process,
    use.dir === undefined ? undefined : args[use.dir],
    use.path === undefined ? undefined : args[use.path],
  );
}

/** SOCK_STREAM|SOCK_CLOEXEC as a number: the low bits are the type. socket(2). */
function typeOf(
  argument: string | undefined,
  types: Readonly<Record<string, number>> | undefined,
): string | undefined {
  return readConstant(String((readNumber(argument) ?? 0) & 0xf), types);
}

/** The flags of a call that makes processes; vfork(2) shares memory and nothing else that matters here. */
export function forkFlags(
  name: string,
  args: string,
  at: number | undefined,
  table: Readonly<Record<string, number>> | undefined,
): ReadonlySet<string> {
  if (at === undefined || name === "fork" || name === "vfork") return new Set();
  const member = readMember(args, "flags");
  return readFlags(member ?? pickArgument(args.split(", "), at, undefined, args), table);
}

/** `= 2 /* 17597 in strace's PID NS *\/` */
function outerNumber(call: TraceCall): number | undefined {
  const note = call.result.kind === "value" ? call.result.note : "";
  const number = /^ \/\* (\d{1,10}) in strace's PID NS \*\//.exec(note)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** A hard limit above the last one seen takes CAP_SYS_RESOURCE. setrlimit(2). */
function raiseLimit(
  effect: Extract<TraceEffect, { do: "limit" }>,
  { call, args, process }: ReadCall,
  context: EffectContext,
): void {
  const resource = /RLIMIT_[A-Z]+|0x[0-9a-f]+/.exec(args[effect.resource] ?? "")?.[0];
  if (resource === undefined) return;
  const value = hardLimit(args[effect.value]);
  const old = effect.old === undefined ? undefined : hardLimit(args[effect.old]);
  const { limits } = process.identity;
  const before = old ?? limits.get(resource);
  const isSet = value !== undefined && (effect.sets === undefined || effect.sets.includes(call.name));
  if (isSet && before !== undefined && value > before) for (const need of effect.needs) context.need(need);
  const now = value ?? old;
  if (now !== undefined && limits.size < 64) limits.set(resource, now);
}

/** `{rlim_cur=8192*1024, rlim_max=RLIM64_INFINITY}` */
function hardLimit(argument: string | undefined): number | undefined {
  const text = readMember(argument, "rlim_max");
  if (text === undefined) return undefined;
  if (/INFINITY/.test(text)) return Number.POSITIVE_INFINITY;
  const [number, unit] = text.split("*");
  const value = Number.parseInt(number ?? "", 10) * (unit === undefined ? 1 : Number.parseInt(unit, 10));
  return Number.isNaN(value) ? undefined : value;
}
