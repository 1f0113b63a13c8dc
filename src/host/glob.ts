// Patterns as a shell has them: `*`, `?`, `[a-z]`, `[!a-z]`, and `**` for folders in between (glob(7)).
import type { FileTree } from "./file-tree.ts";

/** `**` goes no deeper than this. */
const maxDepth = 32;
const maxMatches = 100_000;

export function isPattern(text: string): boolean {
  return /[*?[]/.test(text);
}

/** Whether a name is one that the pattern means; in time of the product of both lengths at most. */
export function matchesPattern(pattern: string, name: string): boolean {
  const parts = partsOf(pattern);
  if (typeof parts === "string") return parts === name;
  let part = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const test = parts[part];
    if (test === "*") {
      star = part++;
      starAt = at;
    } else if (test?.(name[at] ?? "")) {
      part++;
      at++;
    } else if (star >= 0) {
      // The last star takes one character more.
      part = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (parts[part] === "*") part++;
  return part === parts.length;
}

type Part = "*" | ((character: string) => boolean);

/** Patterns come from rule data and from options, over and over the same. */
const read = new Map<string, readonly Part[] | string>();
const maxRead = 5000;

/** The pattern itself where it is a plain name. */
function partsOf(pattern: string): readonly Part[] | string {
  const known = read.get(pattern);
  if (known !== undefined) return known;
  const parts = isPattern(pattern) ? readParts(pattern) : pattern;
  if (read.size >= maxRead) read.clear();
  read.set(pattern, parts);
  return parts;
}

function readParts(pattern: string): readonly Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at] ?? "";
    const set = character === "[" ? /^\[(!|\^)?(\]?[^\]]*)\]/.exec(pattern.slice(at, at + 300)) : null;
    if (character === "*") {
      if (parts.at(-1) !== "*") parts.push("*");
    } else if (character === "?") parts.push(() => true);
    else if (set !== null) {
      const isNegated = set[1] !== undefined;
      const ranges = [...(set[2] ?? "").matchAll(/(.)-(.)|(.)/gs)];
      parts.push(
        each =>
          ranges.some(([, from, to, single]) =>
            from === undefined || to === undefined ? each === single : each >= from && each <= to,
          ) !== isNegated,
      );
      at += set[0].length - 1;
    } else parts.push(each => each === character);
  }
  return parts;
}

/**
 * The paths in the tree that a pattern means, in byte order. A leading dot has to be written; `**` follows no links.
 * @param pattern absolute.
 */
export function expandPattern(tree: FileTree, pattern: string): readonly string[] {
  const found = new Set<string>();
  const walk = (folder: string, segments: readonly string[], depth: number): void => {
    const [segment, ...rest] = segments;
    if (segment === undefined || found.size >= maxMatches) return;
    if (segment === "**") {
      walk(folder, rest, depth);
      if (depth >= maxDepth) return;
      for (const name of tree.readDirectory(folder || "/")) {
        if (!name.startsWith(".") && tree.lstat(`${folder}/${name}`)?.kind === "directory")
          walk(`${folder}/${name}`, segments, depth + 1);
      }
      return;
    }
    const names = isPattern(segment)
      ? tree
          .readDirectory(folder || "/")
          .filter(name => (!name.startsWith(".") || segment.startsWith(".")) && matchesPattern(segment, name))
      : [segment];
    for (const name of names) {
      const path = `${folder}/${name}`;
      if (rest.length > 0) walk(path, rest, depth);
      else if (tree.lstat(path) !== undefined) found.add(path);
    }
  };
  walk("", pattern.split("/").filter(Boolean), 0);
  return [...found].sort();
}
