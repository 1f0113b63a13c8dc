// Writing so that a reader sees the old file or the new one and never a part, and that a crash leaves one of the two.
// What is guaranteed: a link in the target's or its folder's place is refused, and the folder that was looked at is the
// one that is written to, since the work is done through its open descriptor (/proc/self/fd, on Linux).
import { randomBytes } from "node:crypto";
import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsync,
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
import { promisify } from "node:util";
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
  try {
    const draft = makeDraft(path, bytes, options);
    try {
      fsyncSync(draft.fd);
      draft.put();
      fsyncSync(draft.folderFd);
    } finally {
      draft.close();
    }
  } catch (error) {
    throw failureOf(path, error);
  }
}

/** The same for who has other work while the disk does its: what is promised holds once the promise is kept. */
export async function writeAtomicMeanwhile(
  path: string,
  bytes: Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  try {
    const draft = makeDraft(path, bytes, options);
    try {
      await toDisk(draft.fd);
      draft.put();
      await toDisk(draft.folderFd);
    } finally {
      draft.close();
    }
  } catch (error) {
    throw failureOf(path, error);
  }
}

const toDisk = promisify(fsync);

/** The new file beside the place that it is for: whole, and not yet on disk. */
interface Draft {
  readonly fd: number;
  readonly folderFd: number;
  put(): void;
  /** Leaves nothing behind that was not put. */
  close(): void;
}

function makeDraft(path: string, bytes: Uint8Array, options: WriteOptions): Draft {
  const { folder, name, folderFd } = openFolderOf(path);
  const temporary = `${folder}/.${name}.${randomBytes(6).toString("hex")}.tmp`;
  let fd: number | undefined;
  let isPut = false;
  const close = (): void => {
    try {
      if (fd !== undefined) closeSync(fd);
      if (fd !== undefined && !isPut) unlinkSync(temporary);
    } finally {
      closeSync(folderFd);
    }
  };
  try {
    const before = plainFile(path, `${folder}/${name}`);
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    fd = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    let offset = 0;
    while (offset < bytes.length) offset += writeSync(fd, bytes, offset);
    if (before !== undefined && process.getuid?.() === 0) fchownSync(fd, before.uid, before.gid);
    // After the owner: changing that clears the set-user-ID bits, and umask does not count here.
    fchmodSync(fd, before === undefined ? (options.mode ?? 0o644) : before.mode & 0o7777);
  } catch (error) {
    close();
    throw error;
  }
  const put = (): void => {
    renameSync(temporary, `${folder}/${name}`);
    isPut = true;
  };
  return { fd, folderFd, put, close };
}

/**
 * Removes the file at `path`, on disk before this returns.
 * @returns whether there was one.
 * @throws {SourceError} as `writeAtomic`.
 */
export function removeAtomic(path: string): boolean {
  try {
    const { folder, name, folderFd } = openFolderOf(path);
    try {
      if (plainFile(path, `${folder}/${name}`) === undefined) return false;
      unlinkSync(`${folder}/${name}`);
      fsyncSync(folderFd);
      return true;
    } finally {
      closeSync(folderFd);
    }
  } catch (error) {
    throw failureOf(path, error);
  }
}

/** Opens the folder of `path`, which may be no link; `folder` leads to it whatever is renamed, as long as it is open. */
function openFolderOf(path: string): { folder: string; name: string; folderFd: number } {
  const folder = dirname(resolve(path));
  if (lstatSync(folder).isSymbolicLink()) throw new SourceError("write-into-link", { file: path });
  const folderFd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  const pinned = `/proc/self/fd/${folderFd}`;
  return { folder: canReadLink(pinned) ? pinned : folder, name: basename(path), folderFd };
}

function failureOf(path: string, error: unknown): unknown {
  return isFileSystemError(error)
    ? new SourceError("write-failed", { file: path, reason: error.code })
    : error;
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
