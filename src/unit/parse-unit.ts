// Bytes of a unit file, drop-in or any file of that syntax go in; a tree comes out that prints back byte for byte.
// The rules are those of systemd's conf-parser (systemd.syntax(7); the same in 252 to 262): where it stops reading,
// an `error` diagnostic stands and the rest of the file is one ignored node, so that no assignment follows an error.
import { decodeUtf8 } from "./decode-utf8.ts";
import { longLineLimit, readLine } from "./read-lines.ts";
import type { Diagnostic, Position, UnitNode, UnitTree } from "./tree.ts";

/** Lines that systemd would parse one by one; a file with more is hostile, and reading stops there. */
export const statementLimit = 200_000;

const byteOrderMark = "\xef\xbb\xbf";
const blankBytes = /[ \t\n\r]/;
/** Characters that a section's name must not have: control characters, quotes, backslash. */
const unsafeInSection = /[\x01-\x1f"'\\\x7f]/;

/**
 * Never throws; time and memory are linear in `bytes`.
 * @param file the path that positions name.
 */
export function parseUnit(bytes: Uint8Array, file: string): UnitTree {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const nodes: UnitNode[] = [];
  const diagnostics: Diagnostic[] = [];
  let section = "";
  for (const statement of readStatements(text)) {
    const raw = text.slice(statement.start, statement.end);
    const position: Position = { file, line: statement.line, column: statement.column };
    const parsed: Parsed =
      statement.kind === "code"
        ? parseStatement(statement.code, section)
        : { kind: statement.kind, ...(statement.problem && { problem: statement.problem }) };
    if (parsed.problem) diagnostics.push({ ...parsed.problem, position });
    if (parsed.problem?.severity === "error") {
      nodes.push({ kind: "ignored", raw: text.slice(statement.start), position });
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

function* readStatements(text: string): Generator<Statement> {
  let isMarkSeen = false;
  let lineNumber = 0;
  let open: { start: number; line: number; column: number; parts: string[]; length: number } | undefined;
  let end = 0;
  let count = 0;
  for (let line = readLine(text, 0); line; line = readLine(text, line.next)) {
    lineNumber++;
    const first = firstNonBlank(text, line.start, line.textEnd);
    const place = open ?? { start: line.start, line: lineNumber, column: first - line.start + 1 };
    if (line.isTooLong || ++count > statementLimit) {
      const code = line.isTooLong ? "line-too-long" : "too-many-lines";
      const limit = String(line.isTooLong ? longLineLimit : statementLimit);
      yield {
        ...placeOf(place),
        end: text.length,
        kind: "ignored",
        problem: { code, severity: "error", args: { limit } },
      };
      return;
    }
    end = line.next;
    if (isCommentStart(text.charAt(first)) && first < line.textEnd) {
      // A comment inside a continued line is dropped and the continuation goes on after it.
      if (!open) yield { ...placeOf(place), end, kind: "comment" };
      continue;
    }
    let from = line.start;
    if (!isMarkSeen && text.startsWith(byteOrderMark, from)) {
      isMarkSeen = true;
      from += byteOrderMark.length;
    }
    const isContinued = endsInOddBackslashes(text, from, line.textEnd);
    const part = isContinued ? `${text.slice(from, line.textEnd - 1)} ` : text.slice(from, line.textEnd);
    const joined = open ?? { ...place, parts: [], length: 0 };
    if (open && joined.length + part.length > longLineLimit) {
      const args = { limit: String(longLineLimit) };
      yield {
        ...placeOf(place),
        end: text.length,
        kind: "ignored",
        problem: { code: "line-too-long", severity: "error", args },
      };
      return;
    }
    joined.parts.push(part);
    joined.length += part.length;
    if (isContinued) {
      open = joined;
      continue;
    }
    open = undefined;
    yield { ...placeOf(joined), end, kind: "code", code: joined.parts.join("") };
  }
  // A continuation that the end of the file cuts off counts as it is.
  if (open) yield { ...placeOf(open), end, kind: "code", code: open.parts.join("") };
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

function placeOf({ start, line, column }: { start: number; line: number; column: number }) {
  return { start, line, column };
}

function firstNonBlank(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && blankBytes.test(text.charAt(at))) at++;
  return at;
}

function isCommentStart(char: string): boolean {
  return char === "#" || char === ";";
}

/** Backslashes pair up, so only the run at the end decides whether the last one is free. */
function endsInOddBackslashes(text: string, from: number, to: number): boolean {
  let at = to;
  while (at > from && text.charAt(at - 1) === "\\") at--;
  return (to - at) % 2 === 1;
}

/** Both ends without systemd's blanks; no regular expression, whose search for the end may be quadratic. */
function strip(text: string): string {
  const from = firstNonBlank(text, 0, text.length);
  let to = text.length;
  while (to > from && blankBytes.test(text.charAt(to - 1))) to--;
  return text.slice(from, to);
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
