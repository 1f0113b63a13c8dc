// Which of the paths that a script names it writes: a hint, since nobody follows its variables.

import { plainPath } from "./config/paths-in.ts";
import { isBelow, type NeedPattern } from "./need-pattern.ts";
import { wordPattern } from "./word-pattern.ts";

export interface ScriptWrite extends NeedPattern {
  /** Counted from 1. */
  readonly line: number;
}

/** A script that is a catalogue of paths says nothing. */
const MAX_PATHS = 60;
/** Names such as `f` stand for too much. */
const MIN_NAME = 2;

/**
 * Needs of kind `write` for the paths in a script's text that stand on a line with a mark of writing, or whose name does.
 * @param writes folders that count, and the marks: `mkdir`, `'w'`, `>` …
 */
export function scriptWrites(
  text: string,
  writes: { readonly folders: readonly string[]; readonly marks: readonly string[] },
): readonly ScriptWrite[] {
  const lines = text.split("\n");
  const marks = writes.marks.map(wordPattern);
  const marked = lines.map(line => line.length < 4096 && marks.some(mark => mark.test(line)));
  const found = new Map<string, ScriptWrite>();
  for (const [index, line] of lines.entries()) {
    for (const [, word] of line.matchAll(/(?<![\w./$}-])(\/[a-z][\w.+@%${}*-]*(?:\/[\w.+@%${}*-]+)*)/gi)) {
      const path = plainPath(word ?? "");
      if (path === undefined || found.has(path) || found.size >= MAX_PATHS) continue;
      if (!writes.folders.some(folder => isBelow(path, folder))) continue;
      if (marked[index] === true || isNamedOnMarked(line, index, lines, marked))
        found.set(path, { kind: "write", subject: path, line: index + 1 });
    }
  }
  return [...found.values()];
}

/** `STATE = "/etc/oven/state"` here, and `open(STATE, "w")` there. */
function isNamedOnMarked(
  line: string,
  index: number,
  lines: readonly string[],
  marked: readonly boolean[],
): boolean {
  const name = /([A-Za-z_]\w*)["']?\s*(?:\)\s*)?(?:=>|:=|[=:])/.exec(line)?.[1];
  if (name === undefined || name.length < MIN_NAME) return false;
  const pattern = wordPattern(name);
  return lines.some((other, at) => at !== index && marked[at] === true && pattern.test(other));
}
