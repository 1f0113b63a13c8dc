// Evidence 5: what a trace shows. Records of strace go in, needs come out; which call means which need is rule data.
// What a trace does not show is not proof: it is stated as observed coverage, and the level decides.

import type { FileTree } from "../../host/file-tree.ts";
import { loadNeedVocabulary } from "../../rules/needs.ts";
import { loadTraceCalls, type TraceCallNeed } from "../../rules/trace-calls.ts";
import type { Coverage, Evidence, Needs } from "../need.ts";
import { formatNeed, parseNeedPattern } from "../need-pattern.ts";
import { applyEffects, forkFlags, type ReadCall } from "./apply-effects.ts";
import { readConstant, readFlags, readNumber, splitArguments } from "./arguments.ts";
import { type FileUse, fileUse } from "./file-use.ts";
import { areMet, pickArgument } from "./match-call.ts";
import { mergeObserved } from "./observed.ts";
import { type CommandLine, isOneOf } from "./outside-commands.ts";
import { type Process, type ProcessTable, processTable } from "./processes.ts";
import { pathResolver } from "./resolve-paths.ts";
import type { TraceCall, TraceRecord } from "./strace.ts";
import { newPart, type Part } from "./trace-part.ts";
import { useAddresses } from "./use-addresses.ts";

/** What is known of the service beside the trace. */
export interface TraceContext {
  /** Whether its processes may be root; `true` where nobody knows. */
  readonly isRoot: boolean;
  /** Paths of the programs that the unit executes. In a trace of the service manager only they and their children count. */
  readonly programs?: readonly string[];
  /** The unit's `+` commands: what they do needs nothing of the sandbox. */
  readonly outside?: readonly CommandLine[];
  /** Where the unit's programs start, where the trace does not tell: WorkingDirectory=, else "/". */
  readonly workingFolder?: string;
  /** The file system of the service: links are followed in it, and owners and modes tell what root's capabilities were for. */
  readonly tree?: FileTree;
}

export interface TraceResult extends Needs {
  /** Calls that counted. */
  readonly calls: number;
  /** Paths that the trace leaves open: it began in the middle, or strace did not show them. */
  readonly unresolved: number;
}

/** Takes records of one trace, in order; memory is bounded. Only one at a time: it is what a service did. */
export interface TraceCollector {
  add(record: TraceRecord, file: string): void;
  finish(): TraceResult;
}

const MAX_DETAIL = 200;
const MAX_NAMES = 1000;

