import { splitWords } from "../unit/split-words.ts";
import { type Notes, noNotes } from "./notes.ts";
import { readInteger } from "./parse-numbers.ts";
import { invalid, type Outcome, type ParseInput, skipWord } from "./value-parser.ts";

/** A text as it stands, or with its specifiers expanded; an empty one restores the default. */
export function parseText(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const expanded = input.rule.hasSpecifiers ? input.expand(input.text) : undefined;
  const text = expanded === undefined ? input.text : expanded.kind === "text" ? expanded.text : undefined;
  if (text === undefined || !new RegExp(input.rule.item ?? "", "s").test(text)) return invalid(input);
  return { kind: "set", value: { kind: "text", value: text } };
}

/** Words that add to those of earlier lines; an empty line drops them all. */
export function parseList(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const { words, error } = splitWords(
    input.text,
    input.rule.hasQuotes ? { quotes: "unquote", escapes: "c-relaxed" } : {},
  );
  const notes = noNotes();
  if (error !== undefined) skipWord(notes, input, input.text);
  return addItems(input, words, notes);
}

/** One item an assignment: what stands after the `=` as a whole. */
export function parseLines(input: ParseInput): Outcome {
  return input.text === "" ? { kind: "reset" } : addItems(input, [input.text], noNotes());
}

/** Exit codes and signals: RestartForceExitStatus=. */
export function parseExitStatuses(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const { words } = splitWords(input.text);
  const isStatus = (word: string) => {
    const code = readInteger(word);
    return code === undefined ? /^[A-Z][A-Z0-9_+-]*$/.test(word) : code >= 0 && code <= 255;
  };
  const notes = noNotes();
  for (const word of words) if (!isStatus(word)) skipWord(notes, input, word);
  return addItems(input, words.filter(isStatus), notes);
}

function addItems(input: ParseInput, words: readonly string[], notes: Notes): Outcome {
  const items = [];
  const shape = new RegExp(input.rule.item ?? "", "s");
  for (const word of words) {
    const expanded = input.rule.hasSpecifiers ? input.expand(word) : undefined;
    const item = expanded?.kind === "unknown" ? undefined : (expanded?.text ?? word);
    if (item === undefined || !shape.test(item)) skipWord(notes, input, word);
    else items.push(item);
  }
  return { kind: "append", value: { kind: "list", value: items }, notes };
}
