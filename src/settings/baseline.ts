// What is the same for all units of a type under one systemd, made once: their defaults, how their lines are read, and
// which of systemd's rules can concern a unit at all. Most units say little, so most of the work is done here.
import { appliesTo, type KeyFact, keysOfSection, type SystemdFacts } from "../rules/systemd-facts.ts";
import type { Condition, Implication, Refusal, SettingRule } from "../rules/systemd-rules.ts";
import { checkKey, sectionsOf } from "./check-key.ts";
import { type ConditionSubject, holds } from "./conditions.ts";
import { type Watch, watchOver } from "./due.ts";
import { settingRule } from "./generic-rule.ts";
import { defaultValue } from "./parse-value.ts";
import type { Setting, Target } from "./settings.ts";
import { watched } from "./watched.ts";

export interface Baseline {
  readonly unitType: string;
  readonly target: Target;
  readonly facts: SystemdFacts;
  readonly sections: readonly string[];
  /** Every directive that rules/systemd/settings.json describes and the target's systemd has. */
  readonly values: ReadonlyMap<string, Setting>;
  readonly implications: ConditionalRules<Implication>;
  readonly refusals: ConditionalRules<Refusal>;
  /** `undefined` where the target does not know the key in that section. */
  lineOf(section: string, key: string): KnownLine | undefined;
}

/** How a line with a known key is read. */
export interface KnownLine {
  readonly rule: SettingRule;
  readonly directive: string;
  /** The setting as it is without any line: where a reset leads back to. */
  readonly base: Setting;
}

/** Rules with conditions, in systemd's order. */
export interface ConditionalRules<T> {
  readonly rules: readonly Conditional<T>[];
  /** Whose condition can hold: by default, or because what it looks at is touched. */
  readonly watch: Watch;
}

/** A rule, and what must be touched for its condition to turn out otherwise than by default. */
export interface Conditional<T> {
  readonly entry: T;
  readonly looksAt: readonly string[];
}

const cache = new WeakMap<SystemdFacts, Map<string, Baseline>>();

export function baselineOf(unitType: string, target: Target, facts: SystemdFacts): Baseline {
  const known = cache.get(facts) ?? new Map<string, Baseline>();
  cache.set(facts, known);
  const id = `${unitType} ${target.scope} ${target.version}`;
  const found = known.get(id) ?? makeBaseline(unitType, target, facts);
  known.set(id, found);
  return found;
}

function makeBaseline(unitType: string, target: Target, facts: SystemdFacts): Baseline {
  const values = defaultsOf(unitType, target, facts);
  const conditional = <T extends { readonly when: Condition }>(
    entries: readonly T[],
  ): ConditionalRules<T> => {
    const made = entries.map(entry => {
      const looksAt = new Set<string>();
      const subject: ConditionSubject = { values: watched(values, looksAt), target, unitType };
      return { entry, holdsByDefault: holds(entry.when, subject), looksAt: [...looksAt] };
    });
    return {
      rules: made,
      watch: watchOver(made.map(each => (each.holdsByDefault ? "always" : each.looksAt))),
    };
  };
  const lines = new Map<string, Map<string, KnownLine>>();
  return {
    unitType,
    target,
    facts,
    sections: sectionsOf(unitType),
    values,
    implications: conditional(facts.implications),
    refusals: conditional(facts.refusals),
    lineOf(section, name) {
      const ofSection = lines.get(section) ?? new Map<string, KnownLine>();
      lines.set(section, ofSection);
      const known = ofSection.get(name);
      if (known !== undefined) return known;
      const check = checkKey(section, name, unitType, target);
      if (check.kind === "unknown") return undefined;
      const rule = ruleOf(check.key, facts, target);
      const directive = rule.aliasOf ?? name;
      const base = values.get(directive) ?? makeDefault(directive, rule, rule.default, facts);
      const line = { rule, directive, base };
      ofSection.set(name, line);
      return line;
    },
  };
}

function ruleOf(key: KeyFact, facts: SystemdFacts, { scope }: Target): SettingRule {
  const rule = settingRule(key, facts);
  return scope === "user" && rule.userWords !== undefined ? { ...rule, words: rule.userWords } : rule;
}

function defaultsOf(unitType: string, target: Target, facts: SystemdFacts): ReadonlyMap<string, Setting> {
  const own = sectionsOf(unitType).flatMap(section => keysOfSection(section) ?? []);
  const values = new Map<string, Setting>();
  for (const [directive, rule] of facts.settings) {
    if (rule.aliasOf !== undefined || !existsAnywhere(directive, target)) continue;
    const isOwn = own.some(keys => keys.has(directive));
    const typed = rule.typeDefaults?.[unitType] ?? rule.default;
    const scoped = target.scope === "user" ? (rule.userDefault ?? rule.default) : typed;
    values.set(directive, makeDefault(directive, rule, isOwn ? scoped : (rule.bareDefault ?? scoped), facts));
  }
  return values;
}

function makeDefault(
  directive: string,
  rule: SettingRule,
  written: string | undefined,
  facts: SystemdFacts,
): Setting {
  const value = defaultValue(rule, written, facts.words.namespaces);
  return { directive, value, isSet: false, origins: [], impliedBy: [] };
}

function existsAnywhere(directive: string, { profile, version }: Target): boolean {
  return ["Service", "Socket", "Unit", "Install"].some(section => {
    const key = keysOfSection(section)?.get(directive);
    return key !== undefined && (appliesTo(key, profile) || appliesTo(key, version));
  });
}