export function traceCollector(context: TraceContext): TraceCollector {
  const table = loadTraceCalls();
  const rules = new Map(table.calls.flatMap(rule => rule.names.map(name => [name, rule] as const)));
  const vocabulary = loadNeedVocabulary();
  const denied = new Set(table.denied);
  const hints = new Set(table.hints);
  const processes = processTable(context.isRoot);
  const resolver = pathResolver(context.tree, table.links);
  const programs = new Set((context.programs ?? []).flatMap(path => [path, resolver.real(path, false)]));
  const own = newPart(vocabulary);
  const other = newPart(vocabulary);
  /** Kept apart, and told to nobody. */
  const outside = newPart(vocabulary);
  const partOf = ({ isOwn, isOutside }: Process): Part => (isOutside ? outside : isOwn ? own : other);
  let isManaged = false;
  const files = fileUse({
    table,
    processes,
    resolver,
    ...(context.tree === undefined ? {} : { tree: context.tree }),
    onManagerWrite: process => {
      if (!process.isOwn) isManaged = true;
    },
  });

  function addCall(call: TraceCall, file: string): void {
    const process = processes.of(call.pid);
    if (call.comm === "systemd" && !process.isOwn) isManaged = true;
    const rule = rules.get(call.name);
    const { result } = call;
    if (rule === undefined) {
      count(partOf(process), call, file);
      return;
    }
    const args = splitArguments(call.args);
    const read: ReadCall = { call, rule, args, process };
    const isDone = result.kind === "value";
    const isTried = result.kind === "error" && rule.attempts?.includes(result.errno) === true;
    // What a unit's program is executed by is the manager's; the execution itself is the unit's.
    if (isDone && rule.effects?.some(effect => effect.do === "exec") === true) begin(read);
    const part = partOf(process);
    count(part, call, file);
    if (!isDone && !isTried) return;
    const evidence = (): Evidence => ({ by: "trace", file, line: call.line, detail: detailOf(call) });
    const need = (text: string, isSoft?: boolean): void =>
      part.observed.add(parseNeedPattern(text), evidence, isSoft);
    const use: FileUse = { need, unresolved: () => part.unresolved++ };
    files.use(read, use);
    useAddresses(read, { table, resolver, files, need, use });
    for (const each of rule.needs ?? []) {
      if (isNeeded(each, read, processes, files))
        for (const text of needsOf(each, read)) need(text, each.soft);
    }
    if (isDone)
      applyEffects(read, {
        table,
        processes,
        resolve: resolver.absolute,
        need,
        giveAway: path => files.giveAway(path),
      });
  }

  /** A program was executed: of the unit, or of the manager. */
  function begin({ call, args, process }: ReadCall): void {
    const path =
      call.name === "execveat"
        ? resolver.absolute(process, args[0], args[1])
        : resolver.absolute(process, undefined, args[0]);
    if (path === undefined) return;
    const real = resolver.real(path, false);
    if (table.manager.programs.includes(real)) isManaged = true;
    if (!process.isOwn && isOneOf(path, args[call.name === "execveat" ? 2 : 1], context.outside ?? []))
      process.isOutside = true;
    if (!process.isOwn && !process.isOutside && (programs.has(path) || programs.has(real))) {
      process.isOwn = true;
      // Where the manager put it is the unit's view from here on.
      const { cwd, root } = process.place;
      const inside = root !== "" && cwd?.startsWith(root) ? cwd.slice(root.length) || "/" : cwd;
      process.place = {
        cwd: inside ?? context.workingFolder,
        root: "",
      };
    }
    partOf(process).hasStart = true;
  }

  function count(part: Part, call: TraceCall, file: string): void {
    part.calls++;
    if (part.names.has(call.name)) return;
    if (call.result.kind === "error" && denied.has(call.result.errno)) return;
    if (part.names.size >= MAX_NAMES || call.name.startsWith("syscall_0x")) return;
    part.names.add(call.name);
    part.observed.add(
      { kind: "syscall", subject: call.name },
      () => ({ by: "trace", file, line: call.line, detail: detailOf(call) }),
      hints.has(call.name),
    );
    part.first ??= { by: "trace", file, detail: "the calls of the service in this trace" };
  }

  function needsOf({ needs, each }: TraceCallNeed, { args, call }: ReadCall): readonly string[] {
    const found = [...(needs ?? [])];
    if (each !== undefined) {
      const argument = pickArgument(args, each.arg, each.member, call.args);
      const constants = each.table === undefined ? undefined : table.constants[each.table];
      const any = each.names["*"];
      const names =
        any === undefined ? [...readFlags(argument, constants)] : [readConstant(argument, constants)];
      for (const name of names)
        if (name !== undefined)
          found.push(...(each.names[name] ?? any ?? []).map(need => need.replace("{}", name)));
    }
    return found;
  }

  function isNeeded(
    need: TraceCallNeed,
    { args, call, process }: ReadCall,
    all: ProcessTable,
    use: typeof files,
  ) {
    const { identity } = process;
    if (need.root === true && !identity.isRoot) return false;
    if (need.mayGainPrivileges === true && identity.isBound) return false;
    if (need.outside !== undefined && identity.left.has(need.outside)) return false;
    if (!areMet(need.if, args, call.args, table.constants)) return false;
    if (need.process !== undefined && !isOther(need.process, args, process, all)) return false;
    return (
      need.foreignFile === undefined ||
      use.isForeign({ call, args, process, rule: rules.get(call.name) ?? { names: [] } }, need.foreignFile)
    );
  }

  return {
    add(record, file) {
      switch (record.kind) {
        case "call":
          addCall(record, file);
          return;
        case "forking":
          processes.forking(record, flagsOf(record));
          return;
        case "exit":
          processes.exited(record.pid);
          return;
        case "foreign": {
          partOf(processes.of(record.pid)).observed.add({ kind: "foreign-abi" }, () => ({
            by: "trace",
            file,
            line: record.line,
            detail: "runs in 32 bit mode",
          }));
          return;
        }
        default:
          record satisfies never;
      }
    },
    finish() {
      const isOwnAll = own.calls > 0 && isManaged;
      const parts = isOwnAll ? [own] : [own, other];
      const present = mergeObserved(parts.map(part => part.observed));
      return {
        present,
        absent: coverage(isManaged || own.calls > 0 ? own : other),
        calls: parts.reduce((sum, part) => sum + part.calls, 0),
        unresolved: parts.reduce((sum, part) => sum + part.unresolved, 0),
      };
    },
  };

  function flagsOf(record: Extract<TraceRecord, { kind: "forking" }>): ReadonlySet<string> {
    const name = record.args.trim() === "" ? "fork" : record.args.startsWith("{") ? "clone3" : "clone";
    return forkFlags(name, record.args, 1, table.constants.clone);
  }

  /** What a part would have shown, if the service had it: only of one seen from its start, and seen whole. */
  function coverage({ names, hasStart, first, observed: seen }: Part): readonly Coverage[] {
    const isWhole =
      hasStart &&
      first !== undefined &&
      table.unfiltered.every(group => group.some(name => names.has(name))) &&
      !table.blind.some(name => names.has(name));
    if (!isWhole) return [];
    const shown = new Set(seen.list().map(formatNeed));
    const kinds = [
      ...table.covers,
      ...(context.tree === undefined || files.isOwnerMissed() ? [] : table.coversWithFiles),
      ...table.coversUnless.flatMap(({ covers, unless }) =>
        unless.some(need => shown.has(need)) ? [] : covers,
      ),
    ];
    const withdrawn = table.withdrawn.flatMap(({ claims, by }) =>
      by.some(need => shown.has(need)) ? claims : [],
    );
    return kinds
      .map((kind): Coverage => ({ ...parseNeedPattern(kind), certainty: "observed", evidence: first }))
      .filter(({ kind }) => !withdrawn.includes(kind));
  }
}

