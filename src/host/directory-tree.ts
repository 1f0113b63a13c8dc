// A folder of this machine, seen as the file system of a machine of its own: /etc/passwd is ROOT/etc/passwd, and a link
// to /etc/x leads to ROOT/etc/x.
//
// What is guaranteed. Nothing outside the root is opened: every part of a path is looked at (lstat) before it is used, and
// links are followed by us, never by the kernel. No device, FIFO or socket is opened. Should someone swap a directory for
// a link between the look and the open, the open does not block (O_NONBLOCK), does not follow a link in the last part
// (O_NOFOLLOW), and the file that it got is compared with the place that it was meant to have (/proc/self/fd, on
// Linux) before a byte of it is read. Without /proc the parts of the path are looked at once more instead.

import type { Dirent, Stats } from "node:fs";
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  realpathSync,
} from "node:fs";
import type { DirectoryEntry, FileStat, FileTree } from "./file-tree.ts";
import { defaultFileLimit } from "./memory-tree.ts";
import { pathWalker, sortNames } from "./resolve-path.ts";
import { FileTooLarge, FileUnreadable, SourceError } from "./source-error.ts";

/** A tree of which it is known where it lies on this machine. */
export interface DirectoryTree extends FileTree {
  /** The root folder, every link resolved; "/" for the machine itself. */
  readonly machineRoot: string;
}

const openFlags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/**
 * @param root a folder of this machine; a link to one counts.
 * @param label what messages call the tree, by default the folder as it was given.
 * The folder's directories are taken to stay what they were when first seen: make a new tree for a new look.
 * @throws {SourceError} `root-missing` where there is no such folder.
 */
export function directoryTree(root: string, label: string = root): DirectoryTree {
  const base = rootFolder(root);
  const machinePath = (real: string): string => (base === "/" ? real : real === "/" ? base : base + real);
  const walker = pathWalker({
    lstat: real => lstatOf(machinePath(real)),
    readLink: real => readLinkOf(machinePath(real)),
  });
  // With "/" as the root there is no outside that an open could reach.
  const isAtItsPlace = base === "/" ? () => true : isFileOf;

  /** Opens what the path leads to, if it is of the kind, and hands the descriptor to `use`. */
  function withOpen<T>(
    path: string,
    kind: "file" | "directory",
    use: (fd: number, size: number) => T,
  ): T | undefined {
    for (const attempt of ["first", "second"]) {
      const walked = walker.walk(path, "follow");
      if (walked?.stat?.kind !== kind) return undefined;
      const place = machinePath(walked.path);
      const fd = openAt(place, path, kind);
      if (fd !== undefined) {
        try {
          const stat = fstatSync(fd);
          if (kindOf(stat) === kind && isAtItsPlace(fd, place)) return use(fd, stat.size);
        } finally {
          closeSync(fd);
        }
      }
      // It changed under our feet: once more with fresh eyes, then it is taken for missing.
      if (attempt === "first") walker.forget();
    }
    return undefined;
  }

  function inDirectory<T>(path: string, list: (folder: string) => readonly T[]): readonly T[] {
    if (base === "/" || !hasProc()) {
      const walked = walker.walk(path, "follow");
      return walked?.stat?.kind === "directory" ? list(machinePath(walked.path)) : [];
    }
    return withOpen(path, "directory", fd => list(`/proc/self/fd/${fd}`)) ?? [];
  }

  return {
    label,
    machineRoot: base,
    readFile: (path, limit = defaultFileLimit) =>
      withOpen(path, "file", (fd, size) => {
        if (size > limit) throw new FileTooLarge(path, limit);
        return readAll(fd, size, limit, path);
      }),
    readDirectory: path => inDirectory(path, namesIn),
    readEntries: path => inDirectory(path, entriesIn),
    lstat: path => walker.walk(path, "keep")?.stat,
    stat: path => walker.walk(path, "follow")?.stat,
    readLink(path) {
      const walked = walker.walk(path, "keep");
      return walked?.stat?.kind === "symlink" ? readLinkOf(machinePath(walked.path)) : undefined;
    },
    realPath(path) {
      const walked = walker.walk(path, "follow");
      return walked?.stat && walked.path;
    },
  };
}

