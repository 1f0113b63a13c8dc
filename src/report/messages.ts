import type { Diagnostic } from "../unit/tree.ts";
import { visible } from "./escape-terminal.ts";

/**
 * Codes and their sentences, from `rules/messages/`; `{name}` stands for an argument, `{?name:TEXT}` for a text that is
 * said where there is such an argument.
 */
export type Templates = Readonly<Record<string, string>>;
/** Makes the sentence of a diagnostic. */
export type Speak = (diagnostic: Diagnostic) => string;

const LONGEST_ARGUMENT = 400;

/**
 * The sentence of each diagnostic. Arguments come out of audited files, so they are shortened and made harmless.
 * A code without a sentence speaks for itself: better a bare code than a lost diagnostic.
 */
export function speaker(templates: Templates): Speak {
  // A verdict says the same few things of thousands of units.
  const read = new Map<string, readonly Part[]>();
  return ({ code, args = {} }) => {
    const template = Object.hasOwn(templates, code) ? templates[code] : undefined;
    if (template === undefined) {
      const listed = Object.entries(args).map(([name, value]) => `${name}=${argument(value)}`);
      return [code, ...listed].join(" ");
    }
    const parts = read.get(code) ?? partsOf(template);
    read.set(code, parts);
    return filled(parts, args);
  };
}

type Part =
  | string
  /** An argument, and what stands there where there is no such argument. */
  | { readonly name: string; readonly written: string }
  | { readonly when: string; readonly parts: readonly Part[] };

function partsOf(template: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of template.matchAll(/\{\?(\w+):((?:[^{}]|\{\w+\})*)\}|\{(\w+)\}/g)) {
    const [written, when, inner, name] = found;
    if (found.index > end) parts.push(template.slice(end, found.index));
    if (name !== undefined) parts.push({ name, written });
    else if (when !== undefined && inner !== undefined) parts.push({ when, parts: partsOf(inner) });
    end = found.index + written.length;
  }
  if (end < template.length) parts.push(template.slice(end));
  return parts;
}

function filled(parts: readonly Part[], args: Readonly<Record<string, string>>): string {
  let text = "";
  for (const part of parts) {
    if (typeof part === "string") text += part;
    else if ("parts" in part) text += Object.hasOwn(args, part.when) ? filled(part.parts, args) : "";
    else {
      const value = Object.hasOwn(args, part.name) ? args[part.name] : undefined;
      text += value === undefined ? part.written : argument(value);
    }
  }
  return text;
}

function argument(value: string): string {
  return visible(value.length > LONGEST_ARGUMENT ? `${value.slice(0, LONGEST_ARGUMENT)}…` : value);
}

/** `file:line:column`, the form that editors jump to; "" where there is no place. */
export function placeOf(diagnostic: Diagnostic): string {
  const at = diagnostic.position;
  return at === undefined ? "" : `${visible(at.file)}:${at.line}:${at.column}`;
}

/** One line, as compilers print them: place, severity, sentence. */
export function diagnosticLine(diagnostic: Diagnostic, speak: Speak): string {
  const place = placeOf(diagnostic);
  return `${place === "" ? "" : `${place}: `}${diagnostic.severity}: ${speak(diagnostic)}`;
}
