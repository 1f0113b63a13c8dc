// Evidence 1, from the neighbours: some settings stand in one unit and hold for the other that they name as well.

import type { FileTree } from "../host/file-tree.ts";
import type { LoadedUnit, Scope } from "../host/loaded-unit.ts";
import { SourceError } from "../host/source-error.ts";
import { indexUnits } from "../host/unit-index.ts";
import { loadUnitEvidence, type UnitEvidenceRule } from "../rules/evidence.ts";
import { keysOfSection } from "../rules/systemd-facts.ts";
import { parseUnit } from "../unit/parse-unit.ts";
import type { Assignment } from "../unit/tree.ts";
import type { Need } from "./need.ts";
import { parseNeedPattern } from "./need-pattern.ts";
import { oncePer } from "./once-per.ts";

/** A longer file is none that a person wrote. */
const MAX_FILE = 1 << 20;

/** What the units that name this one say of it too: the rules of `rules/needs/unit-evidence.json` that are mutual. */
export function mutualNeeds(unit: LoadedUnit, tree: FileTree): readonly Need[] {
  const lines = linesIn(tree)(unit.scope);
  return unit.names.flatMap(name => lines.get(templateName(name)) ?? []).flatMap(needsOf);
}

function needsOf({ key, value, position: { file, line } }: Assignment): readonly Need[] {
  return mutualRules()
    .filter(rule => rule.directive === key)
    .flatMap(({ needs = [], because }) => {
      const evidence = { by: "unit", file, line, detail: `${key}=${value}: ${because}`.slice(0, 200) };
      return needs.map((need): Need => ({ ...parseNeedPattern(need), certainty: "declared", evidence }));
    });
}

const mutualRules = (): readonly UnitEvidenceRule[] =>
  loadUnitEvidence().filter(rule => rule.mutual === true);

/** Who names an instance may do so by a specifier, so that all instances are one here. */
function templateName(name: string): string {
  return name.replace(/@.*(?=\.)/s, "@");
}

/** The mutual lines of a tree's units, by the units that they name; read once for all units. */
const linesIn = oncePer((tree: FileTree) => {
  const known = new Map<Scope, ReadonlyMap<string, readonly Assignment[]>>();
  return (scope: Scope) => {
    const found = known.get(scope) ?? mutualLines(tree, scope);
    known.set(scope, found);
    return found;
  };
});

function mutualLines(tree: FileTree, scope: Scope): ReadonlyMap<string, readonly Assignment[]> {
  const directives = mutualRules().map(rule => rule.directive);
  const lines = new Map<string, Assignment[]>();
  for (const path of unitFiles(tree, scope)) {
    const bytes = readUnit(path, tree);
    // Hardly any file has such a line: only those are parsed.
    if (bytes === undefined || !directives.some(directive => bytes.includes(directive))) continue;
    for (const node of parseUnit(bytes, path).nodes) {
      if (node.kind !== "assignment" || !directives.includes(node.key)) continue;
      if (keysOfSection(node.section)?.has(node.key) !== true) continue;
      for (const name of node.value.split(/\s+/).map(templateName)) {
        const known = lines.get(name) ?? [];
        // One line shows it; a hostile file says it a hundred thousand times.
        if (!known.some(line => line.key === node.key)) lines.set(name, [...known, node]);
      }
    }
  }
  return lines;
}

/** Fragments and drop-ins. */
function unitFiles(tree: FileTree, scope: Scope): readonly string[] {
  const { units, dropInFolders } = indexUnits({ tree, scope, extraDirectories: [] });
  const fragments = [...units.values()].flatMap(entry => (entry.kind === "file" ? [entry.path] : []));
  const dropIns = [...dropInFolders.values()]
    .flat()
    .flatMap(folder => tree.readDirectory(folder).map(name => `${folder}/${name}`))
    .filter(path => path.endsWith(".conf"));
  return [...fragments, ...dropIns];
}

function readUnit(path: string, tree: FileTree): Buffer | undefined {
  try {
    const bytes = tree.readFile(path, MAX_FILE);
    return bytes === undefined ? undefined : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (error) {
    // Whoever audits that unit is told of it; here it says nothing.
    if (error instanceof SourceError) return undefined;
    throw error;
  }
}
