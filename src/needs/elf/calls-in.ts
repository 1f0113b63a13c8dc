// The calls with constants that tell of needs, found once for each program.

import type { FileTree } from "../../host/file-tree.ts";
import { oncePerPath } from "../once-per.ts";
import { type Call, callsOf } from "./calls-of.ts";
import { readProgram } from "./read-program.ts";

/** Calls that name an option of a socket: getsockopt(2). */
export const OPTION_CALLS: readonly string[] = ["getsockopt", "setsockopt"];

/** Calls whose third argument is the protection of memory: mmap(2), mprotect(2). */
export const MEMORY_CALLS: readonly string[] = ["mmap", "mmap64", "mprotect"];

/** The calls that tell of sockets and memory. Tables that lead out of the file were made to mislead, and tell nothing. */
export const callsIn = oncePerPath((path: string, tree: FileTree): ReadonlyMap<string, readonly Call[]> => {
  const bytes = readProgram(path, tree);
  if (bytes === undefined) return new Map();
  try {
    return callsOf(bytes, ["socket", ...OPTION_CALLS, ...MEMORY_CALLS]);
  } catch (error) {
    if (error instanceof RangeError) return new Map();
    throw error;
  }
});
