// Many daemons are one program that starts others from a folder of its own; which, stands in its text.

import type { FileTree } from "../../host/file-tree.ts";
import { oncePerPath } from "../once-per.ts";
import { loadElf } from "./load-closure.ts";
import { readTexts } from "./read-program.ts";

/** Bounds for programs whose text is a catalogue of paths. */
const MAX_BYTES = 48 * 1024 * 1024;
const MAX_WORDS = 2000;
const MAX_CHILDREN = 80;
const MAX_SOURCED = 64 * 1024;

/**
 * The executable files that a program's text names, itself left out: by their paths, or by the folder below /usr/lib or /usr/libexec
 * that holds nothing but a package's own programs. That the text names them is no proof that they run.
 */
export const childPrograms = oncePerPath((path, tree): readonly string[] => {
  const text = readText(path, tree);
  const words = pathsIn(text);
  if (text.startsWith("#!")) {
    // What a script sources or configures itself by lies beside it, and is text as well.
    for (const word of [...words]) {
      const stat = tree.stat(word);
      if (stat?.kind === "file" && (stat.mode & 0o111) === 0 && stat.size <= MAX_SOURCED)
        for (const other of pathsIn(readText(word, tree))) words.add(other);
    }
  }
  const children = new Set<string>();
  const add = (file: string) => {
    const found = tree.stat(file);
    if (found?.kind === "file" && (found.mode & 0o111) !== 0 && !/\.so(\.|$)/.test(file))
      children.add(tree.realPath(file) ?? file);
    return found?.kind;
  };
  for (const word of words) {
    if (add(word) !== "directory" || !isOwnFolder(word)) continue;
    for (const name of tree.readDirectory(word)) if (children.size < MAX_CHILDREN) add(`${word}/${name}`);
  }
  children.delete(tree.realPath(path) ?? path);
  return [...children].slice(0, MAX_CHILDREN);
});

function readText(path: string, tree: FileTree): string {
  const stat = tree.stat(path);
  if (stat === undefined || stat.size > MAX_BYTES) return "";
  return readTexts(path, loadElf(path, tree), tree).toString("latin1");
}

function pathsIn(text: string): Set<string> {
  const words = new Set<string>();
  for (const [word] of text.matchAll(
    /\/(?:usr|opt|s?bin|lib|etc\/(?:default|sysconfig))\/[\w.+@-]+(?:\/[\w.+@-]+)*/g,
  )) {
    words.add(word);
    if (words.size >= MAX_WORDS) break;
  }
  return words;
}

/** A folder of one package's programs: not the ones that all packages share. */
export function isOwnFolder(folder: string): boolean {
  return /^(?:\/usr)?\/lib(?:exec)?\/(?!systemd|[^/]*-linux-)[^/]+(?:\/(?:s?bin|libexec|exec))?$/.test(
    folder,
  );
}
