// What calls do to files → needs: the path itself, the place that it lies in, and the capabilities that root used on it.

import { posix } from "node:path";
import type { FileTree } from "../../host/file-tree.ts";
import { loadPlaces } from "../../rules/places.ts";
import type { TraceAccess, TraceCallTable, TracePathUse } from "../../rules/trace-calls.ts";
import { bootFolders } from "../boot-folders.ts";
import { readShebang } from "../programs.ts";
import type { ReadCall } from "./apply-effects.ts";
import { notePath, readDescriptor, readFlags, readMember } from "./arguments.ts";
import { type Owner, ownerOf, rightFor, type Wanted } from "./file-rights.ts";
import { areMet } from "./match-call.ts";
import type { Process, ProcessTable } from "./processes.ts";
import type { PathResolver } from "./resolve-paths.ts";
import { placeOf, withoutNumbers } from "./trace-places.ts";

/** Where what is found goes. */
export interface FileUse {
  readonly need: (need: string, isSoft?: boolean) => void;
  readonly unresolved: () => void;
}

export interface FileUses {
  /** Every path that a call which succeeded, or was tried, means. */
  use(read: ReadCall, into: FileUse): void;
  /** One path, from an address of a UNIX socket. */
  touch(path: string, access: TraceAccess, process: Process, into: FileUse): void;
  /** Whether the file of a rule's path may belong to another user than root. */
  isForeign(read: ReadCall, index: number): boolean;
  giveAway(path: string | undefined): void;
  /** Whether root wrote in a folder of which nobody knows whose it is, so that what it took is not known either. */
  isOwnerMissed(): boolean;
}

export interface FileUseInput {
  readonly table: TraceCallTable;
  readonly processes: ProcessTable;
  readonly resolver: PathResolver;
  readonly tree?: FileTree;
  /** A process wrote where only the service manager does. */
  readonly onManagerWrite: (process: Process) => void;
}

const MAX_KNOWN = 50_000;
const ROOTS: Owner = { uid: 0, gid: 0, mode: 0o700, isDirectory: true };
/** Of whom it is, a trace does not always tell; of its mode nothing, so nobody else may look. */
const OTHERS: Owner = { uid: 1, gid: 1, mode: 0o700, isDirectory: true };

