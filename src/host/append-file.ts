import { closeSync, constants, fstatSync, openSync, writeSync } from "node:fs";
import { isFileSystemError } from "./directory-tree.ts";
import { SourceError } from "./source-error.ts";

/**
 * Adds bytes to the end of a file that others write to as well, such as the summary of a CI step; it is made where it is
 * missing. A link in its place is refused.
 * @throws {SourceError} `write-onto-special` where it is no regular file, `write-failed` where the system refuses.
 */
export function appendFile(path: string, bytes: Uint8Array): void {
  const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  try {
    const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o644);
    try {
      if (!fstatSync(fd).isFile()) throw new SourceError("write-onto-special", { file: path });
      let offset = 0;
      while (offset < bytes.length) offset += writeSync(fd, bytes, offset);
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new SourceError("write-failed", { file: path, reason: error.code });
  }
}
