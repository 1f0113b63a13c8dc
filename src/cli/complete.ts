// What the completion script gets for the words typed so far. yargs' own way prints by itself and never comes back.
import yargs, { type Argv } from "yargs";
import { hostTree } from "../host/directory-tree.ts";
import { listUnits } from "../host/list-units.ts";
import { type Environment, hostSearchPath } from "../host/search-path.ts";
import { indexUnits } from "../host/unit-index.ts";
import type { Scope } from "../rules/scope.ts";
import { auditOptions, explainOptions, fixOptions, gateOptions, globalOptions } from "./command-options.ts";

const BUILDERS: ReadonlyMap<string, (command: Argv) => Argv> = new Map<string, (command: Argv) => Argv>([
  ["audit", auditOptions],
  ["fix", fixOptions],
  ["gate", gateOptions],
  ["explain", explainOptions],
]);

/** @param words the program's name, then what was typed; the last is what the cursor stands in. */
export async function complete(words: readonly string[], env: Environment): Promise<readonly string[]> {
  const current = words.at(-1) ?? "";
  const builder = words.length > 2 ? BUILDERS.get(words[1] ?? "") : undefined;
  if (builder === undefined)
    return [...BUILDERS.keys(), "completion"].filter(name => name.startsWith(current));
  const parser = builder(globalOptions(yargs([])).completion());
  const offered: readonly string[] = await parser.getCompletion(words.slice(2));
  // An option's choices, or options where a dash was typed; yargs offers its own command everywhere.
  const values = offered.filter(
    word =>
      word.startsWith(current) && word !== "completion" && (!word.startsWith("-") || current.startsWith("-")),
  );
  if (values.length > 0 || current.startsWith("-")) return values;
  const scope = words.includes("--user") ? "user" : "system";
  return unitNames(current, scope, hostSearchPath(scope, env));
}

function unitNames(start: string, scope: Scope, searchPath: readonly string[]): readonly string[] {
  const index = indexUnits({ tree: hostTree(), scope, extraDirectories: [], searchPath });
  return listUnits(index, { types: ["service"] }).filter(name => name.startsWith(start));
}
