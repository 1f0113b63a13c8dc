// What a program calls in others, and which libraries it links.

import type { FileTree } from "../../host/file-tree.ts";
import { matchesPattern } from "../../host/glob.ts";
import type { SymbolTable } from "../../rules/evidence.ts";
import type { Need } from "../need.ts";
import { oncePer, oncePerPath } from "../once-per.ts";
import { type Closure, type ElfObject, loadElf } from "./load-closure.ts";
import { toNeeds } from "./to-needs.ts";

/**
 * The program and the libraries that it has for itself. What an interpreter imports is what its language offers, and says nothing of
 * what a service does with it: none of its objects count.
 */
export function ownObjects(
  { program, libraries }: Closure,
  tree: FileTree,
  table: SymbolTable,
): readonly ElfObject[] {
  if (table.interpreters.some(glob => matchesPattern(glob, baseName(program.path)))) return [];
  return [program, ...libraries.filter(({ path }) => !isQuiet(path, tree, table))];
}

const isQuiet = oncePerPath((path, _, { quiet }: SymbolTable) =>
  quiet.some(glob => matchesPattern(glob, baseName(path))),
);

/** The imports that the rule data knows, each with the first object that has it. */
export function importsOf(
  objects: readonly ElfObject[],
  tree: FileTree,
  table: SymbolTable,
): ReadonlyMap<string, ElfObject> {
  const imports = new Map<string, ElfObject>();
  for (const object of objects)
    for (const name of knownImports(object.path, tree, table))
      if (!imports.has(name)) imports.set(name, object);
  return imports;
}

const knownImports = oncePerPath((path, tree, table: SymbolTable) => {
  const names = namesOf(table);
  return (loadElf(path, tree)?.imports ?? []).filter(name => names.has(name));
});

/** Every function that a program is asked for. */
const namesOf = oncePer(
  ({ symbols, launches, opens, direct }: SymbolTable): ReadonlySet<string> =>
    new Set([...symbols.flatMap(group => group.names), ...launches, ...opens, ...direct]),
);

type LibraryGroup = SymbolTable["libraries"][number];

/** The groups of libraries that one belongs to. */
export const libraryGroups = oncePerPath(
  (path, _, { libraries }: SymbolTable): ReadonlySet<LibraryGroup> =>
    new Set(libraries.filter(({ names }) => names.some(glob => matchesPattern(glob, baseName(path))))),
);

/** What imports and libraries say. */
export function linkNeeds(closure: Closure, tree: FileTree, table: SymbolTable): readonly Need[] {
  const imports = importsOf(ownObjects(closure, tree, table), tree, table);
  return [
    ...table.symbols.flatMap(group => {
      const name = group.names.find(symbol => imports.has(symbol));
      const object = name === undefined ? undefined : imports.get(name);
      return object === undefined
        ? []
        : toNeeds(group.needs, "inferred", { by: "elf", file: object.path, detail: `imports ${name}` });
    }),
    ...table.libraries.flatMap(group => {
      const library = closure.libraries.find(({ path }) => libraryGroups(path, tree, table).has(group));
      if (library === undefined) return [];
      const certainty = group.weak === true ? "assumed" : "inferred";
      return toNeeds(group.needs, certainty, {
        by: "elf",
        file: closure.program.path,
        detail: `links ${baseName(library.path)}`,
      });
    }),
  ];
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
