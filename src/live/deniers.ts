// What a service asked for → the directives of its unit that deny it, and the lines that would allow it.

import { posix } from "node:path";
import { isAvailable } from "../harden/available.ts";
import { kindOf } from "../needs/judge-denial.ts";
import {
  type CallsOf,
  isBelow,
  type NeedPattern,
  parseNeedPattern,
  subjectContains,
  subjectsOverlap,
} from "../needs/need-pattern.ts";
import { type Denial, type Directive, type DirectiveValue, isDenied } from "../rules/directives.ts";
import type { NeedVocabulary } from "../rules/needs.ts";
import type { Setting, Settings, SettingValue } from "../settings/settings.ts";

/** What the answers rest on. */
export interface DenierContext {
  readonly settings: Settings;
  readonly directives: readonly Directive[];
  readonly vocabulary: NeedVocabulary;
  readonly callsOf: CallsOf;
  /** systemd's names of all capabilities, by number. */
  readonly capabilities: readonly string[];
  readonly isRoot: boolean;
  /** What is at a path when the service starts; `undefined` where there is no file system to look at. */
  readonly pathKind: ((path: string) => "file" | "directory" | "missing") | undefined;
}

/** A directive of the unit that denies a need. */
export interface Denier {
  readonly directive: Directive;
  readonly setting: Setting;
  /** The lines that allow what was asked for and as little else as possible; none where only leaving the directive out would. */
  readonly lines: readonly string[];
}

/** The directives that the unit sets, or that others imply, and that deny the need. */
export function deniersOf(need: NeedPattern, context: DenierContext): readonly Denier[] {
  return context.directives.flatMap(directive => {
    const setting = context.settings.values.get(directive.directive);
    if (setting === undefined || !(setting.isSet || setting.impliedBy.length > 0)) return [];
    const denial = denialOf(need, directive, setting, context);
    return denial === undefined ? [] : [{ directive, setting, lines: denial }];
  });
}

/** The lines that allow the need; `undefined` where the directive does not deny it. */
function denialOf(
  need: NeedPattern,
  directive: Directive,
  setting: Setting,
  context: DenierContext,
): readonly string[] | undefined {
  switch (setting.value.kind) {
    case "capabilities":
    case "families":
    case "namespaces":
    case "syscalls":
      return memberLines(need, directive, setting.value, context);
    case "list":
      return directive.values.some(({ denies }) => denies.some(denial => denial.need.includes("{}")))
        ? pathLines(need, directive, setting.value.value, context)
        : rankedLines(need, directive, setting, context);
    default:
      return rankedLines(need, directive, setting, context);
  }
}

/** A list of what stays allowed: a line more gives one member back. */
function memberLines(
  need: NeedPattern,
  directive: Directive,
  value: SettingValue,
  context: DenierContext,
): readonly string[] | undefined {
  const ownKind = directive.values
    .flatMap(each => denialsOf(each, context))
    .map(denial => parseNeedPattern(denial.need))
    .find(pattern => pattern.subject === "{}")?.kind;
  if (need.kind !== ownKind) return undefined;
  const { subject } = need;
  if (subject === undefined || subject === "*") {
    // The log does not tell which: those that many services use, where there are few.
    const { priors } = kindOf(need.kind, context.vocabulary);
    const usual = Object.entries(priors ?? {}).flatMap(([member, prior]) =>
      value.kind === "families" && /^(?:common|universal)$/.test(prior) ? [member] : [],
    );
    const missing = usual.filter(member => !isMember(member, value, context));
    return missing.length === 0 ? [] : [`${directive.directive}=${missing.join(" ")}`];
  }
  const members = need.kind === "syscall" ? context.callsOf(subject) : [subject];
  const denied = members.filter(member => !isMember(member, value, context));
  if (denied.length === 0) return undefined;
  return [`${directive.directive}=${subject}`];
}

function isMember(member: string, value: SettingValue, { capabilities }: DenierContext): boolean {
  switch (value.kind) {
    case "capabilities": {
      const number = capabilities.indexOf(member);
      return number < 0 || ((value.mask >> BigInt(number)) & 1n) === 1n;
    }
    case "families":
      return (value.mode === "allow") === value.names.includes(member);
    case "namespaces":
      return value.allowed.includes(member);
    case "syscalls":
      return value.mode === "allow" ? value.names.get(member) === null : !value.names.has(member);
    default:
      return true;
  }
}

/** A list of what is denied: an exception below it, or the list without the entry. */
function pathLines(
  need: NeedPattern,
  directive: Directive,
  entries: readonly string[],
  context: DenierContext,
): readonly string[] | undefined {
  const value = directive.values.at(-1);
  if (value === undefined) return undefined;
  const guilty = entries.filter(entry =>
    denies(value, need, context, denial => ({ ...denial, need: denial.need.replace("{}", pathOf(entry)) })),
  );
  const first = guilty[0];
  if (first === undefined) return undefined;
  const exception = exceptionLine(value, need, pathOf(first), context);
  if (exception !== undefined) return [exception];
  const rest = entries.filter(entry => !guilty.includes(entry));
  return [
    `${directive.directive}=`,
    ...(rest.length === 0 ? [] : [`${directive.directive}=${rest.join(" ")}`]),
  ];
}

