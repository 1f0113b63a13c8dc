// Changes to a unit's text as an editor applies them: lines put in where the unit's author would, values replaced.
import type { TextEdit } from "vscode-languageserver-types";
import type { Proposal, ProposedSetting } from "../harden/proposal.ts";
import type { Setting } from "../settings/settings.ts";
import type { Analysis } from "./analyse.ts";
import { headerOf, type PlacedNode, type Span, spansOf, type UnitText } from "./unit-text.ts";

/** Adds lines at the end of a section, before the blanks and comments that lead over to the next; a new one is begun where there is none. */
export function addLines(document: UnitText, section: string, lines: readonly string[]): TextEdit {
  const { text } = document;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const last = endOfSection(document, section);
  const at = last?.end ?? text.length;
  const before = text.slice(0, at);
  const isOpen = before !== "" && !/[\r\n\0]$/.test(before);
  // systemd.syntax(7): after a backslash at the end of a line, the next one belongs to it.
  const isContinued = last !== undefined && /\\[ \t]*[\r\n]*$/.test(text.slice(last.start, last.end));
  const lead = `${isOpen ? eol : ""}${isContinued ? eol : ""}`;
  const header = last === undefined ? `${before.trim() === "" ? "" : eol}[${section}]${eol}` : "";
  const place = document.positionAt(at);
  return {
    range: { start: place, end: place },
    newText: `${lead}${header}${lines.map(line => `${line}${eol}`).join("")}`,
  };
}

function endOfSection(document: UnitText, section: string): PlacedNode | undefined {
  const header = headerOf(document, section);
  if (header === undefined) return undefined;
  let last = header;
  for (const placed of document.nodes.slice(document.nodes.indexOf(header) + 1)) {
    const { kind } = placed.node;
    if (kind === "section") break;
    if (kind === "assignment" || kind === "ignored") last = placed;
  }
  return last;
}

/** What a proposal, or one directive of it, changes in the document. */
export function hardenEdits(
  analysis: Analysis,
  settings: readonly ProposedSetting[],
  proposal: Proposal,
): readonly TextEdit[] {
  const { document, section } = analysis;
  const replaced: TextEdit[] = [];
  const added = new Set<string>();
  for (const setting of settings) {
    const isOwn = (line: string): boolean => line.startsWith(`${setting.directive}=`);
    const [own = "", ...others] = setting.lines.filter(isOwn);
    const value = others.length === 0 ? placeToReplace(setting.directive, analysis) : undefined;
    if (value !== undefined)
      replaced.push({ range: document.rangeOf(value), newText: own.slice(own.indexOf("=") + 1) });
    // What goes with it, such as an exception for a path, is added in either case.
    for (const line of setting.lines) if (value === undefined || !isOwn(line)) added.add(line);
  }
  // In the order of the drop-in, in which a filter's lines follow each other as they must.
  const lines = proposal.dropIn.split("\n").filter(line => added.has(line));
  return lines.length === 0 ? replaced : [...replaced, addLines(document, section, lines)];
}

/** The value in the document that a proposed line takes the place of: nothing else sets the directive. */
function placeToReplace(directive: string, { audited, document }: Analysis): Span | undefined {
  const before = audited.settings?.touched.get(directive);
  if (before === undefined) return undefined;
  const [origin, ...others] = before.origins;
  if (origin === undefined || others.length > 0 || !isSingle(before)) return undefined;
  if (origin.position.file !== document.tree.file) return undefined;
  const placed = document.byLine.get(origin.position.line);
  return placed && spansOf(document, placed).value;
}

function isSingle({ value }: Setting): boolean {
  return value.kind === "boolean" || value.kind === "word" || value.kind === "number";
}

/** The text after some edits, which must not overlap. */
export function applyEdits(document: UnitText, edits: readonly TextEdit[]): string {
  const spans = edits.map(({ range, newText }) => ({
    start: document.offsetAt(range.start),
    end: document.offsetAt(range.end),
    newText,
  }));
  let { text } = document;
  for (const { start, end, newText } of spans.toSorted((a, b) => b.start - a.start))
    text = text.slice(0, start) + newText + text.slice(end);
  return text;
}
