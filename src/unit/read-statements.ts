// Lines become statements: what systemd's line parser gets to see, with continuations joined and comments apart.
import { type LineReader, lineReader, longLineLimit } from "./read-lines.ts";
import type { Diagnostic } from "./tree.ts";

/** Lines of a file; one with more is hostile, and reading stops there. */
export const lineLimit = 50_000;

const byteOrderMark = "\xef\xbb\xbf";

export interface Statement {
  /** Offsets: of the first line's start and of what follows the last line's end. */
  readonly start: number;
  readonly end: number;
  /** How many lines it has. */
  readonly lines: number;
  /** Of the first character that is no blank, counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly content: StatementContent;
}

export type StatementContent =
  /** For the line parser: continuation lines joined, one character per byte. */
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "comment" }
  /** Here reading ends; the statement is the rest of the file. */
  | { readonly kind: "stop"; readonly problem: Omit<Diagnostic, "position"> };

type Place = Pick<Statement, "start" | "line" | "column">;

interface OpenStatement extends Place {
  readonly parts: string[];
  length: number;
}

/** Reads the statement that starts at a byte, on the line of that number; undefined at the end of the bytes. */
export type StatementReader = (start: number, line: number) => Statement | undefined;

/**
 * @param bytes one character each.
 * @returns a reader for statements in their order; each byte is in exactly one.
 */
export function statementReader(bytes: string): StatementReader {
  const readLine = lineReader(bytes);
  let isMarkSeen = false;
  const isMarked = (text: string): boolean => {
    if (isMarkSeen || !text.startsWith(byteOrderMark)) return false;
    isMarkSeen = true;
    return true;
  };
  return (start, line) => readStatement(bytes, readLine, isMarked, start, line);
}

function readStatement(
  bytes: string,
  readLine: LineReader,
  isMarked: (text: string) => boolean,
  start: number,
  firstLine: number,
): Statement | undefined {
  let lineNumber = firstLine - 1;
  let open: OpenStatement | undefined;
  for (let line = readLine(start); line; line = readLine(line.next)) {
    lineNumber++;
    const lines = lineNumber - firstLine + 1;
    const end = Math.min(line.next, bytes.length);
    const first = firstNonBlank(bytes, line.start, line.textEnd);
    const current: Place = open ?? { start: line.start, line: lineNumber, column: first - line.start + 1 };
    if (line.isTooLong || lineNumber > lineLimit)
      return statement(current, bytes.length, lines, tooMuch(line.isTooLong));
    if (first < line.textEnd && (bytes[first] === "#" || bytes[first] === ";")) {
      // A comment inside a continued line is dropped and the continuation goes on after it.
      if (!open) return statement(current, end, lines, { kind: "comment" });
      continue;
    }
    let text = bytes.slice(line.start, line.textEnd);
    if (isMarked(text)) text = text.slice(byteOrderMark.length);
    const isContinued = endsInOddBackslashes(text);
    if (!open && !isContinued) return statement(current, end, lines, { kind: "code", code: text });
    open ??= { start: current.start, line: current.line, column: current.column, parts: [], length: 0 };
    open.length += text.length;
    if (open.length > longLineLimit) return statement(open, bytes.length, lines, tooMuch(true));
    open.parts.push(isContinued ? `${text.slice(0, -1)} ` : text);
    if (!isContinued) return statement(open, end, lines, { kind: "code", code: open.parts.join("") });
  }
  // A continuation that the end of the file cuts off counts as it is.
  const lines = lineNumber - firstLine + 1;
  return open && statement(open, bytes.length, lines, { kind: "code", code: open.parts.join("") });
}

// No spread: this runs once for each line of each unit.
function statement(open: Place, end: number, lines: number, content: StatementContent): Statement {
  return { start: open.start, end, lines, line: open.line, column: open.column, content };
}

function tooMuch(isLine: boolean): StatementContent {
  const code = isLine ? "line-too-long" : "too-many-lines";
  const limit = String(isLine ? longLineLimit : lineLimit);
  return { kind: "stop", problem: { code, severity: "error", args: { limit } } };
}

function firstNonBlank(bytes: string, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === " " || bytes[at] === "\t")) at++;
  return at;
}

/** Backslashes pair up, so only the run at the end decides whether the last one is free. */
function endsInOddBackslashes(text: string): boolean {
  let at = text.length;
  while (at > 0 && text.charAt(at - 1) === "\\") at--;
  return (text.length - at) % 2 === 1;
}
