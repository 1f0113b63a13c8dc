// A proposal never weakens: after it, no setting may allow anything that it did not allow before.

import type { Knowledge } from "../needs/judge-denial.ts";
import { parseNeedPattern } from "../needs/need-pattern.ts";
import { oncePer } from "../needs/once-per.ts";
import type { Directive } from "../rules/directives.ts";
import type { CallSets } from "../settings/call-sets.ts";
import type { Setting, Settings, SettingValue } from "../settings/settings.ts";
import { rankOf } from "./choose-ordered.ts";
import { deniedToday } from "./denied-today.ts";

/** The directives that allow more after than before. Directives that restrict nothing are never among them. */
export function looserSettings(
  before: Settings,
  after: Settings,
  directives: readonly Directive[],
  calls: CallSets,
  knowledge: Knowledge,
): readonly string[] {
  return directives
    .filter(directive => {
      const [old, now] = [before.values.get(directive.directive), after.values.get(directive.directive)];
      if (old === undefined || now === undefined) return false;
      return (
        isLooser(directive, old, now, calls) ||
        freesDenied(directive, old, now, before, directives, knowledge)
      );
    })
    .map(directive => directive.directive);
}

/** Whether an exception directive frees something that was denied before: a path that was read-only, a device that was closed. */
function freesDenied(
  companion: Directive,
  old: Setting,
  now: Setting,
  before: Settings,
  directives: readonly Directive[],
  knowledge: Knowledge,
): boolean {
  const freed = freedBy(directives).get(companion.directive);
  if (freed === undefined) return false;
  const known = new Set(wordsOf(old));
  // Only what the unit's files say: ProtectClock= lets the clock's device be read by itself, in every unit that has it.
  const added = wordsOf(now).filter(word => !known.has(word));
  if (added.length === 0) return false;
  const isDenied = deniedToday(before, freed.directives, knowledge);
  return added.some(subject =>
    [...freed.kinds].some(kind =>
      isDenied({ kind, subject, certainty: "declared", evidence: { by: "unit", detail: "" } }),
    ),
  );
}

/** By the name of an exception directive: those that it takes something out of, and the kinds of need that it can. */
interface Freed {
  readonly directives: readonly Directive[];
  readonly kinds: ReadonlySet<string>;
}

const freedBy = oncePer((directives: readonly Directive[]): ReadonlyMap<string, Freed> => {
  const exceptions = new Set(
    directives.flatMap(({ values }) => values.flatMap(each => each.exception ?? [])),
  );
  return new Map(
    [...exceptions].map(exception => {
      const values = directives.flatMap(one => one.values.filter(value => value.exception === exception));
      // What stands alone, such as mounts that others see, no path can free.
      const kinds = values.flatMap(({ denies }) =>
        denies.flatMap(({ need }) => {
          const { kind, subject } = parseNeedPattern(need);
          return subject === undefined ? [] : [kind];
        }),
      );
      const held = directives.filter(one => one.values.some(value => value.exception === exception));
      return [exception, { directives: held, kinds: new Set(kinds) }];
    }),
  );
});

function wordsOf(setting: Setting): readonly string[] {
  return setting.origins
    .flatMap(origin => origin.value.split(/\s+/))
    .map(word => word.replace(/^[-+]+/, ""))
    .filter(word => word !== "");
}

/** Whether `after` allows anything that `before` does not. */
export function isLooser(directive: Directive, before: Setting, after: Setting, calls: CallSets): boolean {
  const [old, now] = [before.value, after.value];
  if (directive.kind === "ordered") return rankOf(directive, after) < rankOf(directive, before);
  if (directive.kind === "companion") return false;
  if (old.kind !== now.kind) return true;
  switch (now.kind) {
    case "capabilities":
      return old.kind === now.kind && (now.mask & ~old.mask) !== 0n;
    case "namespaces":
      return old.kind === now.kind && now.allowed.some(name => !old.allowed.includes(name));
    case "families":
      return old.kind === now.kind && allowsMoreFamilies(old, now);
    case "syscalls":
      return old.kind === now.kind && calls.all.some(call => allowsCall(now, call) && !allowsCall(old, call));
    case "number":
      // UMask=: a bit that is cleared lets somebody in.
      return old.kind === now.kind && directive.kind === "mask" && (old.value & ~now.value) !== 0;
    default:
      return false;
  }
}

type Families = Extract<SettingValue, { kind: "families" }>;

function allowsMoreFamilies(old: Families, now: Families): boolean {
  if (now.mode === "allow")
    return now.names.some(name => (old.mode === "allow") !== old.names.includes(name));
  // A deny list allows what nobody listed, which an allow list never does.
  return old.mode === "allow" || old.names.some(name => !now.names.includes(name));
}

function allowsCall(filter: Extract<SettingValue, { kind: "syscalls" }>, call: string): boolean {
  return filter.mode === "allow" ? filter.names.get(call) === null : !filter.names.has(call);
}
