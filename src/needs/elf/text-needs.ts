// The texts that a program holds: paths of devices and of the kernel's files, names of capabilities. Hints, each of them.

import type { SymbolTable } from "../../rules/evidence.ts";
import type { Need } from "../need.ts";
import { oncePer, oncePerPath } from "../once-per.ts";
import { textFinder } from "./find-texts.ts";
import { loadElf } from "./load-closure.ts";
import { readTexts } from "./read-program.ts";
import { toNeeds } from "./to-needs.ts";

/** The needs that the texts of one object hint at. */
export const textNeeds = oncePerPath((path, tree, table: SymbolTable): readonly Need[] => {
  const buffer = readTexts(path, loadElf(path, tree), tree);
  const held = finderOf(table)(buffer);
  const candidates = table.strings.filter(group => group.texts.some(text => held.has(text)));
  return candidates.flatMap(group => {
    const found = group.texts
      .filter(text => held.has(text))
      .map(text => findText(buffer, text, group.pattern))
      .find(text => text !== undefined);
    return found === undefined
      ? []
      : toNeeds(group.needs, "assumed", {
          by: "elf",
          file: path,
          detail: `holds the text "${found}"`.slice(0, 200),
        });
  });
});

/** The text as it stands in the program; with a pattern, from where that matches. */
function findText(buffer: Buffer, text: string, pattern: string | undefined): string | undefined {
  let at = buffer.indexOf(text, 0, "latin1");
  if (pattern === undefined) return at < 0 ? undefined : text.replaceAll("\0", "");
  const start = new RegExp(`^${pattern}`);
  for (let tries = 0; at >= 0 && tries < MAX_PLACES; tries++) {
    const end = buffer.indexOf(0, at);
    const word = buffer.toString("latin1", at, Math.min(end < 0 ? buffer.length : end, at + MAX_WORD));
    if (start.test(word)) return word;
    at = buffer.indexOf(text, at + text.length, "latin1");
  }
  return undefined;
}

/** Bounds on the search for a pattern: a program names few places of a kind, and short ones. */
const MAX_PLACES = 500;
const MAX_WORD = 200;

const finderOf = oncePer(({ strings }: SymbolTable) => textFinder(strings.flatMap(({ texts }) => texts)));
