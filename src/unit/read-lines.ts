// systemd's idea of a line, on bytes held as latin1 text. conf-parser reads up to a run of line-end characters in
// which each of \n, \r and NUL stands at most once and NUL ends the run: "\r\n", "\n\r" and "\n\0" are one line end.

/** Bytes of a line, its end not counted, from which on systemd refuses to read further (LONG_LINE_MAX). */
export const longLineLimit = 1024 * 1024;

export interface PhysicalLine {
  /** Offsets into the text: where the line starts, where its end marker starts, where the next line starts. */
  readonly start: number;
  readonly textEnd: number;
  readonly next: number;
  readonly isTooLong: boolean;
}

/** @returns the line that starts at `start`, in time linear in its length; `undefined` at the end of the text. */
export function readLine(text: string, start: number): PhysicalLine | undefined {
  if (start >= text.length) return undefined;
  const lineEnd = /[\n\r\0]/g;
  lineEnd.lastIndex = start;
  const textEnd = lineEnd.exec(text)?.index ?? text.length;
  return { start, textEnd, next: skipLineEnd(text, textEnd), isTooLong: textEnd - start >= longLineLimit };
}

function skipLineEnd(text: string, from: number): number {
  let seen = "";
  for (let at = from; at < text.length; at++) {
    const char = text.charAt(at);
    if (seen.endsWith("\0") || seen.includes(char) || !"\n\r\0".includes(char)) return at;
    seen += char;
  }
  return text.length;
}