/** The file system of this machine. */
export function hostTree(): DirectoryTree {
  return directoryTree("/", "this host");
}

function rootFolder(root: string): string {
  try {
    const base = realpathSync(root);
    if (lstatSync(base).isDirectory()) return base;
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
  }
  throw new SourceError("root-missing", { root });
}

function openAt(place: string, path: string, kind: "file" | "directory"): number | undefined {
  try {
    return openSync(place, kind === "directory" ? openFlags | constants.O_DIRECTORY : openFlags);
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    // ENXIO: a FIFO or socket by now; ELOOP, ENOTDIR: a link by now; ENOENT: gone by now.
    if (["ENOENT", "ENOTDIR", "ELOOP", "ENXIO"].includes(error.code)) return undefined;
    throw new FileUnreadable(path, error.code);
  }
}

/** Whether the open file is the one that lies at `place`, with no link on the way there. */
function isFileOf(fd: number, place: string): boolean {
  if (hasProc()) return readLinkOf(`/proc/self/fd/${fd}`) === place;
  const there = lstatSync(place, { throwIfNoEntry: false });
  const open = fstatSync(fd);
  return there?.ino === open.ino && there.dev === open.dev && realpathSync(place) === place;
}

let procFound: boolean | undefined;
function hasProc(): boolean {
  procFound ??= lstatOf("/proc/self/fd")?.kind === "directory";
  return procFound;
}

function readAll(fd: number, size: number, limit: number, path: string): Uint8Array {
  // Files of /proc and /sys say that they are empty, and any file may grow while it is read.
  let buffer = Buffer.allocUnsafeSlow(size > 0 ? size + 1 : 4096);
  let length = 0;
  for (;;) {
    const count = readSome(fd, buffer, length, path);
    if (count === 0) return buffer.subarray(0, length);
    length += count;
    if (length > limit) throw new FileTooLarge(path, limit);
    // One byte more was asked for than the file has: what came is all of it.
    if (length === size) return buffer.subarray(0, length);
    if (length === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
  }
}

function readSome(fd: number, buffer: Buffer, offset: number, path: string): number {
  try {
    return readSync(fd, buffer, offset, buffer.length - offset, null);
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new FileUnreadable(path, error.code);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return sortNames(readdirSync(folder));
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return [];
  }
}

function entriesIn(folder: string): readonly DirectoryEntry[] {
  try {
    const kinds = new Map(
      readdirSync(folder, { withFileTypes: true }).map(entry => [entry.name, kindOf(entry)] as const),
    );
    return sortNames(kinds.keys()).map(name => ({ name, kind: kinds.get(name) ?? "other" }));
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return [];
  }
}

function lstatOf(path: string): FileStat | undefined {
  try {
    const stat = lstatSync(path, { throwIfNoEntry: false });
    return (
      stat && { kind: kindOf(stat), size: stat.size, mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid }
    );
  } catch (error) {
    // ENAMETOOLONG, EACCES on a folder: there is nothing that could be read.
    if (!isFileSystemError(error)) throw error;
    return undefined;
  }
}

function readLinkOf(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return undefined;
  }
}

function kindOf(stat: Stats | Dirent): FileStat["kind"] {
  if (stat.isFile()) return "file";
  if (stat.isDirectory()) return "directory";
  if (stat.isSymbolicLink()) return "symlink";
  return stat.isCharacterDevice() || stat.isBlockDevice() ? "device" : "other";
}

/** An error that the kernel gave, `ENOENT` and its like; anything else is a mistake of ours. */
export function isFileSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && "syscall" in error && "code" in error && typeof error.code === "string";
}
