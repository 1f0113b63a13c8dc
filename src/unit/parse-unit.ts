// Bytes of a unit file, drop-in or any file of that syntax go in; a tree comes out that prints back byte for byte.
// The rules are those of systemd's conf-parser (systemd.syntax(7); the same in 252 to 262): where it stops reading,
// an `error` diagnostic stands and the rest of the file is one ignored node, so that no assignment follows an error.
import { decodeUtf8 } from "./decode-utf8.ts";
import { hasPlainLineEnds, longLineLimit } from "./read-lines.ts";
import { lineLimit, type StatementContent, statementReader } from "./read-statements.ts";
import type { Diagnostic, Position, UnitNode, UnitTree } from "./tree.ts";

/** Characters that a section's name must not have: control characters, quotes, backslash. */
const unsafeInSection = /[\x01-\x1f"'\\\x7f]/;

/**
 * Never throws; time and memory are linear in `bytes`.
 * @param file the path that positions name.
 */
export function parseUnit(bytes: Uint8Array, file: string): UnitTree {
  // One character a byte: native code then finds line ends, and cuts lines without copying them.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const nodes: UnitNode[] = [];
  const diagnostics: Diagnostic[] = [];
  const readStatement = statementReader(text);
  const hasPlainEnds = hasPlainLineEnds(text);
  let section = "";
  let at = 0;
  let lineNumber = 1;
  while (at < text.length) {
    const plain = section !== "" && hasPlainEnds && lineNumber <= lineLimit ? plainAt(text, at) : undefined;
    if (plain !== undefined) {
      const { raw, key, value } = plain;
      const position: Position = { file, line: lineNumber, column: 1 };
      nodes.push({ kind: "assignment", section, key, value, raw, position });
      at += raw.length;
      lineNumber++;
      continue;
    }
    const statement = readStatement(at, lineNumber);
    if (statement === undefined) break;
    const { start, end, lines, line, column, content } = statement;
    at = end;
    lineNumber += lines;
    const position: Position = { file, line, column };
    const parsed = parseContent(content, section);
    if (parsed.problem) diagnostics.push({ ...parsed.problem, position });
    if (parsed.problem?.severity === "error") {
      nodes.push({ kind: "ignored", raw: text.slice(start), position });
      break;
    }
    const raw = text.slice(start, end);
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

/** `Key=value` in printable ASCII, without backslashes and with no blanks to strip, as most lines are. */
const plainAssignment = /([A-Za-z0-9]+)=([!-[\]-~](?:[ -[\]-~]*[!-[\]-~])?|)\n/y;

/** The assignment that begins at a line's start, where it is such a one: native code takes it apart several times as fast. */
function plainAt(
  text: string,
  at: number,
): { readonly raw: string; readonly key: string; readonly value: string } | undefined {
  plainAssignment.lastIndex = at;
  const found = plainAssignment.exec(text);
  if (found === null || found[0].length >= longLineLimit) return undefined;
  // No destructuring, which iterates: this runs once for each line of each unit.
  return { raw: found[0], key: found[1] ?? "", value: found[2] ?? "" };
}

type Problem = Omit<Diagnostic, "position">;

type Parsed = { readonly problem?: Problem } & (
  | { readonly kind: "blank" | "comment" | "ignored" }
  | { readonly kind: "section"; readonly name: string }
  | { readonly kind: "assignment"; readonly key: string; readonly value: string }
);

function parseContent(content: StatementContent, section: string): Parsed {
  switch (content.kind) {
    case "code":
      return parseCode(content.code, section);
    case "comment":
      return content;
    case "stop":
      return { kind: "ignored", problem: content.problem };
  }
}

function parseCode(code: string, section: string): Parsed {
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
