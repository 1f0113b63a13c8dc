// systemd's idea of a line. conf-parser reads up to a run of line-end characters in which each of \n, \r and NUL
// stands at most once and NUL ends the run: "\r\n", "\n\r" and "\n\0" are one line end.

/** Bytes of a line, its end not counted, from which on systemd refuses to read further (LONG_LINE_MAX). */
export const longLineLimit = 1024 * 1024;

export interface PhysicalLine {
  /** Offsets: where the line starts, where its end marker starts, where the next line starts. */
  readonly start: number;
  readonly textEnd: number;
  readonly next: number;
  readonly isTooLong: boolean;
}

/** Reads lines one after the other; `start` counts from the first byte. Undefined at the end of the text. */
export type LineReader = (start: number) => PhysicalLine | undefined;

/**
 * @param text bytes, one character each.
 * @returns a reader whose work on one line is linear in the line, and never more than the limit.
 */
export function lineReader(text: string): LineReader {
  const isPlain = hasPlainLineEnds(text);
  return start => {
    if (start >= text.length) return undefined;
    const textEnd = isPlain ? findLineFeed(text, start) : findLineEnd(text, start);
    const isTooLong = textEnd - start >= longLineLimit;
    if (isTooLong) return { start, textEnd, next: text.length, isTooLong };
    return { start, textEnd, next: isPlain ? textEnd + 1 : skipLineEnd(text, textEnd), isTooLong };
  };
}

/** Whether every line of the text ends in a line feed, and in nothing else. */
export function hasPlainLineEnds(text: string): boolean {
  return !text.includes("\r") && !text.includes("\0");
}

/** The file of everyday has line feeds alone, and native code finds them several times as fast. */
function findLineFeed(text: string, start: number): number {
  const found = text.indexOf("\n", start);
  return found < 0 ? text.length : found;
}

function findLineEnd(text: string, start: number): number {
  const last = Math.min(text.length, start + longLineLimit);
  let at = start;
  while (at < last && !isLineEnd(text.charAt(at))) at++;
  return at;
}

function isLineEnd(char: string): boolean {
  return char === "\n" || char === "\r" || char === "\0";
}

function skipLineEnd(text: string, from: number): number {
  let before = "";
  for (let at = from; at < from + 3; at++) {
    const char = text.charAt(at);
    // The third can only be NUL: both others stand already.
    const isAllowed = at === from + 2 ? char === "\0" : char !== before && isLineEnd(char);
    if (!isAllowed) return at;
    if (char === "\0") return at + 1;
    before = char;
  }
  return from + 3;
}
