// A file system made of values: entries go in, a `FileTree` comes out. It holds standard input, single files,
// archives, and whatever a test needs; it behaves as a directory with the same files would.
import type { FileStat, FileTree } from "./file-tree.ts";
import { normalizePath, pathWalker, sortNames } from "./resolve-path.ts";
import { FileTooLarge, FileUnreadable } from "./source-error.ts";

interface Owner {
  /** Permission bits; by default 0o644 of a file, 0o755 of a directory. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** What stands at a path: content alone, or with its owner and mode, or something that is no regular file. */
export type MemoryEntry =
  | Uint8Array
  | string
  | ({ readonly content: Uint8Array | string } & Owner)
  /** A symbolic link, its target as it is written. */
  | ({ readonly link: string } & Owner)
  | ({ readonly directory: true } & Owner)
  | ({ readonly device: true } & Owner)
  /** A FIFO or a socket. */
  | ({ readonly other: true } & Owner)
  /** A file of which only the size is known: reading it throws, with the reason. */
  | ({ readonly withheld: string; readonly size: number } & Owner);

interface Node {
  readonly stat: FileStat;
  readonly content?: Uint8Array;
  readonly link?: string;
  readonly withheld?: string;
}

/** 16 MiB: no unit, no configuration and few programs are larger. */
export const defaultFileLimit = 16 * 1024 * 1024;

/**
 * @param entries by path, absolute or from the root; directories on the way need no entry, later entries replace
 *   earlier ones, and an entry below a link lands where the link leads.
 * @param label what messages call the tree.
 */
export function memoryTree(
  entries: Readonly<Record<string, MemoryEntry>> | Iterable<readonly [string, MemoryEntry]>,
  label = "memory",
): FileTree {
  const nodes = new Map<string, Node>([["/", newDirectory()]]);
  const children = new Map<string, Set<string>>([["/", new Set()]]);
  const walker = pathWalker({
    lstat: path => nodes.get(path)?.stat,
    readLink: path => nodes.get(path)?.link,
  });

  function put(path: string, node: Node): void {
    const slash = path.lastIndexOf("/");
    const parent = path.slice(0, slash) || "/";
    if (nodes.get(parent)?.stat.kind !== "directory") put(parent, newDirectory());
    const before = nodes.get(path);
    if (before?.stat.kind === "directory" && node.stat.kind !== "directory") remove(path);
    nodes.set(path, node);
    if (node.stat.kind === "directory" && !children.has(path)) children.set(path, new Set());
    children.get(parent)?.add(path.slice(slash + 1));
  }

  function remove(path: string): void {
    const stack = [path];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      for (const name of children.get(next) ?? []) stack.push(`${next}/${name}`);
      children.delete(next);
      nodes.delete(next);
    }
    walker.forget();
  }

  for (const [path, entry] of pairsOf(entries)) {
    const written = normalizePath(path);
    const node = nodeOf(entry);
    if (written === "/") {
      if (node.stat.kind === "directory") nodes.set("/", node);
      continue;
    }
    const place = walker.walk(written, "keep");
    put(place === undefined || place.path === "/" ? written : place.path, node);
    if (node.stat.kind !== "directory") walker.forget();
  }

  function nodeAt(path: string, last: "follow" | "keep"): Node | undefined {
    const walked = walker.walk(path, last);
    return walked === undefined ? undefined : nodes.get(walked.path);
  }

  return {
    label,
    readFile(path, limit = defaultFileLimit) {
      const node = nodeAt(path, "follow");
      if (node?.stat.kind !== "file") return undefined;
      if (node.stat.size > limit) throw new FileTooLarge(path, limit);
      if (node.withheld !== undefined) throw new FileUnreadable(path, node.withheld);
      return node.content;
    },
    readDirectory(path) {
      const walked = walker.walk(path, "follow");
      return sortNames((walked && children.get(walked.path)) ?? []);
    },
    lstat: path => nodeAt(path, "keep")?.stat,
    stat: path => nodeAt(path, "follow")?.stat,
    readLink: path => nodeAt(path, "keep")?.link,
    realPath(path) {
      const walked = walker.walk(path, "follow");
      return walked?.stat && walked.path;
    },
  };
}

function pairsOf(
  entries: Readonly<Record<string, MemoryEntry>> | Iterable<readonly [string, MemoryEntry]>,
): Iterable<readonly [string, MemoryEntry]> {
  return isIterable(entries) ? entries : Object.entries(entries);
}

function isIterable(
  entries: Readonly<Record<string, MemoryEntry>> | Iterable<readonly [string, MemoryEntry]>,
): entries is Iterable<readonly [string, MemoryEntry]> {
  return Symbol.iterator in entries;
}

function newDirectory(owner: Owner = {}): Node {
  return { stat: statOf("directory", 0, 0o755, owner) };
}

function statOf(kind: FileStat["kind"], size: number, mode: number, owner: Owner): FileStat {
  return { kind, size, mode: owner.mode ?? mode, uid: owner.uid ?? 0, gid: owner.gid ?? 0 };
}

function nodeOf(entry: MemoryEntry): Node {
  if (typeof entry === "string" || entry instanceof Uint8Array) return fileNode(entry, {});
  if ("link" in entry) {
    return { stat: statOf("symlink", Buffer.byteLength(entry.link), 0o777, entry), link: entry.link };
  }
  if ("directory" in entry) return newDirectory(entry);
  if ("device" in entry) return { stat: statOf("device", 0, 0o600, entry) };
  if ("other" in entry) return { stat: statOf("other", 0, 0o600, entry) };
  if ("withheld" in entry)
    return { stat: statOf("file", entry.size, 0o644, entry), withheld: entry.withheld };
  return fileNode(entry.content, entry);
}

function fileNode(content: Uint8Array | string, owner: Owner): Node {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return { stat: statOf("file", bytes.length, 0o644, owner), content: bytes };
}
