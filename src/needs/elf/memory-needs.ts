// Calls of mmap(2) and mprotect(2) that ask for memory that is writable and executable at once: the program makes code while it runs.

import type { FileTree } from "../../host/file-tree.ts";
import type { SymbolTable } from "../../rules/evidence.ts";
import type { Need } from "../need.ts";
import { oncePerPath } from "../once-per.ts";
import { callsIn, MEMORY_CALLS } from "./calls-in.ts";
import type { ElfObject } from "./load-closure.ts";
import { toNeeds } from "./to-needs.ts";

/** The needs that follow from the protections that an object's code asks for in constants; computed ones stay unseen. */
export function memoryNeeds({ path, elf }: ElfObject, tree: FileTree, table: SymbolTable): readonly Need[] {
  return MEMORY_CALLS.some(name => elf.imports.includes(name)) ? protectionNeeds(path, tree, table) : [];
}

const protectionNeeds = oncePerPath((path, tree, table: SymbolTable): readonly Need[] => {
  const { protections, needs } = table.memory;
  const calls = MEMORY_CALLS.flatMap(name => callsIn(path, tree).get(name) ?? []);
  if (!calls.some(({ third }) => third !== undefined && protections.includes(third))) return [];
  return toNeeds(needs, "inferred", { by: "elf", file: path, detail: "maps memory to write and execute" });
});
