import type { FileTree } from "./file-tree.ts";

const mostHops = 8;

/**
 * Where a symbolic link points, as systemd compares it with the search path: absolute, the links of its folder
 * resolved inside the tree, the last part taken as it is and possibly missing.
 * @returns `undefined` where `path` is no link.
 */
export function linkTarget(tree: FileTree, path: string): string | undefined {
  const written = tree.readLink(path);
  if (written === undefined) return undefined;
  const folder = folderOf(path);
  const absolute = written.startsWith("/") ? written : `${tree.realPath(folder) ?? folder}/${written}`;
  const trimmed = absolute.replace(/(?:\/\.?)+$/, "");
  const base = baseOf(trimmed);
  if (base === "" || base === "..") return tree.realPath(absolute) ?? lexicalPath(absolute);
  const parent = tree.realPath(folderOf(trimmed)) ?? lexicalPath(folderOf(trimmed));
  return parent === "/" ? `/${base}` : `${parent}/${base}`;
}

/** `away`: an absolute link that the source ignores. An empty file, too, is a mask; that is seen when it is read. */
export type FileLook = "file" | "mask" | "away";

/**
 * systemd.unit(5): a link to /dev/null stands for "there is nothing here". The link is taken by its text, since the
 * root under audit need not have a /dev/null.
 */
export function lookAt({ tree, absoluteLinks }: LinkedSource, path: string): FileLook {
  if (tree.lstat(path)?.kind !== "symlink") return "file";
  let isAway = false;
  let at: string | undefined = path;
  for (let hop = 0; hop < mostHops && at !== undefined; hop++) {
    if (at === "/dev/null") return "mask";
    isAway ||= absoluteLinks === "ignore" && tree.readLink(at)?.startsWith("/") === true;
    at = linkTarget(tree, at);
  }
  return isAway ? "away" : "file";
}

interface LinkedSource {
  readonly tree: FileTree;
  readonly absoluteLinks?: "follow" | "ignore";
}

export function baseOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf("/"), 0)) || "/";
}

/** Without `.`, `..` and doubled slashes, for paths of which a part does not exist. */
export function lexicalPath(path: string): string {
  const kept: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") kept.pop();
    else if (part !== "" && part !== ".") kept.push(part);
  }
  return `/${kept.join("/")}`;
}
