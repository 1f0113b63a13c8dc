// What a unit's own settings and the commands of its Exec lines say about its needs, as data.
import type { Prior } from "./needs.ts";
import { readRuleFile } from "./rule-files.ts";

/** An entry of rules/needs/unit-evidence.json; the schema explains each member. */
export interface UnitEvidenceRule {
  readonly directive: string;
  readonly match?: string;
  readonly set?: boolean;
  readonly folder?: { readonly system?: string; readonly user?: string };
  readonly each?: readonly string[];
  readonly needs?: readonly string[];
  readonly provides?: readonly string[];
  /** Of needs that are only likely. */
  readonly prior?: Prior;
  readonly most?: number;
  /** The needs are those of the units that the setting names, too. */
  readonly mutual?: true;
  readonly because: string;
}

/** An entry of rules/needs/commands.json. */
export interface CommandRule {
  readonly names: readonly string[];
  readonly options?: readonly string[];
  /** A regular expression of the arguments, joined by spaces, with which the entry does not hold. */
  readonly unless?: string;
  readonly paths?: "write" | "read";
  readonly needs: readonly string[];
}

export interface CommandTable {
  readonly commands: readonly CommandRule[];
  readonly shells: readonly string[];
  readonly wrappers: readonly {
    readonly name: string;
    readonly skips?: string;
    /** Where a command begins: after each argument that matches, as find(1)'s `-exec`. */
    readonly after?: string;
  }[];
  /** Where systemd looks for a command without a slash. */
  readonly path: readonly string[];
}

let unitEvidence: readonly UnitEvidenceRule[] | undefined;
let commands: CommandTable | undefined;

export function loadUnitEvidence(): readonly UnitEvidenceRule[] {
  unitEvidence ??= readRuleFile<{ rules: readonly UnitEvidenceRule[] }>("needs/unit-evidence.json").rules;
  return unitEvidence;
}

export function loadCommandTable(): CommandTable {
  commands ??= readRuleFile<CommandTable>("needs/commands.json");
  return commands;
}

/** Functions that go together: what a program that has one of them needs, and what one without them does not. */
export interface SymbolGroup {
  readonly names: readonly string[];
  readonly needs: readonly string[];
  readonly covers?: readonly string[];
}

/** Texts that go together: what a program, a script or a command line that holds one of them needs. */
export interface StringGroup {
  readonly texts: readonly string[];
  /** What has to stand there to count, from where the text begins. */
  readonly pattern?: string;
  /** How many of those that hold a text have the needs; "common" where it is not said. */
  readonly prior?: Prior;
  readonly needs: readonly string[];
}

/** rules/needs/symbols.json; the schema explains each member. */
export interface SymbolTable {
  readonly symbols: readonly SymbolGroup[];
  readonly go: { readonly launches: readonly string[]; readonly groups: readonly SymbolGroup[] };
  readonly launches: readonly string[];
  readonly opens: readonly string[];
  readonly direct: readonly string[];
  readonly libraries: readonly {
    readonly names: readonly string[];
    readonly needs: readonly string[];
    readonly weak?: boolean;
    readonly opaque?: boolean;
  }[];
  readonly strings: readonly StringGroup[];
  readonly quiet: readonly string[];
  /** Address families by their numbers, what raw sockets of some of them need, and options by level and number. */
  readonly sockets: {
    readonly options: readonly {
      readonly level: number;
      readonly number: number;
      readonly title: string;
      /** "common" where it is not said. */
      readonly prior?: Prior;
      readonly needs: readonly string[];
    }[];
    readonly families: readonly { readonly number: number; readonly needs: readonly string[] }[];
    readonly raw: { readonly families: readonly number[]; readonly needs: readonly string[] };
  };
  /** Protections of memory, PROT_WRITE and PROT_EXEC among their bits, that code asks for which is made at run time. */
  readonly memory: { readonly protections: readonly number[]; readonly needs: readonly string[] };
  /** What programs of another format than the system's own need, and by what such programs are recognised. */
  readonly abi: {
    readonly native: readonly string[];
    readonly loaders: readonly string[];
    readonly needs: readonly string[];
  };
  /** Globs of programs whose imports say nothing about a service. */
  readonly interpreters: readonly string[];
  readonly scripts: {
    /** The files of a package that are modules for an interpreter's programs, by their endings. */
    readonly modules: readonly {
      readonly interpreters: readonly string[];
      readonly endings: readonly string[];
    }[];
    /** The paths that a script names are written if they lie below a folder and a mark stands beside them. */
    readonly writes: readonly { readonly folders: readonly string[]; readonly marks: readonly string[] }[];
    readonly endings: readonly string[];
    readonly texts: readonly StringGroup[];
  };
}

let symbols: SymbolTable | undefined;

export function loadSymbolTable(): SymbolTable {
  symbols ??= readRuleFile<SymbolTable>("needs/symbols.json");
  return symbols;
}
