import type { FileTree } from "./file-tree.ts";
import { sourceNames } from "./source-names.ts";

/** Any of these makes a folder the root of a system: an unpacked image, a build's install folder, a package's content. */
const signs = ["usr/lib/systemd", "lib/systemd", "etc/systemd", "usr/local/lib/systemd"];

export function isSystemRoot(tree: FileTree, folder: string): boolean {
  return signs.some(sign =>
    ["system", "user"].some(scope => tree.stat(`${folder}/${sign}/${scope}`)?.kind === "directory"),
  );
}

/** How deep below a folder units are looked for. */
const maxDepth = 8;
const maxFolders = 10_000;
/** Folders of links and drop-ins (systemd.unit(5)), and of other people's files. */
const skipped = /^\.|\.(wants|requires|upholds|d)$|^node_modules$/;

/**
 * The folder itself and those below it that have unit files; links are not followed. A source tree has units beside its
 * programs and below debian/ alike, and a gate must not miss any.
 */
export function unitFolders(tree: FileTree, folder: string): readonly string[] {
  const found: string[] = [];
  let seen = 0;
  const visit = (path: string, depth: number): void => {
    if (++seen > maxFolders) return;
    const names = tree.readDirectory(path);
    const unitOf = sourceNames(tree, path);
    if (
      names.some(name => unitOf(name) !== undefined && tree.lstat(`${path}/${name}`)?.kind !== "directory")
    ) {
      found.push(path);
    }
    if (depth >= maxDepth) return;
    for (const name of names) {
      if (!skipped.test(name) && tree.lstat(`${path}/${name}`)?.kind === "directory")
        visit(`${path}/${name}`, depth + 1);
    }
  };
  visit(folder, 0);
  return found;
}
