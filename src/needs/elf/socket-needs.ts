// Calls of socket(2) whose arguments are constants: a hint at the address families that a program uses. A family that is computed, or
// a socket that a library opens, stays unseen.

import type { FileTree } from "../../host/file-tree.ts";
import type { SymbolTable } from "../../rules/evidence.ts";
import type { Need } from "../need.ts";
import { parseNeedPattern } from "../need-pattern.ts";
import { callsOf } from "./calls-of.ts";
import type { ElfObject } from "./load-closure.ts";
import { MAX_PROGRAM } from "./read-texts.ts";

/** socket(2): flags lie above the type. */
const TYPE_MASK = 0xf;
const SOCK_RAW = 3;

const cache = new WeakMap<FileTree, Map<string, readonly Need[]>>();

/** The needs that follow from the sockets that an object's code opens; none for one that does not import `socket`. */
export function socketNeeds(object: ElfObject, tree: FileTree, table: SymbolTable): readonly Need[] {
  if (!object.elf.imports.includes("socket")) return [];
  const known = cache.get(tree) ?? new Map<string, readonly Need[]>();
  cache.set(tree, known);
  const needs = known.get(object.path) ?? findNeeds(object.path, tree, table);
  known.set(object.path, needs);
  return needs;
}

function findNeeds(path: string, tree: FileTree, table: SymbolTable): readonly Need[] {
  const bytes = tree.readFile(path, MAX_PROGRAM);
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
}

/** Tables that lead out of the file were made to mislead, and tell nothing. */
function safely<T>(read: () => readonly T[]): readonly T[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) return [];
    throw error;
  }
}
