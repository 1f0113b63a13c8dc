// The texts that a program holds: paths of devices and of the kernel's files, names of capabilities. Hints, each of them.

import type { SymbolTable } from "../../rules/evidence.ts";
import type { Need } from "../need.ts";
import { parseNeedPattern } from "../need-pattern.ts";
import { oncePerPath } from "../once-per.ts";
import { findStrings } from "./find-strings.ts";
import { loadElf } from "./load-closure.ts";
import { readTexts } from "./read-program.ts";

/** The needs that the texts of one object hint at. */
export const textNeeds = oncePerPath((path, tree, table: SymbolTable): readonly Need[] =>
  findStrings(readTexts(path, loadElf(path, tree), tree), table).flatMap(({ group, text }) =>
    group.needs.map(
      (need): Need => ({
        ...parseNeedPattern(need),
        certainty: "assumed",
        prior: group.prior ?? "common",
        evidence: { by: "elf", file: path, detail: `holds the text "${text}"`.slice(0, 200) },
      }),
    ),
  ),
);
