// The texts of rules/needs/symbols.json that bytes hold: a program's, or the words of a command line.

import type { StringGroup, SymbolTable } from "../../rules/evidence.ts";
import { oncePer } from "../once-per.ts";
import { textFinder } from "./find-texts.ts";

export interface FoundString {
  readonly group: StringGroup;
  /** As it stands in the bytes; with a pattern, all that the pattern is about. */
  readonly text: string;
}

/** The groups of texts that bytes hold, each with the first of its texts. A NUL ends a text. */
export function findStrings(bytes: Buffer, table: SymbolTable): readonly FoundString[] {
  const held = finderOf(table)(bytes);
  if (held.size === 0) return [];
  return table.strings.flatMap(group => {
    const text = group.texts
      .filter(each => held.has(each))
      .map(each => findText(bytes, each, group.pattern))
      .find(found => found !== undefined);
    return text === undefined ? [] : [{ group, text }];
  });
}

/** The text as it stands in the bytes; with a pattern, from where that matches. */
function findText(bytes: Buffer, text: string, pattern: string | undefined): string | undefined {
  let at = bytes.indexOf(text, 0, "latin1");
  if (pattern === undefined) return at < 0 ? undefined : text.replaceAll("\0", "");
  const start = new RegExp(`^${pattern}`);
  for (let tries = 0; at >= 0 && tries < MAX_PLACES; tries++) {
    const end = bytes.indexOf(0, at);
    const word = bytes.toString("latin1", at, Math.min(end < 0 ? bytes.length : end, at + MAX_WORD));
    if (start.test(word)) return word;
    at = bytes.indexOf(text, at + text.length, "latin1");
  }
  return undefined;
}

/** Bounds on the search for a pattern: a program names few places of a kind, and short ones. */
const MAX_PLACES = 500;
const MAX_WORD = 200;

const finderOf = oncePer(({ strings }: SymbolTable) => textFinder(strings.flatMap(({ texts }) => texts)));
