// A document as an editor has it goes in; its tree goes out, each node with its place in the editor's own counting.
// Editors count UTF-16 units and know three line ends; systemd counts bytes and ends a line at NUL too. Offsets are the
// only thing that both can be turned into, so everything here is in offsets: UTF-16 units from the document's start.
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Position, Range } from "vscode-languageserver-types";
import { parseUnit } from "../unit/parse-unit.ts";
import type { UnitNode, UnitTree } from "../unit/tree.ts";

/** From (included) to (excluded). */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface PlacedNode extends Span {
  readonly node: UnitNode;
}

export interface UnitText {
  readonly uri: string;
  readonly text: string;
  readonly tree: UnitTree;
  readonly nodes: readonly PlacedNode[];
  /** By the line that systemd counts, from 1; of several on one line, the first. */
  readonly byLine: ReadonlyMap<number, PlacedNode>;
  positionAt(offset: number): Position;
  offsetAt(position: Position): number;
  rangeOf(span: Span): Range;
}

/** Above this a document is not looked at: 2 MiB, as much as a unit may have. In UTF-16 units. */
export const longestDocument = 2 * 1024 * 1024;

/** @param path what positions in the tree call the file. */
export function unitText(uri: string, text: string, path: string): UnitText {
  const tree = parseUnit(new TextEncoder().encode(text), path);
  const document = TextDocument.create(uri, "systemd", 0, text);
  const nodes = placeNodes(tree, text);
  const byLine = new Map<number, PlacedNode>();
  for (const placed of nodes) {
    const { line } = placed.node.position;
    if (!byLine.has(line)) byLine.set(line, placed);
  }
  return {
    uri,
    text,
    tree,
    nodes,
    byLine,
    positionAt: offset => document.positionAt(offset),
    offsetAt: position => document.offsetAt(position),
    rangeOf: ({ start, end }) => ({ start: document.positionAt(start), end: document.positionAt(end) }),
  };
}

function placeNodes(tree: UnitTree, text: string): readonly PlacedNode[] {
  const isAscii = !/[^\x00-\x7f]/.test(text);
  let at = 0;
  return tree.nodes.map(node => {
    const start = at;
    at = isAscii ? at + node.raw.length : afterBytes(text, at, node.raw.length);
    return { node, start, end: at };
  });
}

/** Where so many bytes of UTF-8 end; an unpaired surrogate is encoded as U+FFFD, three bytes. */
function afterBytes(text: string, from: number, bytes: number): number {
  let at = from;
  for (let left = bytes; left > 0 && at < text.length; ) {
    const code = text.codePointAt(at) ?? 0;
    left -= code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    at += code < 0x10000 ? 1 : 2;
  }
  return at;
}

/** The parts of an assignment: `Key` and its value, whose continuation lines and comments lie in between. */
export interface AssignmentSpans {
  readonly key: Span;
  readonly value: Span;
  readonly whole: Span;
}

const blank = /[\s\0\uFEFF]/;

/** A node without the blanks and line ends around it. */
export function contentOf({ text }: Pick<UnitText, "text">, { start, end }: Span): Span {
  let from = start;
  while (from < end && blank.test(text.charAt(from))) from++;
  let to = end;
  while (to > from && blank.test(text.charAt(to - 1))) to--;
  return { start: from, end: to };
}

export function spansOf(document: Pick<UnitText, "text">, placed: Span): AssignmentSpans {
  const whole = contentOf(document, placed);
  const equals = document.text.indexOf("=", whole.start);
  const at = equals < 0 || equals >= whole.end ? whole.end : equals;
  const key = contentOf(document, { start: whole.start, end: at });
  const value = contentOf(document, { start: Math.min(at + 1, whole.end), end: whole.end });
  // A value of nothing stands right after the equals sign.
  return { key, value: value.start === value.end ? { start: whole.end, end: whole.end } : value, whole };
}

/** The node at an offset; at the end of the text, the last one. */
export function nodeAt({ nodes }: UnitText, offset: number): PlacedNode | undefined {
  return nodes.find(({ start, end }) => start <= offset && offset < end) ?? nodes.at(-1);
}

/** The section that a place belongs to: the name of the last header before it, "" before the first. */
export function sectionAt({ nodes }: UnitText, offset: number): string {
  let name = "";
  for (const { node, end } of nodes) {
    if (end > offset) break;
    if (node.kind === "section") name = node.name;
  }
  return name;
}

/** The last header of a section, or nothing. */
export function headerOf({ nodes }: UnitText, section: string): PlacedNode | undefined {
  return nodes.findLast(({ node }) => node.kind === "section" && node.name === section);
}
