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
  return diagnostic => {
    const args = diagnostic.args ?? {};
    const template = Object.hasOwn(templates, diagnostic.code) ? templates[diagnostic.code] : undefined;
    if (template === undefined) {
      const listed = Object.entries(args).map(([name, value]) => `${name}=${argument(value)}`);
      return [diagnostic.code, ...listed].join(" ");
    }
    return template
      .replaceAll(/\{\?(\w+):((?:[^{}]|\{\w+\})*)\}/g, (_, name: string, part: string) =>
        Object.hasOwn(args, name) ? part : "",
      )
      .replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
        const value = Object.hasOwn(args, name) ? args[name] : undefined;
        return value === undefined ? whole : argument(value);
      });
  };
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
