// tightunit.conf and tightunit.waivers in an editor: what is wrong, what a key means, what may stand where.
import {
  type CompletionItem,
  CompletionItemKind,
  DiagnosticSeverity,
  type Hover,
  type Position,
  type Diagnostic as Problem,
  type Range,
} from "vscode-languageserver-types";
import type { Speak } from "../report/messages.ts";
import type { IniKey, IniSection } from "../rules/ini-schemas.ts";
import type { Diagnostic } from "../unit/tree.ts";
import type { ProblemData } from "./find-problems.ts";

export interface IniDocument {
  readonly text: string;
  readonly sections: readonly IniSection[];
  /** What the program says of the text, each with its line. */
  readonly findings: readonly Diagnostic[];
  /** Names that keys of no fixed words may be: those of rules, of packs. */
  readonly names: (section: string) => readonly string[];
}

interface Line {
  readonly text: string;
  readonly key: readonly [number, number];
  readonly value: readonly [number, number];
}

/** The lines as the program counts them, which is as editors do. */
function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/);
}

function partsOf(text: string): Line {
  const start = text.search(/\S|$/);
  const end = text.trimEnd().length;
  if (text.startsWith("[", start)) {
    const close = text.indexOf("]", start);
    const inner: [number, number] = [start + 1, close < 0 ? Math.max(end, start + 1) : close];
    return { text, key: inner, value: inner };
  }
  const equals = text.indexOf("=");
  if (equals < 0)
    return { text, key: [start, Math.max(end, start)], value: [Math.max(end, start), Math.max(end, start)] };
  // The [] of a list stays as it is when the key is mended.
  const keyEnd = text.slice(0, equals).trimEnd().replace(/\[\]$/, "").length;
  const from = equals + 1 + text.slice(equals + 1).search(/\S|$/);
  return { text, key: [start, Math.max(keyEnd, start)], value: [from, Math.max(end, from)] };
}

function rangeOf(line: number, [start, end]: readonly [number, number]): Range {
  return { start: { line, character: start }, end: { line, character: end } };
}

export function iniProblems({ text, findings }: IniDocument, speak: Speak): readonly Problem[] {
  const lines = linesOf(text);
  return findings.slice(0, 200).map((finding): Problem => {
    const line = Math.min(lines.length, finding.position?.line ?? 1) - 1;
    const parts = partsOf(lines[line] ?? "");
    const { args = {}, code, severity } = finding;
    const isOfValue = args.value !== undefined && parts.value[1] > parts.value[0];
    const place = (isOfValue ? undefined : wordIn(parts, args.rule)) ?? (isOfValue ? parts.value : parts.key);
    const range = rangeOf(line, place);
    // One word for another, where exactly that one is what is wrong.
    const wrong = args.value ?? args.rule ?? args.key ?? args.section;
    const isWhole = parts.text.slice(...place) === wrong;
    const data: ProblemData | undefined =
      args.meant !== undefined && isWhole ? { kind: "replace", range, text: args.meant } : undefined;
    return {
      range,
      severity: severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
      code,
      source: "tightunit",
      message: speak(finding),
      ...(data && { data }),
    };
  });
}

/** The rule in a waiver's header. */
function wordIn({ text, key: [start, end] }: Line, word = ""): readonly [number, number] | undefined {
  const at = word === "" ? -1 : text.slice(start, end).lastIndexOf(word);
  return at < 0 ? undefined : [start + at, start + at + word.length];
}

export function iniHover(document: IniDocument, { line, character }: Position): Hover | undefined {
  const text = linesOf(document.text)[line] ?? "";
  if (/^\s*([#;]|$)/.test(text)) return undefined;
  const parts = partsOf(text);
  if (character > parts.key[1]) return undefined;
  const section = sectionAt(document, line);
  if (section === undefined) return undefined;
  const range = rangeOf(line, parts.key);
  if (/^\s*\[/.test(text)) return { contents: { kind: "markdown", value: section.description }, range };
  const key = keyIn(section, text.slice(...parts.key));
  return key === undefined ? undefined : { contents: { kind: "markdown", value: keyText(key) }, range };
}

export function iniComplete(document: IniDocument, { line, character }: Position): readonly CompletionItem[] {
  const text = linesOf(document.text)[line] ?? "";
  const typed = text.slice(0, character);
  if (/^\s*[#;]/.test(typed)) return [];
  if (/^\s*\[/.test(typed)) {
    const closed = text.slice(character).match(/^[^\]]*\]/)?.[0].length ?? 0;
    const range = rangeOf(line, [typed.indexOf("["), character + closed]);
    return document.sections.map(({ name, description }) =>
      item(`[${name}]`, CompletionItemKind.Module, description, range, `[${name}]`),
    );
  }
  const section = sectionAt(document, line);
  if (section === undefined) return [];
  const parts = partsOf(text);
  if (typed.includes("=")) {
    const key = keyIn(section, text.slice(...parts.key));
    const range = rangeOf(line, [Math.min(parts.value[0], character), Math.max(parts.value[1], character)]);
    return (key?.words ?? []).map(word => item(word, CompletionItemKind.EnumMember, "", range, word));
  }
  const range = rangeOf(line, [parts.key[0], Math.max(parts.key[1], character)]);
  const { anyKey } = section;
  const others = anyKey === undefined ? [] : document.names(section.name).map(key => ({ key, ...anyKey }));
  return [...section.keys, ...others].map(key =>
    item(key.key, CompletionItemKind.Property, keyText(key), range, `${key.key}${key.isList ? "[]" : ""} = `),
  );
}

function item(
  label: string,
  kind: CompletionItemKind,
  description: string,
  range: Range,
  newText: string,
): CompletionItem {
  return {
    label,
    kind,
    ...(description !== "" && { documentation: { kind: "markdown", value: description } }),
    textEdit: { range, newText },
  };
}

function keyText({ description, words }: Omit<IniKey, "key">): string {
  return words.length === 0
    ? description
    : `${description}\n\n${words.map(word => `\`${word}\``).join(", ")}`;
}

function keyIn(section: IniSection, written: string): IniKey | undefined {
  const name = written.replace(/\[\]$/, "");
  const own = section.keys.find(({ key }) => key === name);
  return own ?? (section.anyKey === undefined ? undefined : { key: name, ...section.anyKey });
}

/** The section that a line is in; a waiver's, whatever it is called. */
function sectionAt({ text, sections }: IniDocument, line: number): IniSection | undefined {
  const header = linesOf(text)
    .slice(0, line + 1)
    .findLast(each => /^\s*\[/.test(each));
  if (header === undefined) return undefined;
  const word = /^\s*\[\s*([\w-]*)/.exec(header)?.[1];
  const own = sections.find(({ name }) => name.split(" ")[0] === word);
  return own ?? (sections.length === 1 ? sections[0] : undefined);
}
