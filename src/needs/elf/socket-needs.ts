// Calls of socket(2) whose arguments are constants: a hint at the address families that a program uses. A family that is computed, or
// a socket that a library opens, stays unseen.

import type { FileTree } from "../../host/file-tree.ts";
import type { SymbolTable } from "../../rules/evidence.ts";
import type { Need } from "../need.ts";
import { parseNeedPattern } from "../need-pattern.ts";
import { oncePerPath } from "../once-per.ts";
import { callsOf } from "./calls-of.ts";
import type { ElfObject } from "./load-closure.ts";
import { readProgram } from "./read-program.ts";

/** socket(2): flags lie above the type. */
const TYPE_MASK = 0xf;
const SOCK_RAW = 3;

/** The needs that follow from the sockets that an object's code opens; none for one that does not import `socket`. */
export function socketNeeds(object: ElfObject, tree: FileTree, table: SymbolTable): readonly Need[] {
  return object.elf.imports.includes("socket") ? findNeeds(object.path, tree, table) : [];
}

const findNeeds = oncePerPath((path, tree, table: SymbolTable): readonly Need[] => {
  const bytes = readProgram(path, tree);
  if (bytes === undefined) return [];
  const { families, raw } = table.sockets;
  const calls = safely(() => callsOf(bytes, "socket"));
  const found = new Map<string, string>();
  for (const { first, second } of calls) {
    const known = families.find(({ number }) => number === first);
    for (const need of known?.needs ?? []) found.set(need, `of address family ${first}`);
    const isRaw = second !== undefined && (second & TYPE_MASK) === SOCK_RAW;
    if (isRaw && (first === undefined || raw.families.includes(first)))
      for (const need of raw.needs) found.set(need, "that are raw");
  }
  return [...found].map(
    ([need, which]): Need => ({
      ...parseNeedPattern(need),
      certainty: "assumed",
      prior: "common",
      evidence: { by: "elf", file: path, detail: `opens sockets ${which}` },
    }),
  );
});

/** Tables that lead out of the file were made to mislead, and tell nothing. */
function safely<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
