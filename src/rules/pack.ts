// What a pack holds, as rules/schema/pack.schema.json describes it: data comes in, nothing is decided here.
import type { Scope } from "./scope.ts";

/** How badly a check's directive stands, as data; the schema explains each kind. */
export type Assess =
  | { readonly kind: "constant"; readonly badness: number }
  | { readonly kind: "on"; readonly directive: string; readonly weak?: readonly string[] }
  | { readonly kind: "off"; readonly directive: string; readonly weak?: readonly string[] }
  | { readonly kind: "set"; readonly directive: string }
  | {
      readonly kind: "word";
      readonly directive: string;
      readonly badness: Readonly<Record<string, number>>;
      readonly otherwise: number;
    }
  | {
      readonly kind: "user";
      readonly directive: string;
      readonly dynamic: string;
      readonly root: readonly string[];
      readonly shared: readonly string[];
      readonly sharedBadness: number;
      readonly rootBadness: number;
    }
  | { readonly kind: "capabilities"; readonly directive: string; readonly names: readonly string[] }
  | { readonly kind: "namespace"; readonly directive: string; readonly name: string }
  | {
      readonly kind: "families";
      readonly directive: string;
      readonly families?: readonly string[];
      readonly otherThan?: readonly string[];
    }
  | {
      readonly kind: "syscalls";
      readonly directive: string;
      readonly set: string;
      readonly allowBadness: number;
      readonly denyBadness: number;
    }
  | {
      readonly kind: "list";
      readonly directive: string;
      readonly empty: number;
      readonly exactly?: Readonly<Record<string, number>>;
      readonly otherwise: number;
    }
  | {
      readonly kind: "bits";
      readonly directive: string;
      readonly unset: readonly (readonly [string, number])[];
    }
  | { readonly kind: "at-most"; readonly directive: string; readonly maximum: number }
  | {
      readonly kind: "addresses";
      readonly deny: string;
      readonly allow: string;
      readonly filters: readonly string[];
      readonly open: number;
      readonly some: number;
      readonly local: number;
      readonly none: number;
    }
  | {
      readonly kind: "devices";
      readonly policy: string;
      readonly closed: readonly string[];
      readonly list: string;
      readonly open: number;
      readonly listed: number;
      readonly none: number;
    }
  | { readonly kind: "paths"; readonly directives: readonly string[] };

/** The check does not apply where the service runs as root. */
export interface UnprivilegedOnly {
  readonly user: string;
  readonly dynamic: string;
  readonly root: readonly string[];
}

/** What is different about a check for some targets; the first that fits holds. */
export interface CheckOverride {
  readonly since?: number;
  readonly before?: number;
  readonly scope?: Scope;
  readonly assess?: Assess;
  readonly notApplicable?: true;
  readonly unprivilegedOnly?: false;
}

/** A check that is scored. */
export interface Check {
  readonly id: string;
  /** Ids that it had before. */
  readonly aliases?: readonly string[];
  readonly name?: string;
  readonly title: string;
  readonly weight: number;
  /** The worst badness that it can give, 1 or more. */
  readonly range: number;
  readonly since?: number;
  readonly before?: number;
  readonly defaultDependenciesOnly?: boolean;
  readonly unprivilegedOnly?: UnprivilegedOnly;
  /** The directive whose lines explain the result. */
  readonly directive: string;
  readonly assess: Assess;
  readonly overrides?: readonly CheckOverride[];
  /** Assignments that make the badness 0. */
  readonly mend: readonly string[];
  readonly texts?: { readonly good?: string; readonly bad?: string; readonly notApplicable?: string };
  readonly explanation: string;
  readonly attack: string;
  readonly breaks: string;
  readonly links?: readonly string[];
}

/** A statement about effective settings; holds where everything that it says holds. */
export interface Condition {
  readonly directive?: string;
  readonly isSet?: boolean;
  readonly isEmpty?: boolean;
  readonly is?: readonly string[];
  readonly isNot?: readonly string[];
  readonly has?: readonly string[];
  readonly lacks?: readonly string[];
  readonly mode?: "allow" | "deny";
  readonly scope?: Scope;
  readonly since?: number;
  readonly before?: number;
  readonly not?: Condition;
}

export type Vocabulary = "capabilities" | "namespaces" | "families" | "syscalls" | "architectures";

/** What makes a rule find something; the schema explains each kind. */
export type Detect =
  | { readonly kind: "settings"; readonly at: string; readonly all: readonly Condition[] }
  | {
      readonly kind: "assignment";
      readonly directives: readonly string[];
      readonly values?: readonly string[];
      readonly contains?: readonly string[];
      readonly startsWith?: readonly string[];
      readonly sections?: readonly string[];
      readonly scope?: Scope;
    }
  | {
      readonly kind: "words";
      readonly directive: string;
      readonly vocabulary: Vocabulary;
      readonly which: "some" | "all";
      readonly negated?: boolean;
    }
  | { readonly kind: "exec-prefix"; readonly prefixes: string; readonly sandbox: readonly string[] }
  | { readonly kind: "stray-drop-in" }
  | { readonly kind: "too-new"; readonly directives: readonly string[] }
  | { readonly kind: "address-cover"; readonly directive: string; readonly covers: "by-parts" | "one-family" }
  | {
      readonly kind: "symlink";
      readonly directive: string;
      readonly values: readonly string[];
      readonly paths: readonly string[];
    };

export type FindingSeverity = "error" | "warning" | "note";

/** A unit that shows a rule at work. */
export interface Example {
  readonly unit: string;
  readonly name?: string;
  readonly systemd?: number;
  readonly scope?: Scope;
  /** Other files of the tree; `-> TARGET` makes a symbolic link. */
  readonly files?: Readonly<Record<string, string>>;
}

/** A rule that finds things without scoring them. */
export interface Rule {
  readonly rule: string;
  /** Names that it had before. */
  readonly aliases?: readonly string[];
  readonly severity: FindingSeverity;
  readonly title: string;
  /** One sentence with `{name}` where the finding's arguments go. */
  readonly message: string;
  readonly explanation: string;
  readonly mend?: string;
  readonly detect: Detect;
  readonly examples: { readonly bad: readonly Example[]; readonly good: readonly Example[] };
  readonly links?: readonly string[];
}

export interface Pack {
  readonly pack: string;
  readonly title: string;
  readonly description?: string;
  /** Lists of directives by name; `@NAME` in a rule stands for one. */
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly checks?: readonly Check[];
  readonly rules?: readonly Rule[];
}
