// The vocabulary in which rules/systemd/ speaks of a unit's values: see `Condition` in src/rules/systemd-facts.ts.
import type { Condition } from "../rules/systemd-facts.ts";
import type { Setting, SettingValue, Target } from "./settings.ts";

export interface ConditionSubject {
  readonly values: ReadonlyMap<string, Setting>;
  readonly target: Target;
  readonly unitType: string;
}

/** Whether all members of a condition hold. A directive that the unit cannot have is unset and empty. */
export function holds(condition: Condition, subject: ConditionSubject): boolean {
  const { directive, isSet, is, below, atLeast, scope, unitType, all, any, not } = condition;
  if (scope !== undefined && scope !== subject.target.scope) return false;
  if (unitType !== undefined && unitType !== subject.unitType) return false;
  if (directive !== undefined) {
    const setting = subject.values.get(directive);
    const texts = setting ? textsOf(setting.value) : [];
    if (isSet !== undefined && isSet !== (setting?.isSet ?? false)) return false;
    if (is !== undefined && !texts.some(text => is.includes(text))) return false;
    if (below !== undefined && !texts.some(text => below.some(path => isBelow(text, path)))) return false;
    if (atLeast !== undefined && countOf(setting?.value) < atLeast) return false;
  }
  return (
    (all?.every(part => holds(part, subject)) ?? true) &&
    (any?.some(part => holds(part, subject)) ?? true) &&
    !(not && holds(not, subject))
  );
}

const isBelow = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

function textsOf(value: SettingValue): readonly string[] {
  switch (value.kind) {
    case "boolean":
      return [value.value ? "yes" : "no"];
    case "word":
    case "text":
      return [value.value];
    case "number":
      return [String(value.value)];
    case "list":
      return value.value;
    case "commands":
      return value.commands.map(command => command.path);
    case "devices":
      return value.rules.map(rule => rule.path);
    case "namespaces":
      return value.allowed;
    case "families":
      return value.names;
    case "syscalls":
      return [...value.names.keys()];
    case "delegate":
      return value.controllers;
    case "capabilities":
    case "addresses":
      return [];
    default: {
      const never: never = value;
      return never;
    }
  }
}

function countOf(value: SettingValue | undefined): number {
  if (value === undefined) return 0;
  switch (value.kind) {
    // Any time span above zero is one, however short.
    case "number":
      return Math.ceil(value.value);
    case "addresses":
      return value.prefixes.length;
    case "text":
    case "word":
      return value.value === "" ? 0 : 1;
    default:
      return textsOf(value).length;
  }
}
