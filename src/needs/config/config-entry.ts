// A configuration file as text goes in, what it sets comes out: one entry for each key, in the file's order, its line with it.

/** One setting of a configuration file. */
export interface ConfigEntry {
  /** As it is written; sections and nested keys joined by dots: `www.listen`, `net.port`. */
  readonly key: string;
  /** The words behind it, quotes removed; empty where the key stands alone. */
  readonly values: readonly string[];
  /** From 1. */
  readonly line: number;
}

export type ConfigReader = (text: string) => readonly ConfigEntry[];

/** Longest value that is looked at; a configuration that says more in one line is no configuration of ours. */
export const MAX_VALUE = 4096;
/** Entries of one file; the largest stock file (squid's documented one) has some hundreds. */
export const MAX_ENTRIES = 20_000;
/** Nested sections. */
export const MAX_DEPTH = 64;

/** The lines of a text, those that end in a backslash joined with the next where the syntax says so. */
export function* linesOf(
  text: string,
  continuation: "backslash" | "none",
): Generator<{ readonly text: string; readonly line: number }> {
  let pending = "";
  let start = 0;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    if (pending === "") start = index + 1;
    const isContinued = continuation === "backslash" && line.endsWith("\\");
    pending = `${pending}${isContinued ? `${line.slice(0, -1)} ` : line}`.slice(0, MAX_VALUE);
    if (isContinued) continue;
    yield { text: pending, line: start };
    pending = "";
  }
  if (pending !== "") yield { text: pending, line: start };
}

/** Words separated by blanks; quotes hold blanks together and go away; a word that begins with `#` ends the line. */
export function splitValue(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote !== "") {
      if (char === quote) quote = "";
      else if (char === "\\" && quote === '"' && at + 1 < text.length) word = (word ?? "") + text[++at];
      else word = (word ?? "") + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= "";
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === "#" && word === undefined) break;
    else word = (word ?? "") + char;
  }
  if (word !== undefined) words.push(word);
  return words;
}
