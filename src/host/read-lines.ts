// Large text files as lines, a piece at a time: what is in memory does not grow with the file. gzip is seen through.

import { closeSync, createReadStream, openSync, readdirSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { isFileSystemError } from "./directory-tree.ts";
import { FileUnreadable, SourceError } from "./source-error.ts";

/** In characters; what is longer comes as one line of this length and the rest is dropped. */
const MAX_LINE = 2 << 20;
const MAX_FILES = 100_000;

/**
 * The lines of a file, without their ends, in lists as they come in.
 * @throws {SourceError} `file-unreadable`, of a damaged gzip file too
 */
export async function* readLines(path: string): AsyncGenerator<readonly string[]> {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  const stream = isGzip(path) ? file.pipe(createGunzip()) : file;
  // An error of the file does not travel through the pipe by itself.
  if (stream !== file) file.on("error", error => stream.destroy(error));
  const decoder = new TextDecoder();
  let rest = "";
  let isSkipping = false;
  try {
    for await (const piece of stream) {
      const text = decoder.decode(piece, { stream: true });
      const lines = text.split("\n");
      const last = lines.pop() ?? "";
      if (lines.length > 0) {
        lines[0] = rest + (isSkipping ? "" : (lines[0] ?? ""));
        isSkipping = false;
        rest = last;
        yield lines;
      } else if (!isSkipping) rest += last;
      if (rest.length > MAX_LINE) {
        rest = rest.slice(0, MAX_LINE);
        isSkipping = true;
      }
    }
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    file.destroy();
  }
  if (rest !== "") yield [rest];
}

/**
 * The files of a trace: the file itself, or those of a folder, in the order of the number that they end in (`strace -ff`).
 * @throws {SourceError} `file-unreadable`
 */
export function filesOfTrace(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
    return readdirSync(path, { withFileTypes: true })
      .filter(entry => entry.isFile() && !entry.name.startsWith("."))
      .slice(0, MAX_FILES)
      .map(entry => join(path, entry.name))
      .sort((a, b) => numberOf(a) - numberOf(b) || (a < b ? -1 : 1));
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** The number of the process that a file of `strace -ff` is about; 0 for any other file. */
export function numberOf(path: string): number {
  return Number(/\.(\d{1,10})(?:\.gz)?$/.exec(path)?.[1] ?? 0);
}

/** RFC 1952, 2.3.1: the first two bytes. */
function isGzip(path: string): boolean {
  try {
    const descriptor = openSync(path, "r");
    try {
      const head = new Uint8Array(2);
      return readSync(descriptor, head, 0, 2, 0) === 2 && head[0] === 0x1f && head[1] === 0x8b;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    // A pipe cannot be read from a place: it is taken as it comes.
    if (isFileSystemError(error) && error.code === "ESPIPE") return false;
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): Error {
  if (error instanceof SourceError) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  const code = "code" in error && typeof error.code === "string" ? error.code : error.message;
  return new FileUnreadable(path, code);
}
