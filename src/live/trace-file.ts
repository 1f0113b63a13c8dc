// The file that a trace goes to: it may hold what the service was sent, so it is its owner's alone.

import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { isFileSystemError } from "../host/directory-tree.ts";
import { SourceError } from "../host/source-error.ts";

export interface TraceFile {
  /** @throws {SourceError} `write-failed`, where the disk is full among others */
  readonly write: (lines: readonly string[]) => void;
  readonly close: () => void;
}

/**
 * Opens a file for a trace; what was in it is replaced by the first lines. A symbolic link in its place is not followed: the folder
 * may be anybody's, and we are root. Closed before any line came, the file is as it was, and gone where it was not.
 * @throws {SourceError} `write-failed`
 */
export function openTraceFile(path: string): TraceFile {
  const { O_WRONLY, O_CREAT, O_NOFOLLOW } = constants;
  const descriptor = attempt(path, () => openSync(path, O_WRONLY | O_CREAT | O_NOFOLLOW, 0o600));
  let hasLines = false;
  return {
    write(lines) {
      if (lines.length === 0) return;
      attempt(path, () => {
        if (!hasLines) {
          ftruncateSync(descriptor);
          fchmodSync(descriptor, 0o600);
        }
        hasLines = true;
        writeSync(descriptor, `${lines.join("\n")}\n`);
      });
    },
    close() {
      const isEmpty = !hasLines && fstatSync(descriptor).size === 0;
      closeSync(descriptor);
      if (isEmpty) attempt(path, () => unlinkSync(path));
    },
  };
}

function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new SourceError("write-failed", { file: path, reason: error.code });
  }
}
