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
/** Bounds on hostile texts: longer lines are data, and no script gives more names to paths. */
const MAX_LINE = 4096;
const MAX_NAMES = 200;
/** Names such as `f` stand for too much. */
const MIN_NAME = 2;

/** Folders that count, and the marks of writing there: `mkdir`, `'w'`, `>` … */
interface Writes {
  readonly folders: readonly string[];
  readonly marks: readonly string[];
}

/** Needs of kind `write` for the paths in a script's text that stand on a line with a mark of writing, or whose name does. */
export function scriptWrites(text: string, writes: readonly Writes[]): readonly ScriptWrite[] {
  const found = new Map<string, ScriptWrite>();
  for (const group of writes)
    for (const write of writesOf(text, group))
      if (write.subject !== undefined && !found.has(write.subject)) found.set(write.subject, write);
  return [...found.values()];
}

function writesOf(text: string, writes: Writes): readonly ScriptWrite[] {
  const lines = text.split("\n");
  const mark = markPattern(writes.marks);
  // Most lines are never asked for.
  const known = new Map<number, boolean>();
  const isMarked = (index: number): boolean => {
    const line = lines[index] ?? "";
    const found = known.get(index) ?? (line.length < MAX_LINE && mark.test(line));
    known.set(index, found);
    return found;
  };
  const found = new Map<string, ScriptWrite>();
  const names = new Map<string, boolean>();
  for (const [index, line] of lines.entries()) {
    if (line.length >= MAX_LINE || !line.includes("/")) continue;
    for (const [, word] of line.matchAll(/(?<![\w./$}-])(\/[a-z][\w.+@%${}*-]*(?:\/[\w.+@%${}*-]+)*)/gi)) {
      const path = plainPath(word ?? "");
      if (path === undefined || found.has(path) || found.size >= MAX_PATHS) continue;
      if (!writes.folders.some(folder => isBelow(path, folder))) continue;
      if (isMarked(index) || isNamedOnMarked(line, lines, isMarked, names))
        found.set(path, { kind: "write", subject: path, line: index + 1 });
    }
  }
  return [...found.values()];
}

const patterns = new WeakMap<readonly string[], RegExp>();

/** One pattern for all marks. */
function markPattern(marks: readonly string[]): RegExp {
  const known = patterns.get(marks) ?? new RegExp(marks.map(mark => wordPattern(mark).source).join("|"));
  patterns.set(marks, known);
  return known;
}

/** `STATE = "/etc/oven/state"` here, and `open(STATE, "w")` there. */
function isNamedOnMarked(
  line: string,
  lines: readonly string[],
  isMarked: (index: number) => boolean,
  names: Map<string, boolean>,
): boolean {
  const name = /([A-Za-z_]\w*)["']?\s*(?:\)\s*)?(?:=>|:=|[=:])/.exec(line)?.[1];
  if (name === undefined || name.length < MIN_NAME) return false;
  const known = names.get(name);
  if (known !== undefined || names.size >= MAX_NAMES) return known ?? false;
  const pattern = wordPattern(name);
  const found = lines.some((other, at) => other.includes(name) && pattern.test(other) && isMarked(at));
  names.set(name, found);
  return found;
}
