// Every rule that a finding can have, by its present name and the names that it had before.
import { loadGateRules } from "../rules/gate-rules.ts";
import { loadMessages } from "../rules/messages.ts";
import type { Pack } from "../rules/pack.ts";

export interface RuleNames {
  readonly all: readonly string[];
  /** The rule's name today; `undefined` where there never was such a rule. */
  presentName(name: string): string | undefined;
  isAboutGate(name: string): boolean;
}

/** The rules of the gate, of these packs, and every diagnostic that stands for itself. */
export function ruleNames(packs: readonly Pack[]): RuleNames {
  const present = new Map<string, string>();
  const all: string[] = [];
  const add = (name: string, aliases: readonly string[] = []): void => {
    all.push(name);
    present.set(name, name);
    for (const alias of aliases) if (!present.has(alias)) present.set(alias, name);
  };
  for (const { rule, aliases } of loadGateRules()) add(rule, aliases);
  for (const pack of packs) {
    for (const { id, aliases } of pack.checks ?? []) add(id, aliases);
    for (const { rule, aliases } of pack.rules ?? []) add(rule, aliases);
  }
  // A code that a rule has taken over is no name of its own, and not worth a hint.
  const codes = loadMessages();
  const taken = new Map(loadGateRules().flatMap(rule => (rule.codes ?? []).map(code => [code, rule.rule])));
  const keepers = new Set(loadGateRules().flatMap(each => (each.isAboutGate ? [each.rule] : [])));
  return {
    all,
    presentName: name =>
      present.get(name) ?? taken.get(name) ?? (Object.hasOwn(codes, name) ? name : undefined),
    isAboutGate: name => keepers.has(name),
  };
}
