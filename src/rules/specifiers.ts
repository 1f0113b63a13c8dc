// The `%x` of unit files that do not follow from the unit's name, as data.
import { readRuleFile } from "./rule-files.ts";
import type { Scope } from "./scope.ts";
import { appliesTo } from "./systemd-facts.ts";

/** An entry of rules/systemd/specifiers.json; the schema explains each member. */
interface Specifier {
  readonly since?: number;
  readonly system: string;
  readonly user?: string;
}

let specifiers: Readonly<Record<string, Specifier>> | undefined;

/** What stands for a letter under a manager of this version; `undefined` where it is none that is known by itself. */
export function specifierValue(letter: string, scope: Scope, systemd: number): string | undefined {
  specifiers ??= readRuleFile<{ specifiers: Readonly<Record<string, Specifier>> }>(
    "systemd/specifiers.json",
  ).specifiers;
  const found = Object.hasOwn(specifiers, letter) ? specifiers[letter] : undefined;
  if (found === undefined || !appliesTo(found, systemd)) return undefined;
  return (scope === "user" ? found.user : undefined) ?? found.system;
}
