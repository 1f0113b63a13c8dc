// Whether a statement of a pack's rule holds for a unit's effective settings.
import type { Condition } from "../rules/pack.ts";
import type { SettingLookup, SettingValue, Target } from "../settings/settings.ts";
import type { AssessFacts } from "./assess-facts.ts";
import { isForTarget } from "./judge-check.ts";
import { isEmptyValue, maskOf, textOf, wordsOf } from "./value.ts";

/** The members of a value by the names that rules use: words, paths, and a set's capabilities. */
function membersOf(value: SettingValue | undefined, facts: AssessFacts): readonly string[] {
  if (value?.kind !== "capabilities") return wordsOf(value);
  const mask = maskOf(value);
  return facts.words.capabilities.filter((_, number) => (mask >> BigInt(number)) % 2n === 1n);
}

/** Everything that the condition says must hold. A directive that the target does not know is unset and empty. */
export function isTrueOf(
  condition: Condition,
  settings: { readonly target: Target; readonly values: SettingLookup },
  facts: AssessFacts,
): boolean {
  if (!isForTarget(condition, settings.target)) return false;
  if (condition.not !== undefined && isTrueOf(condition.not, settings, facts)) return false;
  if (condition.directive === undefined) return true;
  const setting = settings.values.get(condition.directive);
  const value = setting?.value;
  const { isSet, isEmpty, is, isNot, has, lacks, mode } = condition;
  if (isSet !== undefined && isSet !== (setting?.isSet ?? false)) return false;
  if (isEmpty !== undefined && isEmpty !== (value === undefined || isEmptyValue(value))) return false;
  if (is !== undefined && (value === undefined || !is.includes(textOf(value)))) return false;
  if (isNot !== undefined && value !== undefined && isNot.includes(textOf(value))) return false;
  if (has !== undefined || lacks !== undefined) {
    const members = membersOf(value, facts);
    if (has !== undefined && !has.some(name => members.includes(name))) return false;
    if (lacks?.some(name => members.includes(name))) return false;
  }
  return mode === undefined || (value !== undefined && "mode" in value && value.mode === mode);
}
