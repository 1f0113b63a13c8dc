// The file that a trace goes to: it may hold what the service was sent, so it is its owner's alone.

import { closeSync, constants, fchmodSync, openSync, writeSync } from "node:fs";
import { isFileSystemError } from "../host/directory-tree.ts";
import { SourceError } from "../host/source-error.ts";

export interface TraceFile {
  /** @throws {SourceError} `write-failed`, where the disk is full among others */
  readonly write: (lines: readonly string[]) => void;
  readonly close: () => void;
}

/**
 * Opens a file for a trace, empty. A symbolic link in its place is not followed: the folder may be anybody's, and we are root.
 * @throws {SourceError} `write-failed`
 */
export function openTraceFile(path: string): TraceFile {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  const descriptor = attempt(path, () => {
    const opened = openSync(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
    fchmodSync(opened, 0o600);
    return opened;
  });
  return {
    write: lines => {
      if (lines.length > 0) attempt(path, () => writeSync(descriptor, `${lines.join("\n")}\n`));
    },
    close: () => closeSync(descriptor),
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
