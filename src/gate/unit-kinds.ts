import { assignmentsOf, type LoadedUnit } from "../host/loaded-unit.ts";
import { loadUnitKinds, type Mention, type UnitKind } from "../rules/gate-rules.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import { isTrueOf } from "../score/condition.ts";
import { lookUp, type Settings } from "../settings/settings.ts";

/** Whether a unit is of a kind; a kind that is not known has no units. */
export function isOfKind(kind: string, unit: LoadedUnit, settings: Settings, facts: SystemdFacts): boolean {
  const known = loadUnitKinds().find(each => each.kind === kind);
  return known !== undefined && matchesKind(known, unit, settings, facts);
}

/** The names of all kinds that a unit is of, as rules/gate/kinds.json names them. */
export function kindsOf(unit: LoadedUnit, settings: Settings, facts: SystemdFacts): readonly string[] {
  return loadUnitKinds()
    .filter(each => matchesKind(each, unit, settings, facts))
    .map(each => each.kind);
}

function matchesKind(kind: UnitKind, unit: LoadedUnit, settings: Settings, facts: SystemdFacts): boolean {
  const subject = { target: settings.target, values: lookUp(settings) };
  const holds = kind.anyOf.some(all => all.every(condition => isTrueOf(condition, subject, facts)));
  return holds && (kind.mentions === undefined || hasMention(kind.mentions, unit));
}

function hasMention(mentions: readonly Mention[], unit: LoadedUnit): boolean {
  for (const { section, key, value } of assignmentsOf(unit)) {
    // A list that starts with ~ says what is taken away.
    if (value === "" || value.startsWith("~")) continue;
    const isFound = mentions.some(
      each =>
        each.section === section &&
        each.directives.includes(key) &&
        (each.words === undefined || value.split(/\s+/).some(word => each.words?.includes(word))),
    );
    if (isFound) return true;
  }
  return false;
}
