// The vocabulary in which rules/systemd/ speaks of a unit's values: see `Condition` in src/rules/systemd-rules.ts.
import type { Condition } from "../rules/systemd-rules.ts";
import { unescapePath } from "../unit/unit-name.ts";
import { simplifyPath } from "./parse-paths.ts";
import type { SettingLookup, SettingValue, Target } from "./settings.ts";
import { wordsOf } from "./words-of.ts";

export interface ConditionSubject {
  readonly values: SettingLookup;
  readonly target: Target;
  readonly unitType: string;
  /** Absent where any unit of the type is meant: then a condition on the name is taken to hold. */
  readonly unit?: string;
}

/** Whether all members of a condition hold. A directive that the unit cannot have is unset and empty. */
export function holds(condition: Condition, subject: ConditionSubject): boolean {
  const { directive, isSet, is, below, atLeast, isNamesake, onePathIn } = condition;
  const { scope, unitType, unitName, all, any, not } = condition;
  if (scope !== undefined && scope !== subject.target.scope) return false;
  if (unitType !== undefined && unitType !== subject.unitType) return false;
  if (unitName !== undefined && subject.unit !== undefined && !patternOf(unitName).test(subject.unit))
    return false;
  if (onePathIn !== undefined && pathsIn(onePathIn, subject).length !== 1) return false;
  if (directive !== undefined) {
    const setting = subject.values.get(directive);
    const needsTexts = is !== undefined || below !== undefined || isNamesake !== undefined;
    const texts = needsTexts ? textsOf(setting?.value) : [];
    if (isSet !== undefined && isSet !== (setting?.isSet ?? false)) return false;
    if (is !== undefined && !texts.some(text => is.includes(text))) return false;
    if (below !== undefined && !texts.some(text => below.some(path => isBelow(text, path)))) return false;
    if (
      isNamesake !== undefined &&
      texts.some(isPath) &&
      !texts.map(simplifyPath).includes(pathOfName(subject))
    )
      return false;
    if (atLeast !== undefined && countOf(setting?.value) < atLeast) return false;
  }
  return (
    (all?.every(part => holds(part, subject)) ?? true) &&
    (any?.some(part => holds(part, subject)) ?? true) &&
    !(not && holds(not, subject))
  );
}

/** By their texts, of which the rules have a few. */
const patterns = new Map<string, RegExp>();

function patternOf(text: string): RegExp {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  const made = new RegExp(text);
  patterns.set(text, made);
  return made;
}

/** systemd takes no path with `..` in it. */
const isPath = (text: string): boolean => text.startsWith("/") && !text.split("/").includes("..");

const pathsIn = (directives: readonly string[], { values }: ConditionSubject): readonly string[] =>
  directives.flatMap(name => textsOf(values.get(name)?.value)).filter(isPath);

/** systemd.unit(5): the names of mounts, swaps and automounts are escaped paths. */
function pathOfName({ unit = "" }: ConditionSubject): string {
  return unescapePath(unit.slice(0, unit.lastIndexOf("."))) ?? "";
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** A value's words; booleans and numbers, which have none, as they would be written. */
function textsOf(value: SettingValue | undefined): readonly string[] {
  if (value?.kind === "boolean") return [value.value ? "yes" : "no"];
  return value?.kind === "number" ? [String(value.value)] : wordsOf(value);
}

function countOf(value: SettingValue | undefined): number {
  // Any time span above zero is one, however short.
  return value?.kind === "number" ? Math.ceil(value.value) : textsOf(value).length;
}
