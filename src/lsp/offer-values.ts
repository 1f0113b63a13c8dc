// The words that a directive's value may be made of, the strictest first.
import { loadDirective } from "../rules/directives.ts";
import { keysOfSection, knownSections, type SystemdFacts } from "../rules/systemd-facts.ts";
import type { SettingRule } from "../rules/systemd-rules.ts";
import { vocabularyOf } from "../score/known-words.ts";
import { genericRule } from "../settings/generic-rule.ts";

export interface OfferedValue {
  readonly value: string;
  readonly detail?: string;
}

/** @param isFirst whether nothing stands before it in the value. */
export function valuesOf(key: string, isFirst: boolean, facts: SystemdFacts): readonly OfferedValue[] {
  const rule = ruleOf(key, facts);
  if (rule === undefined) return [];
  const directive = loadDirective(key);
  const details = new Map(
    (directive?.values ?? []).map(({ value, denies }) => [
      value,
      denies.length === 0 ? "denies nothing" : `denies ${denies.map(each => each.need).join(", ")}`,
    ]),
  );
  const strictestFirst = [...details.keys()].reverse().filter(value => /^[\w@-]+$/.test(value));
  const words = wordsOf(rule, isFirst, facts);
  const known = new Set(words);
  const ordered = [...strictestFirst.filter(value => known.has(value)), ...words];
  return [...new Set(ordered)].map(value => {
    const detail = details.get(value);
    return detail === undefined ? { value } : { value, detail };
  });
}

function ruleOf(key: string, facts: SystemdFacts): SettingRule | undefined {
  const own = facts.settings.get(key);
  if (own !== undefined) return own;
  for (const section of knownSections()) {
    const fact = keysOfSection(section)?.get(key);
    if (fact !== undefined) return genericRule(fact);
  }
  return undefined;
}

function wordsOf(rule: SettingRule, isFirst: boolean, facts: SystemdFacts): readonly string[] {
  const truth = isFirst ? ["yes", "no"] : [];
  switch (rule.parser) {
    case "boolean":
      return truth;
    case "words":
    case "hostname-words": {
      const words = (rule.words ?? []).filter(word => !(rule.hides ?? []).includes(word));
      return isFirst ? [...(rule.hasBoolean ? truth : []), ...words] : [];
    }
    case "namespaces":
      return [...truth, ...vocabularyOf("namespaces", facts)];
    case "capabilities":
    case "families":
    case "syscalls":
    case "architectures":
      return vocabularyOf(rule.parser, facts);
    case "delegate":
      return truth;
    default:
      return rule.words ?? [];
  }
}
