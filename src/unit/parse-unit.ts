// Bytes of a unit file, drop-in or any file of that syntax go in; a tree comes out that prints back byte for byte.
// The rules are those of systemd's conf-parser (systemd.syntax(7); the same in 252 to 262): where it stops reading,
// an `error` diagnostic stands and the rest of the file is one ignored node, so that no assignment follows an error.
import { decodeUtf8 } from "./decode-utf8.ts";
import { longLineLimit, readLine } from "./read-lines.ts";
import type { Diagnostic, Position, UnitNode, UnitTree } from "./tree.ts";

/** Lines that systemd would parse one by one; a file with more is hostile, and reading stops there. */
export const statementLimit = 50_000;

const byteOrderMark = "\xef\xbb\xbf";
const numberSign = 0x23;
const semicolon = 0x3b;
/** Characters that a section's name must not have: control characters, quotes, backslash. */
const unsafeInSection = /[\x01-\x1f"'\\\x7f]/;

/**
 * Never throws; time and memory are linear in `bytes`.
 * @param file the path that positions name.
 */
export function parseUnit(bytes: Uint8Array, file: string): UnitTree {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const nodes: UnitNode[] = [];
  const diagnostics: Diagnostic[] = [];
  let section = "";
  for (const statement of readStatements(buffer)) {
    const raw = buffer.toString("latin1", statement.start, statement.end);
    const position: Position = { file, line: statement.line, column: statement.column };
    const parsed: Parsed =
      statement.kind === "code"
        ? parseStatement(statement.code, section)
        : { kind: statement.kind, ...(statement.problem && { problem: statement.problem }) };
    if (parsed.problem) diagnostics.push({ ...parsed.problem, position });
    if (parsed.problem?.severity === "error") {
      nodes.push({ kind: "ignored", raw: buffer.toString("latin1", statement.start), position });
      break;
    }
    switch (parsed.kind) {
      case "section":
        section = parsed.name;
        nodes.push({ kind: "section", name: section, raw, position });
        break;
      case "assignment":
        nodes.push({ kind: "assignment", section, key: parsed.key, value: parsed.value, raw, position });
        break;
      default:
        nodes.push({ kind: parsed.kind, raw, position });
    }
  }
  return { file, nodes, diagnostics };
}

type Problem = Omit<Diagnostic, "position">;

type Parsed = { readonly problem?: Problem } & (
  | { readonly kind: "blank" | "comment" | "ignored" }
  | { readonly kind: "section"; readonly name: string }
  | { readonly kind: "assignment"; readonly key: string; readonly value: string }
);

/** A line with its continuations, not yet understood: `code` is what systemd hands to its line parser, as latin1. */
type Statement = {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly problem?: Problem;
} & ({ readonly kind: "code"; readonly code: string } | { readonly kind: "comment" | "ignored" });

interface OpenStatement {
  readonly start: number;
  readonly line: number;
  readonly column: number;
  readonly parts: string[];
  length: number;
}

function* readStatements(bytes: Buffer): Generator<Statement> {
  let isMarkSeen = false;
  let lineNumber = 0;
  let open: OpenStatement | undefined;
  for (let line = readLine(bytes, 0); line; line = readLine(bytes, line.next)) {
    lineNumber++;
    const end = line.next;
    const first = firstNonBlankByte(bytes, line.start, line.textEnd);
    const current = open ?? {
      start: line.start,
      line: lineNumber,
      column: first - line.start + 1,
      parts: [],
      length: 0,
    };
    const place = { start: current.start, line: current.line, column: current.column };
    if (line.isTooLong || lineNumber > statementLimit) {
      yield { ...place, end: bytes.length, kind: "ignored", problem: tooMuch(line.isTooLong) };
      return;
    }
    if (first < line.textEnd && (bytes[first] === numberSign || bytes[first] === semicolon)) {
      // A comment inside a continued line is dropped and the continuation goes on after it.
      if (!open) yield { ...place, end, kind: "comment" };
      continue;
    }
    let text = bytes.toString("latin1", line.start, line.textEnd);
    if (!isMarkSeen && text.startsWith(byteOrderMark)) {
      isMarkSeen = true;
      text = text.slice(byteOrderMark.length);
    }
    current.length += text.length;
    if (current.length > longLineLimit) {
      yield { ...place, end: bytes.length, kind: "ignored", problem: tooMuch(true) };
      return;
    }
    const isContinued = endsInOddBackslashes(text);
    current.parts.push(isContinued ? `${text.slice(0, -1)} ` : text);
    open = isContinued ? current : undefined;
    if (!isContinued) yield { ...place, end, kind: "code", code: current.parts.join("") };
  }
  if (open) {
    // A continuation that the end of the file cuts off counts as it is.
    const { start, line, column, parts } = open;
    yield { start, line, column, end: bytes.length, kind: "code", code: parts.join("") };
  }
}

function tooMuch(isLine: boolean): Problem {
  const limit = String(isLine ? longLineLimit : statementLimit);
  return { code: isLine ? "line-too-long" : "too-many-lines", severity: "error", args: { limit } };
}

function parseStatement(code: string, section: string): Parsed {
  const stripped = strip(code);
  if (stripped === "") return { kind: "blank" };
  const text = decodeUtf8(stripped);
  if (text === undefined) return { kind: "ignored", problem: { code: "invalid-utf8", severity: "error" } };
  if (text.startsWith("[")) return parseHeader(text);
  const equals = text.indexOf("=");
  if (equals <= 0) {
    const problemCode = equals < 0 ? "missing-equals" : "missing-key";
    return {
      kind: "ignored",
      problem: { code: problemCode, severity: "warning", args: { text: shorten(text) } },
    };
  }
  const key = strip(text.slice(0, equals));
  const value = strip(text.slice(equals + 1));
  if (section !== "") return { kind: "assignment", key, value };
  return {
    kind: "assignment",
    key,
    value,
    problem: { code: "outside-section", severity: "warning", args: { key } },
  };
}

function parseHeader(text: string): Parsed {
  const args = { text: shorten(text) };
  // One character alone is both the first and the last: "[" is no header.
  if (!text.endsWith("]"))
    return { kind: "ignored", problem: { code: "open-header", severity: "error", args } };
  const name = text.slice(1, -1);
  if (unsafeInSection.test(name))
    return { kind: "ignored", problem: { code: "unsafe-header", severity: "error", args } };
  return { kind: "section", name };
}

function firstNonBlankByte(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && (bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  return at;
}

/** Backslashes pair up, so only the run at the end decides whether the last one is free. */
function endsInOddBackslashes(text: string): boolean {
  let at = text.length;
  while (at > 0 && text.charAt(at - 1) === "\\") at--;
  return (text.length - at) % 2 === 1;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

/** Both ends without systemd's blanks; no regular expression, whose search for the end may be quadratic. */
function strip(text: string): string {
  let from = 0;
  while (from < text.length && isBlank(text.charCodeAt(from))) from++;
  let to = text.length;
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