export function fileUse(input: FileUseInput): FileUses {
  const { table, processes, resolver, tree } = input;
  const { live, everybodys } = loadPlaces();
  /** What the traced processes made, and whose it is. */
  const made = new Map<string, Owner>();
  const checked = new Set<string>();
  let isOwnerUnknown = false;
  const boots = new Map(
    (tree === undefined ? [] : bootFolders(tree)).map(({ path, user }) => [
      path,
      user === "root" || user === "0" ? ROOTS : OTHERS,
    ]),
  );

  /** Whether a path lies below a folder of which a source shows nothing. */
  const isLive = (path: string): boolean => live.some(folder => path.startsWith(`${folder}/`));

  const owner = (path: string): Owner | undefined =>
    made.get(path) ?? boots.get(path) ?? (tree === undefined ? undefined : ownerOf(path, tree));

  /** Whether a path, or a folder above it, was made here. */
  const isMade = (path: string): boolean => {
    for (let at = path, depth = 0; at !== "/" && depth < 16; at = posix.dirname(at), depth++)
      if (made.has(at)) return true;
    return false;
  };

  const remember = (path: string, process: Process): void => {
    if (made.size < MAX_KNOWN) made.set(path, process.identity.isRoot ? ROOTS : OTHERS);
  };

  function pathOf(read: ReadCall, use: TracePathUse): string | undefined {
    const { call, args, process } = read;
    const dir = use.dir === undefined ? undefined : args[use.dir];
    const path = resolver.absolute(process, dir, use.path === undefined ? undefined : args[use.path]);
    // What `-y` says of the new descriptor is what was opened, links followed; but a link in /proc counts as itself.
    const noted =
      use.access === "open" && call.result.kind === "value" && process.place.root === ""
        ? notePath(readDescriptor(`0${call.result.note}`)?.note)
        : undefined;
    if (noted !== undefined && !path?.startsWith("/proc")) return noted;
    return path === undefined ? undefined : resolver.real(path, use.keepsLink === true);
  }

  function touch(path: string, access: TraceAccess, process: Process, into: FileUse): void {
    const name = withoutNumbers(path, processes);
    const place = placeOf(name, access, table.places, () => isMade(path));
    // Who is not root did it without a capability: oom_score_adj may be raised by anybody, proc_pid_oom_score_adj(5).
    for (const need of place?.needs ?? [])
      if (process.identity.isRoot || !need.startsWith("cap:"))
        into.need(need.replace("{}", path), place?.soft);
    const isEntry = access === "entry" || access === "remove" || access === "bind";
    if (isEntry || access === "write" || access === "create") {
      if (table.manager.writes.some(pattern => path.startsWith(pattern.slice(0, -2))))
        input.onManagerWrite(process);
    }
    const kind =
      access === "exec" || access === "load"
        ? "exec"
        : isEntry || access === "write" || access === "create"
          ? "write"
          : "read";
    const parent = posix.dirname(path);
    const subject =
      place?.subject === undefined
        ? isEntry || access === "create"
          ? parent
          : path
        : place.subject === "exact"
          ? path
          : place.subject;
    if (subject !== "drop") into.need(`${kind}:${subject}`);
    if (process.identity.isRoot) checkRights(path, access, into);
    if (access === "remove") made.delete(path);
    else if (isEntry || access === "create")
      if (!made.has(path) && owner(path) === undefined) remember(path, process);
    if (access === "exec") checkProgram(path, process, into);
  }

  function checkRights(path: string, access: TraceAccess, into: FileUse): void {
    if (path.startsWith("/proc/") || path.startsWith("/sys/") || path.startsWith("/dev/")) return;
    const parent = posix.dirname(path);
    const [target, wanted]: readonly [string, Wanted] =
      access === "entry" || access === "remove" || access === "bind"
        ? [parent, "write"]
        : access === "create"
          ? owner(path) === undefined
            ? [parent, "write"]
            : [path, "write"]
          : access === "look"
            ? [parent, "exec"]
            : access === "exec"
              ? [path, "exec"]
              : // A socket is connected to by who may write it: unix(7).
                [path, access === "write" || access === "connect" ? "write" : "read"];
    const key = `${wanted} ${target}`;
    if (checked.has(key)) return;
    if (checked.size >= MAX_KNOWN) checked.clear();
    checked.add(key);
    isOwnerUnknown ||=
      wanted === "write" &&
      access !== "connect" &&
      tree !== undefined &&
      isLive(target) &&
      !everybodys.includes(target) &&
      owner(target) === undefined;
    const right = rightFor(target, wanted, owner);
    if (right !== undefined) into.need(`cap:${right}`);
  }

  /** What executing a file brings along: its interpreter, and privileges that it gives. execve(2). */
  function checkProgram(path: string, process: Process, into: FileUse): void {
    if (tree === undefined || checked.has(`program ${path}`)) return;
    checked.add(`program ${path}`);
    const stat = tree.stat(path);
    if (stat?.kind !== "file") return;
    // Also of libraries, which nobody marks so.
    if ((stat.mode & 0o6000) !== 0) into.need("gain-privileges");
    const interpreter = stat.size > 1 << 20 ? undefined : readShebang(path, tree)?.interpreter;
    if (interpreter?.startsWith("/")) touch(resolver.real(interpreter, false), "exec", process, into);
  }

  return {
    use(read, into) {
      const { call, rule, args, process } = read;
      for (const use of rule.paths ?? []) {
        if (!areMet(use.if, args, call.args, table.constants)) continue;
        const path = pathOf(read, use);
        if (path === undefined) {
          if (isMissed(use, args, process)) into.unresolved();
          continue;
        }
        if (call.result.kind === "error" && !isThere(posix.dirname(path))) continue;
        touch(path, accessOf(use, read, table.constants.open), process, into);
      }
    },
    touch: (path, access, process, into) =>
      touch(resolver.real(path, access !== "connect"), access, process, into),
    isForeign(read, index) {
      const use = read.rule.paths?.[index];
      const path = use === undefined ? undefined : pathOf(read, use);
      if (path === undefined) return true;
      const known = owner(path);
      return known === undefined || known.uid !== 0;
    },
    giveAway(path) {
      if (path === undefined) return;
      if (made.size < MAX_KNOWN || made.has(path)) made.set(path, OTHERS);
      checked.clear();
    },
    isOwnerMissed: () => isOwnerUnknown,
  };

  /** A folder that is missing was so before anything was denied; of those that a running system makes nothing is known. */
  function isThere(folder: string): boolean {
    if (tree === undefined || isLive(`${folder}/`)) return true;
    return isMade(folder) || tree.stat(folder) !== undefined;
  }
}

/** Whether a path should have been known: not that of a socket, or of no descriptor at all. */
function isMissed(use: TracePathUse, args: readonly string[], process: Process): boolean {
  const held = use.dir === undefined ? undefined : readDescriptor(args[use.dir]);
  if (use.path !== undefined) return args[use.path] !== "NULL";
  if (held === undefined || held.fd < 0 || held.note !== undefined) return false;
  return !process.files.has(held.fd);
}

/** open(2): what the flags of an opening ask for. */
function accessOf(
  use: TracePathUse,
  { args }: ReadCall,
  constants: Readonly<Record<string, number>> | undefined,
): TraceAccess {
  if (use.access !== "open") return use.access;
  const argument = use.flags === undefined ? undefined : args[use.flags];
  const flags = readFlags(use.member === undefined ? argument : readMember(argument, use.member), constants);
  if (flags.has("O_PATH")) return "look";
  if (flags.has("O_TMPFILE")) return "write";
  if (flags.has("O_CREAT")) return "create";
  return flags.has("O_WRONLY") || flags.has("O_RDWR") || flags.has("O_TRUNC") ? "write" : "read";
}
