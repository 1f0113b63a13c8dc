// How a path is walked inside a tree, whatever holds the tree. What is guaranteed: a link, absolute or with `..`,
// leads to a place inside the tree or nowhere, and every walk ends (at most 40 links, as the kernel has it).
import type { FileStat } from "./file-tree.ts";

/** path_resolution(7): more links than this on one walk are ELOOP. */
const maxLinks = 40;
/** PATH_MAX of linux/limits.h, in bytes; a path is at least as long in bytes as in characters. */
const maxPath = 4096;

export interface PathReader {
  lstat(real: string): FileStat | undefined;
  readLink(real: string): string | undefined;
}

export interface Walked {
  /** No link in it but, where links are not followed, the last part; "/" for the root itself. */
  readonly path: string;
  /** Of that path; absent where the last part does not exist. */
  readonly stat?: FileStat;
}

/** A walk over `reader`, which remembers the directories that it has seen: the shape of a tree is taken to stay. */
export interface Walker {
  /**
   * @param path absolute inside the tree; a relative one counts from the root, and `..` at the root stays there.
   * @param last whether a link in the last part is followed or taken as it is.
   * @returns `undefined` where a directory on the way is missing or no directory, or the links loop.
   */
  walk(path: string, last: "follow" | "keep"): Walked | undefined;
  /** Forgets every directory, after one of them turned out to be another than it was. */
  forget(): void;
}

const rootStat: FileStat = { kind: "directory", size: 0, mode: 0o755, uid: 0, gid: 0 };
const maxRemembered = 20_000;

export function pathWalker(reader: PathReader): Walker {
  /** Written path of a directory → its real path, "" for the root. */
  const directories = new Map<string, string>();

  function remember(written: string, real: string): void {
    if (directories.size >= maxRemembered) directories.clear();
    directories.set(written, real);
  }

  /** Walks `names` from the real directory `start`. */
  function walkFrom(start: string, names: readonly string[], last: "follow" | "keep"): Walked | undefined {
    const pending = names.toReversed();
    let current = start;
    let stat: FileStat | undefined;
    let links = 0;
    while (pending.length > 0) {
      const name = pending.pop() ?? "";
      if (name === "" || name === ".") continue;
      if (name === "..") {
        current = current.slice(0, Math.max(0, current.lastIndexOf("/")));
        stat = undefined;
        continue;
      }
      const next = `${current}/${name}`;
      const isLast = pending.length === 0;
      if (next.length > maxPath) return undefined;
      if (!isLast && directories.get(next) === next) {
        current = next;
        continue;
      }
      stat = reader.lstat(next);
      if (stat?.kind === "symlink" && !(isLast && last === "keep")) {
        links++;
        const target = links > maxLinks ? undefined : reader.readLink(next);
        if (target === undefined || target.length > maxPath) return undefined;
        if (target.startsWith("/")) current = "";
        pending.push(...target.split("/").toReversed());
        stat = undefined;
        continue;
      }
      if (isLast) return stat === undefined ? { path: next } : { path: next, stat };
      if (stat?.kind !== "directory") return undefined;
      remember(next, next);
      current = next;
    }
    // The walk ended in `..`, `.` or the root: `current` is a directory that was passed on the way.
    const there = current === "" ? (reader.lstat("/") ?? rootStat) : reader.lstat(current);
    return there === undefined ? undefined : { path: current || "/", stat: there };
  }

  function realDirectory(written: string): string | undefined {
    if (written === "") return "";
    const known = directories.get(written);
    if (known !== undefined) return known;
    const walked = walkFrom("", written.split("/"), "follow");
    if (walked?.stat?.kind !== "directory") return undefined;
    const real = walked.path === "/" ? "" : walked.path;
    remember(written, real);
    return real;
  }

  return {
    walk(path, last) {
      if (path.length > maxPath || path.includes("\0")) return undefined;
      const end = trimmedEnd(path);
      const slash = path.lastIndexOf("/", end - 1);
      const parent = realDirectory(path.slice(0, Math.max(0, slash)));
      return parent === undefined ? undefined : walkFrom(parent, [path.slice(slash + 1, end)], last);
    },
    forget: () => directories.clear(),
  };
}

/** Without the slashes at the end, of which there may be thousands. */
function trimmedEnd(path: string): number {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end--;
  return end;
}

/**
 * A path as text: absolute, without empty parts, `.` and `..`, which never climbs above the root.
 * Links are not looked at, so it is for paths that name a place in a tree that is being made.
 */
export function normalizePath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Sorts names by their bytes, as `strcmp` does: UTF-16 order differs beyond U+FFFF. */
export function sortNames(names: Iterable<string>): readonly string[] {
  const sorted = [...names].sort();
  return sorted.some(name => /[\ud800-\udfff]/.test(name))
    ? sorted.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    : sorted;
}
