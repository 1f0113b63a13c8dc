// Calls of socket(2), getsockopt(2) and setsockopt(2) whose arguments are constants: a hint at the address families that a program uses,
// and at what it asks about its peers. What is computed, or done by a library, stays unseen.

import type { FileTree } from "../../host/file-tree.ts";
import type { SymbolTable } from "../../rules/evidence.ts";
import type { Need } from "../need.ts";
import { parseNeedPattern } from "../need-pattern.ts";
import { oncePerPath } from "../once-per.ts";
import { callsIn, OPTION_CALLS } from "./calls-in.ts";
import type { ElfObject } from "./load-closure.ts";

/** socket(2): flags lie above the type. */
const TYPE_MASK = 0xf;
const SOCK_RAW = 3;

/** The needs that follow from the sockets that an object's code opens and the options that it asks for. */
export function socketNeeds({ path, elf }: ElfObject, tree: FileTree, table: SymbolTable): readonly Need[] {
  return [
    ...(elf.imports.includes("socket") ? familyNeeds(path, tree, table) : []),
    ...(OPTION_CALLS.some(name => elf.imports.includes(name)) ? optionNeeds(path, tree, table) : []),
  ];
}

const familyNeeds = oncePerPath((path, tree, table: SymbolTable): readonly Need[] => {
  const { families, raw } = table.sockets;
  const found = new Map<string, string>();
  for (const { first, second } of callsIn(path, tree).get("socket") ?? []) {
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

const optionNeeds = oncePerPath((path, tree, table: SymbolTable): readonly Need[] => {
  const calls = OPTION_CALLS.flatMap(name => callsIn(path, tree).get(name) ?? []);
  return table.sockets.options
    .filter(({ level, number }) => calls.some(({ second, third }) => second === level && third === number))
    .flatMap(({ title, prior = "common", needs }) =>
      needs.map(
        (need): Need => ({
          ...parseNeedPattern(need),
          certainty: "assumed",
          prior,
          evidence: { by: "elf", file: path, detail: `asks a socket for ${title}` },
        }),
      ),
    );
});
