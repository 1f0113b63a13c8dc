// Writing so that a reader sees the old file or the new one and never a part, and that a crash leaves one of the two.
// What is guaranteed: a link in the target's or its folder's place is refused, and the folder that was looked at is the
// one that is written to, since the work is done through its open descriptor (/proc/self/fd, on Linux).
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  renameSync,
  type Stats,
  unlinkSync,
  writeSync,
} from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { isFileSystemError } from "./directory-tree.ts";
import { SourceError } from "./source-error.ts";

export interface WriteOptions {
  /** Permission bits of a new file, by default 0o644; a file that is replaced keeps its own, and its owner. */
  readonly mode?: number;
}

/**
 * Puts `bytes` in the place of the file at `path`, on disk before this returns. The folder must exist.
 * @throws {SourceError} `write-onto-link`, `-directory`, `-special` and `write-into-link` where something else than a
 *   file is in the way, `write-failed` where the system refuses (no space, no permission); the old file is then
 *   untouched and nothing is left behind.
 */
export function writeAtomic(path: string, bytes: Uint8Array, options: WriteOptions = {}): void {
  inFolderOf(path, (folder, name, folderFd) => {
    const before = plainFile(path, `${folder}/${name}`);
    const temporary = `${folder}/.${name}.${randomBytes(6).toString("hex")}.tmp`;
    let isMade = false;
    try {
      const fd = openSync(
        temporary,
        constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
        0o600,
      );
      isMade = true;
      try {
        let offset = 0;
        while (offset < bytes.length) offset += writeSync(fd, bytes, offset);
        if (before !== undefined && process.getuid?.() === 0) fchownSync(fd, before.uid, before.gid);
        // After the owner: changing that clears the set-user-ID bits, and umask does not count here.
        fchmodSync(fd, before === undefined ? (options.mode ?? 0o644) : before.mode & 0o7777);
        fsyncSync(fd);
      } finally {
        closeSync(fd);
      }
      renameSync(temporary, `${folder}/${name}`);
      isMade = false;
    } finally {
      if (isMade) unlinkSync(temporary);
    }
    fsyncSync(folderFd);
  });
}

/**
 * Removes the file at `path`, on disk before this returns.
 * @returns whether there was one.
 * @throws {SourceError} as `writeAtomic`.
 */
export function removeAtomic(path: string): boolean {
  return inFolderOf(path, (folder, name, folderFd) => {
    if (plainFile(path, `${folder}/${name}`) === undefined) return false;
    unlinkSync(`${folder}/${name}`);
    fsyncSync(folderFd);
    return true;
  });
}

/** Opens the folder of `path`, which may be no link, and hands on a path that leads to it whatever is renamed. */
function inFolderOf<T>(path: string, use: (folder: string, name: string, folderFd: number) => T): T {
  const folder = dirname(resolve(path));
  try {
    if (lstatSync(folder).isSymbolicLink()) throw new SourceError("write-into-link", { file: path });
    const fd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      const pinned = `/proc/self/fd/${fd}`;
      return use(canReadLink(pinned) ? pinned : folder, basename(path), fd);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new SourceError("write-failed", { file: path, reason: error.code });
  }
}

/** @returns what stands at `place`, if it is a regular file; `undefined` where nothing does. */
function plainFile(path: string, place: string): Stats | undefined {
  const stat = lstatSync(place, { throwIfNoEntry: false });
  if (stat === undefined || stat.isFile()) return stat;
  if (stat.isSymbolicLink()) throw new SourceError("write-onto-link", { file: path });
  throw new SourceError(stat.isDirectory() ? "write-onto-directory" : "write-onto-special", { file: path });
}

function canReadLink(path: string): boolean {
  try {
    return readlinkSync(path) !== "";
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    return false;
  }
}
