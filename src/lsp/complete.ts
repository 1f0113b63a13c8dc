// What may stand at a place: sections, directives of the section that this systemd knows, values.
import {
  type CompletionItem,
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type Range,
} from "vscode-languageserver-types";
import { loadDirective } from "../rules/directives.ts";
import { appliesTo, type KeyFact, keysOfSection } from "../rules/systemd-facts.ts";
import { gainOf } from "../score/gain.ts";
import { sectionsOf } from "../settings/check-key.ts";
import type { Analysis, LanguageContext } from "./analyse.ts";
import { keyHover } from "./describe-place.ts";
import { valuesOf } from "./offer-values.ts";
import { sectionAt, spansOf } from "./unit-text.ts";

/** For `completionItem/resolve`, which brings the long text. */
export interface CompletionData {
  readonly uri: string;
  readonly key: string;
  readonly section: string;
}

/** What an item carries, as it comes back from the editor. */
export function completionDataOf(data: unknown): CompletionData | undefined {
  if (typeof data !== "object" || data === null) return undefined;
  const { uri, key, section } = { uri: undefined, key: undefined, section: undefined, ...data };
  const isWhole = typeof uri === "string" && typeof key === "string" && typeof section === "string";
  return isWhole ? { uri, key, section } : undefined;
}

/** Everything that may stand at an offset; the editor filters by what is typed. */
export function complete(
  analysis: Analysis,
  offset: number,
  context: LanguageContext,
): readonly CompletionItem[] {
  const { document } = analysis;
  const { text } = document;
  const lineStart = Math.max(text.lastIndexOf("\n", offset - 1), text.lastIndexOf("\r", offset - 1)) + 1;
  const typed = text.slice(lineStart, offset);
  const placed = document.nodes.find(({ start, end }) => start < offset && offset <= end);
  // A place on a fresh line belongs to no node, unless the line before goes on with a backslash.
  const isOnFreshLine =
    placed === undefined || (placed.end === offset && /[\r\n\0]/.test(text.charAt(offset - 1)));
  if (!isOnFreshLine && placed.node.kind === "comment") return [];
  if (!isOnFreshLine && placed.node.kind === "assignment") {
    const { key, value } = spansOf(document, placed);
    const isInValue = offset > key.end && text.slice(key.end, offset).includes("=");
    if (isInValue) return valueItems(placed.node.key, value.start, offset, analysis, context);
  }
  const range = (from: number, to: number): Range => document.rangeOf({ start: from, end: to });
  const indent = lineStart + typed.search(/\S|$/);
  if (/^\s*\[/.test(typed)) {
    const closed = text.slice(offset).match(/^[^\]\r\n]*\]/)?.[0].length ?? 0;
    return sectionItems(analysis, range(indent, offset + closed));
  }
  if (!/^\s*[A-Za-z0-9-]*$/.test(typed)) return [];
  const rest = text.slice(offset).match(/^[A-Za-z0-9-]*/)?.[0].length ?? 0;
  const hasEquals = /^\s*=/.test(text.slice(offset + rest));
  const section = sectionAt(document, offset);
  return keyItems(section, range(indent, offset + rest), hasEquals ? "" : "=", analysis, context);
}

/** The long text of an item that was chosen. */
export function resolveItem(
  item: CompletionItem,
  { key, section }: Pick<CompletionData, "key" | "section">,
  analysis: Analysis,
  context: LanguageContext,
): CompletionItem {
  const value = keyHover(key, section, analysis, context);
  return value === undefined ? item : { ...item, documentation: { kind: MarkupKind.Markdown, value } };
}

function sectionItems({ sort }: Analysis, range: Range): readonly CompletionItem[] {
  const type = sort.unit.slice(sort.unit.lastIndexOf(".") + 1);
  return sectionsOf(type).map(name => ({
    label: `[${name}]`,
    kind: CompletionItemKind.Module,
    textEdit: { range, newText: `[${name}]` },
  }));
}

function keyItems(
  section: string,
  range: Range,
  after: string,
  analysis: Analysis,
  { audit: { target } }: LanguageContext,
): readonly CompletionItem[] {
  const isKnown = (key: KeyFact): boolean => appliesTo(key, target.profile) || appliesTo(key, target.version);
  const keys = [...(keysOfSection(section)?.values() ?? [])].filter(isKnown);
  const { uri } = analysis.document;
  const checks = analysis.audited.assessment?.checks ?? [];
  return keys.map(({ key, type }): CompletionItem => {
    const ids = new Set(checks.flatMap(check => (check.directive === key ? [check.id] : [])));
    const gain = ids.size === 0 ? 0 : gainOf(checks, ids);
    const detail = loadDirective(key)?.title ?? (type === "OTHER" ? "" : type.toLowerCase());
    const data: CompletionData = { uri, key, section };
    return {
      label: key,
      kind: CompletionItemKind.Property,
      insertTextFormat: InsertTextFormat.PlainText,
      // What gains most comes first.
      sortText: `${String(999 - gain).padStart(3, "0")}${key}`,
      textEdit: { range, newText: `${key}${after}` },
      ...(detail !== "" && { detail }),
      ...(gain > 0 && { labelDetails: { description: `-${(gain / 10).toFixed(1)}` } }),
      data,
    };
  });
}

function valueItems(
  key: string,
  start: number,
  offset: number,
  { document }: Analysis,
  context: LanguageContext,
): readonly CompletionItem[] {
  const { text } = document;
  let from = offset;
  while (from > start && !/[\s~]/.test(text.charAt(from - 1))) from--;
  const end = offset + (text.slice(offset).match(/^[^\s:]*/)?.[0].length ?? 0);
  const range = document.rangeOf({ start: from, end: Math.max(end, offset) });
  const isFirst = text.slice(start, from).trim() === "";
  return valuesOf(key, isFirst, context.audit.facts).map(({ value, detail }, index) => ({
    label: value,
    kind: value.startsWith("@") ? CompletionItemKind.Module : CompletionItemKind.EnumMember,
    insertTextFormat: InsertTextFormat.PlainText,
    sortText: String(index).padStart(4, "0"),
    filterText: value,
    textEdit: { range, newText: value },
    ...(detail !== undefined && { detail }),
  }));
}