/** The needs that records of a trace show; for files use `traceCollector` record by record. */
export function traceNeeds(records: Iterable<TraceRecord>, context: TraceContext, file: string): TraceResult {
  const collector = traceCollector(context);
  for (const record of records) collector.add(record, file);
  return collector.finish();
}

/** Whether an argument names a process that is not the trace's, or not the caller's user's. */
function isOther(
  { arg, is }: NonNullable<TraceCallNeed["process"]>,
  args: readonly string[],
  sender: Process,
  processes: ProcessTable,
): boolean {
  const number = readNumber(args[arg]);
  // 0 and -1, the own group and everybody: kill(2).
  if (number === undefined || number === 0) return false;
  if (number === -1) return true;
  const named = processes.named(Math.abs(number));
  if (named === undefined) return true;
  return is === "other-user" && named !== "own" && sender.identity.isRoot && !named.identity.isRoot;
}

function detailOf({ name, args, result }: TraceCall): string {
  const outcome = result.kind === "value" ? `${result.value}` : result.kind === "error" ? result.errno : "?";
  const room = MAX_DETAIL - name.length - outcome.length - 5;
  const shown = args.length > room ? `${args.slice(0, room - 1)}…` : args;
  return `${name}(${shown}) = ${outcome}`.replace(/[\x00-\x1f\x7f-\x9f]/g, "?");
}
