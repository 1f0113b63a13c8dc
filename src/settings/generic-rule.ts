import type { KeyFact, SystemdFacts } from "../rules/systemd-facts.ts";
import type { SettingRule, ValueParser } from "../rules/systemd-rules.ts";

/** systemd's types of values that are lists or whole lines; all others are one text. */
const parserOf: Readonly<Record<string, ValueParser>> = {
  BOOLEAN: "boolean",
  MODE: "mode",
  CONDITION: "lines",
  ENVIRON: "list",
  FILESYSTEMS: "list",
  NAMESPACES: "list",
  SOCKETS: "list",
  STATUS: "list",
  TIMER: "lines",
};

const cache = new Map<string, SettingRule>();

/** How a directive is read that no rule describes: by the type that systemd gives for it. */
export function genericRule({ key, type }: KeyFact): SettingRule {
  const known = cache.get(key);
  if (known) return known;
  const parser = parserOf[type] ?? (type.endsWith("[...]") ? "list" : "text");
  const rule: SettingRule = { directives: [key], parser, emptyResets: true, hasQuotes: true };
  cache.set(key, rule);
  return rule;
}

/** How a key of a section is read. */
export function settingRule(key: KeyFact, facts: SystemdFacts): SettingRule {
  const own = facts.settings.get(key.key);
  const isMeant = own !== undefined && (own.sections?.includes(key.section) ?? true);
  return isMeant ? own : genericRule(key);
}
