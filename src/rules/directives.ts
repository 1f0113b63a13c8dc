// rules/directives/*.json comes in, one file per directive; typed knowledge goes out, each denial in one shape.
import { hasRuleFile, listRuleFiles, readRuleFile } from "./rule-files.ts";
import type { Scope } from "./scope.ts";

/** What a value takes away from the service, in the vocabulary of needs; the schema explains each word. */
export interface Denial {
  /** `kind` or `kind:subject`; a path denies everything below it, `*` any subject, `{}` the member that a list leaves out. */
  readonly need: string;
  /** Subjects below it that stay allowed. */
  readonly except?: readonly string[];
  /** Only for services of one sort; `user-manager`: those of an unprivileged user manager. */
  readonly when?: "root" | "not-root" | "user-manager";
  /** Last version of systemd that denies it. */
  readonly until?: number;
}

export interface Implication {
  /** `DIRECTIVE=VALUE`, or a requirement such as `mount-namespace`. */
  readonly effect: string;
  readonly when?: "root" | "not-root" | "user-manager" | "always";
  readonly since?: number;
  /** Last version of systemd that does so. */
  readonly until?: number;
}

export interface DirectiveValue {
  readonly value: string;
  readonly since?: number;
  readonly scopes?: readonly Scope[];
  readonly denies: readonly Denial[];
  readonly implies?: readonly Implication[];
  /** The directive that takes one denied subject out again. */
  readonly exception?: string;
  /** 0 cannot plausibly hurt a service … 4 hurts most. */
  readonly risk: number;
  readonly note?: string;
}

export type DirectiveKind =
  | "ordered"
  | "capabilities"
  | "families"
  | "namespaces"
  | "syscalls"
  | "architectures"
  | "devices"
  | "paths"
  | "addresses"
  | "ports"
  | "names"
  | "mask"
  | "companion";

/** All that is known about one directive. */
export interface Directive {
  readonly directive: string;
  /** First version of systemd that knows it. */
  readonly since: number;
  readonly scopes: readonly Scope[];
  readonly man: string;
  readonly kind: DirectiveKind;
  /** Under which comment it stands in a drop-in. */
  readonly group: string;
  /** What a service has where nothing sets the directive, if systemd's offline check believes otherwise. */
  readonly unset?: string;
  readonly title: string;
  readonly explanation: string;
  readonly attack: string;
  readonly checks?: readonly string[];
  /** `false`: known and explained, never proposed by itself. */
  readonly propose: boolean;
  /** From weakest to strictest. */
  readonly values: readonly DirectiveValue[];
  readonly requires?: readonly string[];
  readonly breaks: readonly { readonly what: string; readonly why: string }[];
  readonly symptom: string;
  readonly errnos?: readonly string[];
  readonly mend?: string;
  readonly companions?: readonly string[];
  /** Of a filter of calls: those that must not be denied with an error of their own. */
  readonly unanswered?: readonly string[];
  /** Of an exception for devices: the nodes that can be named. */
  readonly nodes?: readonly string[];
  readonly links?: readonly string[];
}

type Written<T> = Omit<T, "denies"> & { readonly denies: readonly (string | Denial)[] };
type WrittenDirective = Omit<Directive, "values" | "propose"> & {
  readonly propose?: boolean;
  readonly values: readonly Written<DirectiveValue>[];
};

const read = new Map<string, Directive>();

/** The names of all directives that there is knowledge about, sorted; opens no file. */
export function directiveNames(): readonly string[] {
  return listRuleFiles("directives");
}

/** What is known about a directive; `undefined` where there is nothing. Names are case-sensitive, as systemd's. */
export function loadDirective(name: string): Directive | undefined {
  const known = read.get(name);
  if (known !== undefined) return known;
  const file = `directives/${name}.json`;
  // The name may be a user's: only what can be a directive's name may become a path.
  if (!/^[A-Za-z0-9]+$/.test(name) || !hasRuleFile(file)) return undefined;
  const written = readRuleFile<WrittenDirective>(file);
  const directive: Directive = {
    ...written,
    propose: written.propose ?? true,
    values: written.values.map(value => ({
      ...value,
      denies: value.denies.map(denial => (typeof denial === "string" ? { need: denial } : denial)),
    })),
  };
  read.set(name, directive);
  return directive;
}

let all: readonly Directive[] | undefined;

/** Every directive, sorted by name, the same list at every call; reads all files, so only for what needs all. */
export function loadDirectives(): readonly Directive[] {
  all ??= directiveNames().flatMap(name => loadDirective(name) ?? []);
  return all;
}

/** What decides whether a denial holds: who runs the service, and which systemd. */
export interface ServiceSort {
  readonly isRoot: boolean;
  readonly scope: Scope;
  readonly version: number;
}

/** Whether a value denies it for a service of this sort. A user manager's services are never root's. */
export function isDenied(denial: Denial, sort: ServiceSort): boolean {
  if (denial.when === "user-manager") return sort.scope === "user";
  if (denial.until !== undefined && sort.version > denial.until) return false;
  return denial.when === undefined || (denial.when === "root") === sort.isRoot;
}
