// How logs speak of denials, and the numbers of system calls in audit records, as data.
import { readRuleFile } from "./rule-files.ts";

/** rules/needs/log-words.json; the schema explains each member. */
export interface LogWords {
  readonly errors: readonly {
    readonly name: string;
    readonly number: number;
    readonly texts: readonly string[];
    readonly needsPath?: boolean;
    readonly needsCall?: boolean;
  }[];
  readonly signals: readonly {
    readonly name: string;
    readonly number: number;
    readonly texts?: readonly string[];
  }[];
  readonly access: Readonly<Record<"exec" | "write" | "read", readonly string[]>>;
  readonly calls: readonly { readonly call: string; readonly says?: readonly string[] }[];
}

interface CallNumbers {
  readonly codes: Readonly<Record<string, string>>;
  readonly names: Readonly<Record<string, string>>;
  readonly same: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

let words: LogWords | undefined;
let numbers: CallNumbers | undefined;

export function loadLogWords(): LogWords {
  words ??= readRuleFile<LogWords>("needs/log-words.json");
  return words;
}

function loadCallNumbers(): CallNumbers {
  numbers ??= readRuleFile<CallNumbers>("systemd/call-numbers.json");
  return numbers;
}

/** systemd's word for an architecture as audit records write it: `c000003e`, or `x86_64` after ausearch -i. */
export function auditArchitecture(text: string): string | undefined {
  const { codes, names } = loadCallNumbers();
  const code = text.toLowerCase();
  if (Object.hasOwn(codes, code)) return codes[code];
  return Object.hasOwn(names, code) ? names[code] : undefined;
}

/** The name of a system call by its number; `undefined` where the table of the architecture is not known. */
export function callName(architecture: string | undefined, number: number): string | undefined {
  const { same, tables } = loadCallNumbers();
  if (architecture === undefined) return undefined;
  const name = tables[same[architecture] ?? architecture]?.[number];
  return name === "" ? undefined : name;
}

/** The number of a system call that a record gives by its name. */
export function callNumber(architecture: string | undefined, name: string): number | undefined {
  const { same, tables } = loadCallNumbers();
  const number =
    architecture === undefined ? -1 : (tables[same[architecture] ?? architecture]?.indexOf(name) ?? -1);
  return number < 0 ? undefined : number;
}
