// A finding says its line and, in its arguments, what it is about; here that becomes the exact characters to underline.
import type { Diagnostic } from "../unit/tree.ts";
import { contentOf, headerOf, type PlacedNode, type Span, spansOf, type UnitText } from "./unit-text.ts";

/** Names of arguments that are a part of the value, the most exact first. */
const partsOfValue = ["word", "words", "specifier"] as const;

/**
 * The part of the document that a finding is about; the word, else the value, the key or the line. A finding without
 * a place, or with one in another file, is about the unit's own section.
 * @param section of the unit's type: "Service".
 */
export function placeFinding(finding: Diagnostic, document: UnitText, section: string): Span {
  const { position, args = {} } = finding;
  const placed =
    position === undefined || position.file !== document.tree.file
      ? undefined
      : document.byLine.get(position.line);
  if (placed === undefined) return placeOfUnit(document, section);
  const { node } = placed;
  if (node.kind !== "assignment") return firstLine(document, contentOf(document, placed));
  const { key, value, whole } = spansOf(document, placed);
  for (const name of partsOfValue) {
    const part = args[name] === undefined ? undefined : findWord(document, value, args[name]);
    if (part !== undefined) return part;
  }
  if (args.value !== undefined && value.end > value.start) return value;
  return args.directive === undefined && args.key === undefined ? whole : key;
}

/** Where what concerns the unit as a whole is said: its section's header, else the first line. */
export function placeOfUnit(document: UnitText, section: string): Span {
  const header = headerOf(document, section) ?? document.nodes.find(({ node }) => node.kind === "section");
  const place: Pick<PlacedNode, "start" | "end"> = header ?? { start: 0, end: document.text.length };
  return firstLine(document, contentOf(document, place));
}

function firstLine({ text }: UnitText, { start, end }: Span): Span {
  const length = text.slice(start, end).search(/[\r\n\0]/);
  return { start, end: length < 0 ? end : start + length };
}

/** The first place where the word stands by itself, else the first at all. */
function findWord({ text }: UnitText, { start, end }: Span, words: string): Span | undefined {
  const value = text.slice(start, end);
  const word = words.split(" ")[0] ?? "";
  if (word === "") return undefined;
  let found = -1;
  for (let at = value.indexOf(word); at >= 0; at = value.indexOf(word, at + 1)) {
    if (found < 0) found = at;
    const isAlone = isEdge(value[at - 1]) && isEdge(value[at + word.length]);
    if (!isAlone) continue;
    found = at;
    break;
  }
  return found < 0 ? undefined : { start: start + found, end: start + found + word.length };
}

function isEdge(character: string | undefined): boolean {
  return character === undefined || /[\s~"':,]/.test(character);
}