/** One of several values: an exception to it, or the strictest weaker one that allows the need. */
function rankedLines(
  need: NeedPattern,
  directive: Directive,
  setting: Setting,
  context: DenierContext,
): readonly string[] | undefined {
  const rank = rankOf(directive, setting.value);
  const value = directive.values[rank];
  if (value === undefined || !denies(value, need, context)) return undefined;
  for (let weaker = rank; weaker >= 0; weaker--) {
    const candidate = directive.values[weaker];
    if (candidate === undefined) continue;
    // What stands there now may stay; another value has to be one that the target knows.
    if (weaker < rank && !isAvailable(directive, candidate, context.settings.target)) continue;
    const own = weaker === rank ? [] : [`${directive.directive}=${candidate.value}`];
    if (!denies(candidate, need, context)) return own;
    const outer = denialsOf(candidate, context)
      .map(denial => parseNeedPattern(denial.need))
      .find(pattern => pattern.kind === need.kind && pattern.subject !== undefined)?.subject;
    const exception = exceptionLine(candidate, need, outer, context);
    if (exception !== undefined) return [...own, exception];
  }
  return [];
}

function denialsOf(value: DirectiveValue, { settings, isRoot }: DenierContext): readonly Denial[] {
  const { scope, version } = settings.target;
  return value.denies.filter(denial => isDenied(denial, { scope, version, isRoot }));
}

function denies(
  value: DirectiveValue,
  need: NeedPattern,
  context: DenierContext,
  change: (denial: Denial) => Denial = denial => denial,
): boolean {
  const { vocabulary, callsOf, settings } = context;
  const freed = value.exception === undefined ? [] : listOf(settings, value.exception).map(pathOf);
  return denialsOf(value, context)
    .map(change)
    .some(denial => {
      const denied = parseNeedPattern(denial.need);
      if (denied.kind !== need.kind) return false;
      const kind = kindOf(need.kind, vocabulary);
      if (!subjectsOverlap(kind, denied.subject, need.subject, callsOf)) return false;
      // A path above the denied one was itself not denied: who may not read /home/x was not refused /.
      if (kind.subject === "path" && !subjectContains(kind, denied.subject, need.subject, callsOf))
        return need.subject === "*";
      const spared = [...(denial.except ?? []), ...freed];
      return !spared.some(
        outer => need.subject !== undefined && subjectContains(kind, outer, need.subject, callsOf),
      );
    });
}

/** The line of the value's exception that frees the subject, as narrow as systemd takes it. */
function exceptionLine(
  value: DirectiveValue,
  need: NeedPattern,
  denied: string | undefined,
  context: DenierContext,
): string | undefined {
  const { exception } = value;
  const { subject } = need;
  if (exception === undefined || subject === undefined || subject === "*") return undefined;
  switch (kindOf(need.kind, context.vocabulary).subject) {
    case "path": {
      if (need.kind === "device") return `${exception}=${subject} rw`;
      const isAll = ({ folder }: Place): boolean =>
        folder === "/" || (denied !== undefined && denied !== "*" && isBelow(denied, folder));
      const places = [placeOf(subject, context), { folder: posix.dirname(subject), isCertain: false }];
      const place = places.find(each => !isAll(each));
      return place === undefined ? undefined : `${exception}=${place.isCertain ? "" : "-"}${place.folder}`;
    }
    case "port":
      return `${exception}=${subject.replace(/:\*$/, "")}`;
    case "address":
      return `${exception}=${subject}`;
    default:
      return undefined;
  }
}

interface Place {
  readonly folder: string;
  /** Whether it is known to be there when the service starts. */
  readonly isCertain: boolean;
}

/**
 * The folder to name for a path: files come and go, and a mount on a file would keep it from being replaced.
 * Without a file system to look at, the path itself is taken for a file of its folder, and the folder may be missing.
 */
function placeOf(path: string, { pathKind }: DenierContext): Place {
  if (pathKind === undefined) return { folder: posix.dirname(path), isCertain: false };
  let folder = path;
  while (folder !== "/" && pathKind(folder) !== "directory") folder = posix.dirname(folder);
  return { folder, isCertain: true };
}

/** An entry of a list of paths without its prefixes and what is mounted there. */
export function pathOf(entry: string): string {
  return entry.replace(/^[-+]+/, "").split(":")[0] ?? "";
}

function listOf(settings: Settings, directive: string): readonly string[] {
  const value = settings.values.get(directive)?.value;
  return value?.kind === "list" ? value.value : [];
}

/** The place of a value among the directive's; the strictest for what is set to a name or an address of its own. */
function rankOf(directive: Directive, value: SettingValue): number {
  const written =
    value.kind === "boolean"
      ? [value.value ? "yes" : "no"]
      : value.kind === "word" || value.kind === "text"
        ? [value.value]
        : value.kind === "list"
          ? value.value
          : [];
  const found = directive.values.findLastIndex(entry => written.includes(entry.value));
  if (found >= 0 || value.kind === "boolean" || value.kind === "word") return found;
  const isSomething =
    (value.kind === "text" && value.value !== "") ||
    (value.kind === "list" && value.value.length > 0) ||
    (value.kind === "addresses" && value.prefixes.length > 0);
  return isSomething ? directive.values.length - 1 : -1;
}
