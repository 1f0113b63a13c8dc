// Programs that carry their libraries inside, and what the names of the functions in them say.
//
// A Go program keeps the names of all functions that it can reach, for its tracebacks; a static C program those of its symbol table,
// unless it was stripped. A name that is there is a hint. A name that is missing from a Go program makes the need less plausible, and
// is no proof: system calls can be made by number.

import type { FileTree } from "../../host/file-tree.ts";
import type { SymbolGroup, SymbolTable } from "../../rules/evidence.ts";
import type { Coverage, Need, Needs } from "../need.ts";
import { parseNeedPattern } from "../need-pattern.ts";
import { oncePer } from "../once-per.ts";
import { textFinder } from "./find-texts.ts";
import type { ElfObject } from "./load-closure.ts";
import { readProgram } from "./read-program.ts";

/** A Go name stands for a package and all that is in it. */
const goTexts = (name: string) => [`\0${name}`];
/** A C name stands for itself, or for libc's own name behind it. */
const cTexts = (name: string) => [`\0${name}\0`, `\0__${name}\0`];

const goFinder = oncePer(({ go }: SymbolTable) =>
  textFinder([...go.groups.flatMap(({ names }) => names), ...go.launches].flatMap(goTexts)),
);
const cFinder = oncePer(({ symbols }: SymbolTable) =>
  textFinder(symbols.flatMap(({ names }) => names).flatMap(cTexts)),
);

const NOTHING: Needs = { present: [], absent: [] };

/** The needs that follow from the functions inside a program; none for one whose functions have no names. */
export function linkedNeeds(program: ElfObject, tree: FileTree, table: SymbolTable): Needs {
  const { path } = program;
  const { functions, isGo, isDynamic } = program.elf;
  const bytes = functions === undefined ? undefined : readProgram(path, tree);
  if (functions === undefined || bytes === undefined) return NOTHING;
  const { offset, size } = functions;
  const names = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(offset, offset + size);
  const held = (isGo ? goFinder : cFinder)(table)(names);
  const has = (name: string) => (isGo ? goTexts : cTexts)(name).some(text => held.has(text));
  const groups = isGo ? table.go.groups : table.symbols;
  const found = new Map<SymbolGroup, string>();
  for (const group of groups) {
    const name = group.names.find(has);
    if (name !== undefined) found.set(group, name);
  }
  const present = [...found].flatMap(([group, name]) =>
    group.needs.map(
      (need): Need => ({
        ...parseNeedPattern(need),
        certainty: "assumed",
        prior: "common",
        evidence: { by: "elf", file: path, detail: `contains ${name}` },
      }),
    ),
  );
  const isClosed = isGo && !isDynamic && !table.go.launches.some(has);
  const covered = new Set([...found.keys()].flatMap(group => group.covers ?? []));
  const absent = groups.flatMap(group =>
    found.has(group) || !isClosed
      ? []
      : (group.covers ?? [])
          .filter(covers => !covered.has(covers))
          .map(
            (covers): Coverage => ({
              ...parseNeedPattern(covers),
              certainty: "assumed",
              evidence: {
                by: "elf",
                file: path,
                detail: `contains none of ${group.names.slice(0, 3).join(", ")}${group.names.length > 3 ? " …" : ""}`,
              },
            }),
          ),
  );
  return { present, absent };
}
