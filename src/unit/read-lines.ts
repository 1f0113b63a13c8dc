// systemd's idea of a line. conf-parser reads up to a run of line-end characters in which each of \n, \r and NUL
// stands at most once and NUL ends the run: "\r\n", "\n\r" and "\n\0" are one line end.

/** Bytes of a line, its end not counted, from which on systemd refuses to read further (LONG_LINE_MAX). */
export const longLineLimit = 1024 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export interface PhysicalLine {
  /** Offsets of bytes: where the line starts, where its end marker starts, where the next line starts. */
  readonly start: number;
  readonly textEnd: number;
  readonly next: number;
  readonly isTooLong: boolean;
}

/** Reads lines one after the other; `start` counts from the first byte. Undefined at the end of the bytes. */
export type LineReader = (start: number) => PhysicalLine | undefined;

/** @returns a reader whose work on one line is linear in the line, and never more than the limit. */
export function lineReader(bytes: Buffer): LineReader {
  const isPlain = !bytes.includes(carriageReturn) && !bytes.includes(0);
  return start => {
    if (start >= bytes.length) return undefined;
    const textEnd = isPlain ? findLineFeed(bytes, start) : findLineEnd(bytes, start);
    const isTooLong = textEnd - start >= longLineLimit;
    if (isTooLong) return { start, textEnd, next: bytes.length, isTooLong };
    return { start, textEnd, next: isPlain ? textEnd + 1 : skipLineEnd(bytes, textEnd), isTooLong };
  };
}

/** The file of everyday has line feeds alone, and native code finds them several times as fast. */
function findLineFeed(bytes: Buffer, start: number): number {
  const found = bytes.indexOf(lineFeed, start);
  return found < 0 ? bytes.length : found;
}

function findLineEnd(bytes: Uint8Array, start: number): number {
  const last = Math.min(bytes.length, start + longLineLimit);
  let at = start;
  while (at < last && !isLineEnd(bytes[at])) at++;
  return at;
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === lineFeed || byte === carriageReturn || byte === 0;
}

function skipLineEnd(bytes: Uint8Array, from: number): number {
  let before: number | undefined;
  for (let at = from; at < from + 3; at++) {
    const byte = bytes[at];
    // The third can only be NUL: both others stand already.
    const isAllowed = at === from + 2 ? byte === 0 : byte !== before && isLineEnd(byte);
    if (!isAllowed) return at;
    if (byte === 0) return at + 1;
    before = byte;
  }
  return from + 3;
}
