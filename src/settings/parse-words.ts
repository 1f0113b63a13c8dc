import type { Note } from "./notes.ts";
import { ignoreWith, invalid, type Outcome, type ParseInput } from "./value-parser.ts";

const yes = /^(1|yes|y|true|t|on)$/i;
const no = /^(0|no|n|false|f|off)$/i;

/** systemd.syntax(7): booleans; letters in any case. */
export function readBoolean(text: string): boolean | undefined {
  return yes.test(text) ? true : no.test(text) ? false : undefined;
}

export function parseBoolean(input: ParseInput): Outcome {
  if (input.text === "" && input.rule.emptyResets) return { kind: "reset" };
  const value = readBoolean(input.text);
  if (value === undefined) return invalid(input, "yes, no");
  return { kind: "set", value: { kind: "boolean", value } };
}

/** One word of a fixed list, with booleans as "yes" and "no" where the directive takes them. Case counts in words. */
export function parseWords(input: ParseInput): Outcome {
  const { directive, rule, text } = input;
  if (text === "" && rule.emptyResets) return { kind: "reset" };
  const value = readWord(input, text);
  if (value !== undefined) return { kind: "set", value: { kind: "word", value } };
  const accepted = acceptedWords(input);
  const expected = accepted.join(", ");
  if (rule.fatal) return invalid(input, expected);
  const note: Note = {
    code: "invalid-value-expected",
    severity: "warning",
    args: { directive, value: text, expected },
    slip: { code: "invalid-value-meant", word: text, candidates: () => accepted },
  };
  return ignoreWith(note);
}

function readWord({ rule }: ParseInput, text: string): string | undefined {
  if (rule.words?.includes(text) && !rule.hides?.includes(text)) return text;
  const synonyms = rule.synonyms ?? {};
  if (Object.hasOwn(synonyms, text)) return synonyms[text];
  const value = rule.hasBoolean ? readBoolean(text) : undefined;
  return value === undefined ? undefined : value ? "yes" : "no";
}

const acceptedWords = ({ rule }: ParseInput): readonly string[] => [
  ...(rule.hasBoolean ? ["yes", "no"] : []),
  ...(rule.words ?? []).filter(word => !rule.hides?.includes(word)),
  ...Object.keys(rule.synonyms ?? {}),
];

/** systemd.exec(5), ProtectHostname=: a word, and after a colon a host's name unless the word is "no". */
export function parseHostnameWords(input: ParseInput): Outcome {
  const colon = input.text.indexOf(":");
  if (colon < 0) return parseWords(input);
  const word = readWord(input, input.text.slice(0, colon));
  const name = input.expand(input.text.slice(colon + 1));
  if (word === undefined || word === "no" || name.kind === "unknown" || !isHostname(name.text))
    return invalid(input, acceptedWords(input).join(", "));
  return { kind: "set", value: { kind: "word", value: word } };
}

/** Labels of letters, digits and inner hyphens, at most 64 characters in all. */
const isHostname = (name: string): boolean =>
  name.length <= 64 && /^[0-9a-z]([0-9a-z-]*[0-9a-z])?(\.[0-9a-z]([0-9a-z-]*[0-9a-z])?)*$/i.test(name);
