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

/** @returns the line that starts at `start`, looking at no more than the limit; `undefined` at the end of the bytes. */
export function readLine(bytes: Uint8Array, start: number): PhysicalLine | undefined {
  if (start >= bytes.length) return undefined;
  const last = Math.min(bytes.length, start + longLineLimit);
  let textEnd = start;
  while (textEnd < last && !isLineEnd(bytes[textEnd])) textEnd++;
  const isTooLong = textEnd - start >= longLineLimit;
  return { start, textEnd, next: isTooLong ? bytes.length : skipLineEnd(bytes, textEnd), isTooLong };
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
