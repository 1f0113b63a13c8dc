// Evidence 3: the program itself. Imports of the program and of its own libraries, the libraries it links, the texts it holds.
//
// What is sound here: a dynamically linked program that imports no function of a group, executes nothing, loads nothing and makes no
// system call by number cannot use the group's calls, as far as its libraries of general use ("quiet" ones) leave them alone.
// What is not: texts are hints; a program that executes others or loads plugins may need what they need.

import { posix } from "node:path";
import type { FileTree } from "../../host/file-tree.ts";
import type { SymbolTable } from "../../rules/evidence.ts";
import type { Coverage, Need, Needs } from "../need.ts";
import { formatNeed, parseNeedPattern } from "../need-pattern.ts";
import { oncePerPath } from "../once-per.ts";
import { childPrograms, isOwnFolder } from "./child-programs.ts";
import { baseName, importsOf, libraryGroups, linkNeeds, ownObjects } from "./link-needs.ts";
import { linkedNeeds } from "./linked-needs.ts";
import { type ElfObject, loadClosure, loadElf } from "./load-closure.ts";
import { memoryNeeds } from "./memory-needs.ts";
import { socketNeeds } from "./socket-needs.ts";
import { textNeeds } from "./text-needs.ts";
import { toNeeds } from "./to-needs.ts";

/** What an ELF program says about its needs. */
export interface ElfNeeds extends Needs {
  /** Claims about the program alone, which starts or loads others: worth something where those are known by other means. */
  readonly alone: readonly Coverage[];
}

/** What an ELF program says about its needs; `undefined` where the path is no ELF file. */
export const programNeeds = oncePerPath((path, tree, table: SymbolTable): ElfNeeds | undefined => {
  const closure = loadClosure(path, tree);
  if (closure === undefined) return undefined;
  const own = ownObjects(closure, tree, table);
  const imports = importsOf(own, tree, table);
  const present = [
    ...linkNeeds(closure, tree, table),
    ...own.flatMap(object => [
      ...textNeeds(object.path, tree, table),
      ...socketNeeds(object, tree, table),
      ...memoryNeeds(object, tree, table),
    ]),
    ...(table.launches.some(name => imports.has(name)) ? childNeeds(closure.program.path, tree, table) : []),
  ];
  const { elf } = closure.program;
  present.push(...abiNeeds(closure.program, tree, table));
  if (elf.hasExecutableStack || elf.hasTextRelocations) {
    const detail = elf.hasTextRelocations ? "has text relocations" : "asks for an executable stack";
    present.push(...toNeeds(["memory-wx"], "inferred", { by: "elf", file: closure.program.path, detail }));
  }
  const linked = own.length === 0 ? undefined : linkedNeeds(closure.program, tree, table);
  present.push(...(linked?.present ?? []));
  const isOpaque = closure.libraries.some(one =>
    [...libraryGroups(one.path, tree, table)].some(group => group.opaque),
  );
  const isReadable =
    own.length > 0 &&
    elf.isDynamic &&
    !elf.isGo &&
    !isOpaque &&
    closure.missing.length === 0 &&
    own.every(object => object.elf.isComplete) &&
    !table.direct.some(name => imports.has(name));
  // What it starts or loads may do what it does not.
  const isClosed = ![...table.launches, ...table.opens].some(name => imports.has(name));
  const claimed = isReadable ? claims(imports, closure.program.path, isClosed, table) : [];
  return {
    present,
    absent: [...(isClosed ? claimed : []), ...(linked?.absent ?? [])],
    alone: isClosed ? [] : claimed,
  };
});

/** A program of another format than the programs that every system has. */
function abiNeeds({ path, elf }: ElfObject, tree: FileTree, table: SymbolTable): readonly Need[] {
  const native = table.abi.native.map(each => loadElf(each, tree)).find(found => found !== undefined);
  if (native === undefined || (native.machine === elf.machine && native.is64 === elf.is64)) return [];
  const detail = "is built for another system call table than the system's own";
  return toNeeds(table.abi.needs, "inferred", { by: "elf", file: path, detail });
}

/**
 * What shell text that nobody can follow may start: where the system has a loader of another format, such programs too.
 */
export function foreignLoaderNeeds(tree: FileTree, table: SymbolTable): readonly Need[] {
  const loader = table.abi.loaders.find(path => tree.stat(path)?.kind === "file");
  if (loader === undefined) return [];
  const detail = "programs of another format are installed, and nobody can tell what this service starts";
  return toNeeds(table.abi.needs, "assumed", { by: "filesystem", file: loader, detail });
}

/** A program or script that starts others may need what those need whose paths stand in its text. */
export const childNeeds = oncePerPath((parent, tree, table: SymbolTable): readonly Need[] =>
  childPrograms(parent, tree).flatMap(path =>
    startedNeeds(path, tree, table).flatMap(need => {
      const found = toNeeds([formatNeed(need)], "assumed", {
        ...need.evidence,
        detail: `${baseName(parent)} names ${path}, which ${need.evidence.detail}`.slice(0, 200),
      });
      // What lies in a folder of the package's own programs was made to be started: no level bets that it is not.
      return need.certainty === "inferred" && isOwnFolder(posix.dirname(path))
        ? found.map((each): Need => ({ ...each, prior: "universal" }))
        : found;
    }),
  ),
);

/** What a program needs that others start. Of its texts only its own count, and an interpreter's say as little as its imports. */
const startedNeeds = oncePerPath((path, tree, table: SymbolTable): readonly Need[] => {
  const closure = loadClosure(path, tree);
  if (closure === undefined) return [];
  const isInterpreter = ownObjects(closure, tree, table).length === 0;
  return [
    ...linkNeeds(closure, tree, table),
    ...(isInterpreter ? [] : textNeeds(closure.program.path, tree, table)),
    ...abiNeeds(closure.program, tree, table),
  ];
});

/** A group that no object imports from is known not to be used, unless another group that was found needs it. */
function claims(
  imports: ReadonlyMap<string, ElfObject>,
  path: string,
  isClosed: boolean,
  table: SymbolTable,
): readonly Coverage[] {
  const found = table.symbols
    .filter(group => group.names.some(name => imports.has(name)))
    .flatMap(group => group.covers ?? []);
  return table.symbols.flatMap(group =>
    group.names.some(name => imports.has(name))
      ? []
      : (group.covers ?? [])
          .filter(covers => !found.includes(covers))
          .map(
            (covers): Coverage => ({
              ...parseNeedPattern(covers),
              certainty: isClosed ? "inferred" : "assumed",
              evidence: {
                by: "elf",
                file: path,
                detail: `imports none of ${group.names.slice(0, 4).join(", ")}${group.names.length > 4 ? " …" : ""}`,
              },
            }),
          ),
  );
}
