// One function per kind of assessment: settings and a check's parameters come in, a badness of 0…range comes out.
// The kinds are the fixed vocabulary of rules/schema/pack.schema.json; which directive and how bad is the pack's.
import type { Assess } from "../rules/pack.ts";
import type { SettingLookup, SettingValue } from "../settings/settings.ts";
import { addressReach } from "./address-reach.ts";
import type { AssessFacts } from "./assess-facts.ts";
import { isSyscallSetDenied } from "./syscall-set.ts";
import { isEmptyValue, maskOf, numberOf, textOf, wordsOf } from "./value.ts";

type Kind = Assess["kind"];
type Of<K extends Kind> = Extract<Assess, { readonly kind: K }>;

/** What an assessment looks at. */
export interface Judgeable {
  readonly values: SettingLookup;
}

interface Context {
  readonly settings: Judgeable;
  readonly facts: AssessFacts;
  /** The check's own range: what a plain "bad" counts. */
  readonly range: number;
}

function settingOf(context: Context, directive: string): SettingValue | undefined {
  return context.settings.values.get(directive)?.value;
}

/** A directive that the target does not know, or that the unit leaves empty, is off. */
function isOn(context: Context, directive: string, weak: readonly string[] = ["no"]): boolean {
  const value = settingOf(context, directive);
  if (value === undefined || isEmptyValue(value)) return false;
  return !weak.includes(textOf(value));
}

const assessors: { readonly [K in Kind]: (assess: Of<K>, context: Context) => number } = {
  constant: assess => assess.badness,
  on: (assess, context) => (isOn(context, assess.directive, assess.weak) ? 0 : context.range),
  off: (assess, context) => (isOn(context, assess.directive, assess.weak) ? context.range : 0),
  set: (assess, context) => (context.settings.values.get(assess.directive)?.isSet ? 0 : context.range),

  word: (assess, context) => {
    const value = settingOf(context, assess.directive);
    const word = value === undefined ? "" : textOf(value);
    return Object.hasOwn(assess.badness, word)
      ? (assess.badness[word] ?? assess.otherwise)
      : assess.otherwise;
  },

  user: (assess, context) => {
    const user = settingOf(context, assess.directive);
    const name = user === undefined ? "" : textOf(user);
    // A shared name counts as shared even with a dynamic user: it is then that user's name.
    if (assess.shared.includes(name)) return assess.sharedBadness;
    if (assess.root.includes(name)) return assess.rootBadness;
    if (name !== "" || isOn(context, assess.dynamic)) return 0;
    return assess.rootBadness;
  },

  capabilities: (assess, context) => {
    const held = maskOf(settingOf(context, assess.directive));
    if (assess.names.length === 0) return held === 0n ? 0 : context.range;
    const holdsAny = assess.names.some(name => {
      const number = context.facts.words.capabilities.indexOf(name);
      return number >= 0 && (held >> BigInt(number)) % 2n === 1n;
    });
    return holdsAny ? context.range : 0;
  },

  namespace: (assess, context) => {
    const value = settingOf(context, assess.directive);
    const isDenied = value?.kind === "namespaces" && !value.allowed.includes(assess.name);
    return isDenied ? 0 : context.range;
  },

  families: (assess, context) => {
    const value = settingOf(context, assess.directive);
    if (value?.kind !== "families") return context.range;
    const isMember = (name: string) =>
      assess.families ? assess.families.includes(name) : !assess.otherThan?.includes(name);
    // systemd starts from the list's mode and lets any member of the class turn it: one denied exotic family
    // is enough for the class of all the others (analyze-security.c, checked on 252 to 262).
    const isRefused = value.names.some(isMember) ? value.mode === "deny" : value.mode === "allow";
    return isRefused ? 0 : context.range;
  },

  syscalls: (assess, context) => {
    const value = settingOf(context, assess.directive);
    const filter = value?.kind === "syscalls" ? value : undefined;
    if (filter === undefined || (filter.mode === "deny" && filter.names.size === 0))
      return assess.denyBadness;
    if (isSyscallSetDenied(assess.set, filter, context.facts)) return 0;
    return filter.mode === "allow" ? assess.allowBadness : assess.denyBadness;
  },

  list: (assess, context) => {
    const words = wordsOf(settingOf(context, assess.directive));
    if (words.length === 0) return assess.empty;
    const [only] = words;
    if (words.length > 1 || only === undefined) return assess.otherwise;
    const exactly = assess.exactly ?? {};
    return Object.hasOwn(exactly, only) ? (exactly[only] ?? assess.otherwise) : assess.otherwise;
  },

  bits: (assess, context) => {
    const mask = numberOf(settingOf(context, assess.directive)) ?? 0;
    for (const [bits, badness] of assess.unset) if ((mask & Number.parseInt(bits, 8)) === 0) return badness;
    return 0;
  },

  "at-most": (assess, context) => {
    const number = numberOf(settingOf(context, assess.directive));
    return number !== undefined && number <= assess.maximum ? 0 : context.range;
  },

  addresses: (assess, context) => {
    if (assess.filters.some(directive => isOn(context, directive))) return assess.none;
    return assess[addressReach(settingOf(context, assess.deny), settingOf(context, assess.allow))];
  },

  devices: (assess, context) => {
    const policy = settingOf(context, assess.policy);
    if (policy === undefined || !assess.closed.includes(textOf(policy))) return assess.open;
    const list = settingOf(context, assess.list);
    return list === undefined || isEmptyValue(list) ? assess.none : assess.listed;
  },

  paths: (assess, context) => {
    const isElsewhere = assess.directives.some(directive => {
      const value = settingOf(context, directive);
      return value !== undefined && !/^\/*$/.test(textOf(value));
    });
    return isElsewhere ? 0 : context.range;
  },
};

/** The badness that a check's assessment gives, not yet held against its range. */
export function badnessOf(assess: Assess, settings: Judgeable, facts: AssessFacts, range: number): number {
  return callAssessor(assess, { settings, facts, range });
}

function callAssessor<K extends Kind>(assess: Of<K>, context: Context): number {
  // The table ties each kind to its own function; the compiler cannot follow that through an index.
  const assessor = assessors[assess.kind] as (assess: Of<K>, context: Context) => number;
  return assessor(assess, context);
}
