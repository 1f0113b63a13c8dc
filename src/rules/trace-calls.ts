// rules/needs/trace-calls.json: what a system call in a trace says about a service, as data; the schema explains each member.
import { readRuleFile } from "./rule-files.ts";

/** Holds where every member that is given holds. */
export interface TraceCondition {
  /** Which argument, from 0; `all`: the whole text between the parentheses. */
  readonly arg: number | "all";
  /** Of a structure among the arguments, this member. */
  readonly member?: string;
  /** Names of `constants` for arguments that are numbers. */
  readonly table?: string;
  readonly any?: readonly string[];
  readonly all?: readonly string[];
  readonly none?: readonly string[];
  readonly above?: number;
  readonly below?: number;
  readonly bits?: number;
  readonly is?: readonly (number | string)[];
  readonly not?: readonly (number | string)[];
  readonly matches?: string;
}

/** What a call needs by itself. */
export interface TraceCallNeed {
  readonly needs?: readonly string[];
  /** A need for each flag or constant that an argument names: `{}` in a need stands for the name. */
  readonly each?: {
    readonly arg: number;
    readonly member?: string;
    readonly table?: string;
    readonly names: Readonly<Record<string, readonly string[]>>;
  };
  readonly if?: readonly TraceCondition[];
  /** Only of a process that is, or may be, root. */
  readonly root?: boolean;
  /** Programs go on where this is refused. */
  readonly soft?: boolean;
  /** Only of a process that never gave up gaining privileges, prctl(2), PR_SET_NO_NEW_PRIVS. */
  readonly mayGainPrivileges?: boolean;
  /** Only where this file, by its place in `paths`, may belong to another user. */
  readonly foreignFile?: number;
  /** Only of a process that has not left the unit's namespace of this flag. */
  readonly outside?: string;
  /** Only where an argument names a process that is, or is not, of the trace. */
  readonly process?: { readonly arg: number; readonly is: "foreign" | "other-user" };
}

/** How a call touches a file. */
export type TraceAccess =
  | "open"
  | "create"
  | "read"
  | "look"
  | "write"
  | "entry"
  | "remove"
  | "exec"
  /** Mapped to be executed: of the file no more than reading is asked, of the file system that it may hold code. mmap(2). */
  | "load"
  | "bind"
  | "connect";

export interface TracePathUse {
  /** The argument that is the path; without one, the descriptor `dir` itself is meant. */
  readonly path?: number;
  /** The descriptor from which a relative path counts. */
  readonly dir?: number;
  /** The flags of an opening. */
  readonly flags?: number;
  readonly member?: string;
  readonly access: TraceAccess;
  /** A link in the last part is meant itself. */
  readonly keepsLink?: boolean;
  readonly if?: readonly TraceCondition[];
}

/** What a call does to what is known of the process. */
export type TraceEffect =
  | { readonly do: "open" }
  | { readonly do: "descriptor"; readonly what: string; readonly flags?: number }
  | { readonly do: "pair"; readonly arg: number; readonly what: string; readonly flags?: number }
  | { readonly do: "socket" }
  | { readonly do: "accept"; readonly arg: number; readonly flags?: number }
  | { readonly do: "close"; readonly arg: number }
  | { readonly do: "close-range" }
  | {
      readonly do: "dup";
      readonly from: number;
      readonly to?: number;
      readonly flags?: number;
      readonly if?: readonly TraceCondition[];
    }
  | { readonly do: "close-on-exec"; readonly arg: number; readonly if?: readonly TraceCondition[] }
  | { readonly do: "chdir"; readonly path?: number; readonly fd?: number }
  | { readonly do: "chroot"; readonly path: number }
  | { readonly do: "fork"; readonly flags?: number }
  | { readonly do: "unshare" }
  | { readonly do: "exec" }
  | { readonly do: "number" }
  | { readonly do: "give-away"; readonly arg: number }
  | { readonly do: "no-new-privileges"; readonly if?: readonly TraceCondition[] }
  | { readonly do: "user"; readonly names: readonly string[]; readonly arg: number }
  | {
      readonly do: "limit";
      readonly resource: number;
      readonly value: number;
      readonly old?: number;
      /** Calls that set it, where others of the rule only ask. */
      readonly sets?: readonly string[];
      readonly needs: readonly string[];
    };

export interface TraceAddressUse {
  readonly arg: number;
  readonly socket: number;
  readonly use: "connect" | "bind" | "peer";
}

export interface TraceCallRule {
  readonly names: readonly string[];
  readonly paths?: readonly TracePathUse[];
  readonly addresses?: readonly TraceAddressUse[];
  readonly needs?: readonly TraceCallNeed[];
  readonly effects?: readonly TraceEffect[];
  /** Errors with which the call would have changed something on a better day; it is needed all the same. */
  readonly attempts?: readonly string[];
}

/** Paths that mean more, or less, than their own name. The first rule that fits decides. */
export interface TracePlace {
  /** Globs: `*` within a name, a final `/**` for all below; `{own}` and `{other}` stand for processes' numbers in /proc. */
  readonly paths: readonly string[];
  readonly on?: readonly TraceAccess[];
  readonly needs?: readonly string[];
  /** Programs go on where what it needs is refused. */
  readonly soft?: boolean;
  /** Does not hold for paths that the traced processes made themselves. */
  readonly foreign?: boolean;
  /** What becomes of the need of the path itself: nothing (`drop`), the path as it is (`exact`), or this folder. */
  readonly subject?: string;
}

export interface TraceCallTable {
  readonly calls: readonly TraceCallRule[];
  readonly places: readonly TracePlace[];
  /** Links that every system of today has. */
  readonly links: Readonly<Record<string, string>>;
  readonly constants: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Results that say the call was not made, or that the service does without. */
  readonly denied: readonly string[];
  /** A trace that shows one of each group was not limited to some calls. */
  readonly unfiltered: readonly (readonly string[])[];
  /** Calls through which others are made that no trace shows. */
  readonly blind: readonly string[];
  /** What a trace sees completely. */
  /** Calls by which a program asks for a better place or turn, and goes on where it is refused. */
  readonly hints: readonly string[];
  readonly covers: readonly string[];
  /** Seen completely as long as none of `unless` is seen. */
  readonly coversUnless: readonly {
    readonly covers: readonly string[];
    readonly unless: readonly string[];
  }[];
  /** Kinds of which nothing is claimed once one of `by` is seen. */
  readonly withdrawn: readonly { readonly claims: readonly string[]; readonly by: readonly string[] }[];
  /** Of these needs an inference that a whole trace does not confirm is worth a doubt. */
  readonly doubts: readonly string[];
  /** What one sees only with the file system at hand. */
  readonly coversWithFiles: readonly string[];
  /** Signs that a process is the service manager and not the service. */
  readonly manager: { readonly programs: readonly string[]; readonly writes: readonly string[] };
}

let table: TraceCallTable | undefined;

export function loadTraceCalls(): TraceCallTable {
  table ??= readRuleFile<TraceCallTable>("needs/trace-calls.json");
  return table;
}
