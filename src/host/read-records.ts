// Files of one record a line, of any size, as bytes: what is in memory is one piece of the file and one record. gzip is
// seen through.
import { closeSync, createReadStream, openSync, readSync } from "node:fs";
import { createGunzip } from "node:zlib";
import { isFileSystemError } from "./directory-tree.ts";
import { FileTooLarge, FileUnreadable } from "./source-error.ts";

const PIECE = 1 << 18;

/** Room to read into, for callers that read many files: a new one for each would pile up faster than it is collected. */
export function recordRoom(): Uint8Array {
  return new Uint8Array(PIECE);
}

/**
 * The lines of a file without their ends; the bytes of one are good until the next is asked for.
 * @param limit of a line, in bytes.
 * @param room that nothing else uses meanwhile.
 * @throws {FileTooLarge} at a line above the limit. @throws {FileUnreadable} of a damaged gzip file too.
 */
export async function* readRecords(
  path: string,
  limit: number,
  room: Uint8Array = recordRoom(),
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array[] = [];
  let held = 0;
  for await (const piece of pieces(path, room)) {
    let start = 0;
    for (;;) {
      const end = piece.indexOf(0x0a, start);
      if (end === -1) break;
      const line = piece.subarray(start, end);
      start = end + 1;
      if (held === 0) yield line;
      else {
        if (held + line.length > limit) throw new FileTooLarge(path, limit);
        const whole = Buffer.concat([...rest, line]);
        rest = [];
        held = 0;
        yield whole;
      }
    }
    if (start === piece.length) continue;
    // The piece's memory is used again.
    rest.push(piece.slice(start));
    held += piece.length - start;
    if (held > limit) throw new FileTooLarge(path, limit);
  }
  if (held > 0) yield Buffer.concat(rest);
}

async function* pieces(path: string, buffer: Uint8Array): AsyncGenerator<Uint8Array> {
  let fd: number | undefined;
  try {
    fd = openSync(path, "r");
    let count = readSync(fd, buffer);
    // RFC 1952, 2.3.1: the first two bytes.
    if (buffer[0] === 0x1f && buffer[1] === 0x8b && count > 2) {
      yield* unzipped(path);
      return;
    }
    while (count > 0) {
      yield buffer.subarray(0, count);
      count = readSync(fd, buffer);
    }
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new FileUnreadable(path, error.code);
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

async function* unzipped(path: string): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: PIECE });
  const stream = file.pipe(createGunzip({ chunkSize: PIECE }));
  // An error of the file does not travel through the pipe by itself.
  file.on("error", error => stream.destroy(error));
  try {
    for await (const piece of stream) yield piece;
  } catch (error) {
    // zlib's errors have a code and no system call.
    if (!(error instanceof Error && "code" in error)) throw error;
    throw new FileUnreadable(path, String(error.code));
  } finally {
    file.destroy();
  }
}
