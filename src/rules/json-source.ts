// JSON text comes in; its value goes out with the line of every part, so that a message can say where. Written for
// files that people edit: a duplicate key is kept first, as systemd's own reader does, and reported.
import type { Diagnostic, Position } from "./diagnostic.ts";

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

export interface JsonSource {
  readonly value: JsonValue;
  /** By JSON pointer ("" for the whole): where the value begins, or its key where it has one. */
  readonly positions: ReadonlyMap<string, Position>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Deeper nesting than any pack or policy has is refused, before it can exhaust the stack. */
const MAX_DEPTH = 100;
/** In characters; the largest pack of ours has 80,000. */
const MAX_LENGTH = 8 * 1024 * 1024;
/** The largest pack of ours has 1,700; each of them may break a dozen rules of a schema. */
const MAX_VALUES = 20_000;

class JsonError extends Error {
  readonly code: string;
  readonly index: number;
  constructor(code: string, index: number) {
    super(code);
    this.code = code;
    this.index = index;
  }
}

export function pointerOf(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** @returns a diagnostic of severity `error` in place of the source where the text is no JSON */
export function parseJson(text: string, file: string): JsonSource | Diagnostic {
  const lineStarts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lineStarts.push(at + 1);
  const positionAt = (index: number): Position => {
    let low = 0;
    let high = lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((lineStarts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return { file, line: low + 1, column: index - (lineStarts[low] ?? 0) + 1 };
  };
  const fail = (code: string, index: number): Diagnostic => ({
    code,
    severity: "error",
    position: positionAt(index),
    args: { found: text.slice(index, index + 20).split("\n")[0] ?? "" },
  });
  if (text.length > MAX_LENGTH) return fail("json-too-long", 0);

  const positions = new Map<string, Position>();
  const diagnostics: Diagnostic[] = [];
  let count = 0;
  let index = text.startsWith("\uFEFF") ? 1 : 0;

  const skipBlanks = () => {
    while (index < text.length && " \t\r\n".includes(text.charAt(index))) index++;
  };
  const expect = (character: string) => {
    skipBlanks();
    if (text.charAt(index) !== character) throw new JsonError("json-syntax", index);
    index++;
  };
  /** A string or a number: what JSON itself says about the piece that looks like one. */
  const readPiece = (pattern: RegExp): JsonValue => {
    pattern.lastIndex = index;
    const piece = pattern.exec(text)?.[0];
    if (piece === undefined) throw new JsonError("json-syntax", index);
    const start = index;
    index += piece.length;
    try {
      return JSON.parse(piece);
    } catch {
      throw new JsonError("json-syntax", start);
    }
  };
  const readString = (): string => {
    const piece = readPiece(/"(?:[^"\\]|\\.)*"/sy);
    return typeof piece === "string" ? piece : "";
  };

  const readObject = (path: string, depth: number): JsonValue => {
    const entries = new Map<string, JsonValue>();
    index++;
    skipBlanks();
    if (text.charAt(index) === "}") {
      index++;
      return {};
    }
    for (;;) {
      skipBlanks();
      const start = index;
      const key = readString();
      const pointer = pointerOf(path, key);
      const isRepeated = entries.has(key);
      expect(":");
      if (isRepeated) {
        diagnostics.push({
          code: "json-duplicate-key",
          severity: "warning",
          position: positionAt(start),
          args: { key },
        });
        readValue("", depth + 1, false);
      } else {
        entries.set(key, readValue(pointer, depth + 1, true));
        positions.set(pointer, positionAt(start));
      }
      skipBlanks();
      if (text.charAt(index) === "}") {
        index++;
        // fromEntries defines own properties, so a key named __proto__ stays data.
        return Object.fromEntries(entries);
      }
      expect(",");
    }
  };

  const readArray = (path: string, depth: number, isKept: boolean): JsonValue => {
    const items: JsonValue[] = [];
    index++;
    skipBlanks();
    if (text.charAt(index) === "]") {
      index++;
      return items;
    }
    for (;;) {
      items.push(readValue(pointerOf(path, items.length), depth + 1, isKept));
      skipBlanks();
      if (text.charAt(index) === "]") {
        index++;
        return items;
      }
      expect(",");
    }
  };

  function readValue(path: string, depth: number, isKept: boolean): JsonValue {
    if (depth > MAX_DEPTH) throw new JsonError("json-too-deep", index);
    if (++count > MAX_VALUES) throw new JsonError("json-too-long", index);
    skipBlanks();
    if (isKept) positions.set(path, positionAt(index));
    const character = text.charAt(index);
    if (character === "{") return readObject(path, depth);
    if (character === "[") return readArray(path, depth, isKept);
    if (character === '"') return readString();
    return readPiece(/[-+.0-9A-Za-z]+/y);
  }

  try {
    const value = readValue("", 0, true);
    skipBlanks();
    if (index < text.length) return fail("json-syntax", index);
    return { value, positions, diagnostics };
  } catch (error) {
    if (error instanceof JsonError)
      return fail(error.index >= text.length ? "json-truncated" : error.code, error.index);
    throw error;
  }
}

/** The position of a part, or of the nearest part around it. */
export function positionOf(source: JsonSource, pointer: string): Position | undefined {
  let path = pointer;
  for (;;) {
    const position = source.positions.get(path);
    if (position !== undefined || path === "") return position;
    path = path.slice(0, path.lastIndexOf("/"));
  }
}
