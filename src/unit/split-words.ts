// Words of a value as systemd takes them apart: systemd.syntax(7), "Quoting" and "C-style escapes". Directives differ
// in what they do with quotes and backslashes, so the caller says.
import { readEscape } from "./read-escape.ts";

export interface SplitOptions {
  /** `unquote`: quotes hold blanks together and go; `keep`: they hold and stay; `plain` (default): they mean nothing. */
  readonly quotes?: "unquote" | "keep" | "plain";
  /**
   * `drop` (default): a backslash goes and the next character stays as it is; `c`: C escapes, others are an error;
   * `c-relaxed`: C escapes, others stay as written; `retain`: backslashes mean nothing.
   */
  readonly escapes?: "drop" | "c" | "c-relaxed" | "retain";
  /** `lenient`: an open quote and a last lone backslash end the word instead of failing. */
  readonly ending?: "strict" | "lenient";
  /** Characters between words; blanks by default. */
  readonly separators?: string;
}

export type SplitError = "open-quote" | "trailing-backslash" | "bad-escape";

export interface SplitWords {
  /** With an error: the words before the one that has it, which systemd has used already by then. */
  readonly words: readonly string[];
  readonly error?: SplitError;
  /** Where the next word would start: the end of the text, or the start of the word with the error. */
  readonly end: number;
}

const blanks = " \t\n\r";

/** A word in which nothing means anything but itself, up to a blank or the end: most words are such. */
const plainWord = /[^ \t\n\r"'\\\ud800-\udfff]+(?=[ \t\n\r]|$)/y;

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && blanks.includes(text.charAt(at))) at++;
  return at;
}

/** Splits the whole of `text`, in time linear in its length. Never throws. */
export function splitWords(text: string, options: SplitOptions = {}): SplitWords {
  const words: string[] = [];
  let at = 0;
  for (;;) {
    const taken = takeWord(text, at, options);
    if (taken.kind === "end") return { words, end: text.length };
    if (taken.kind === "error") return { words, error: taken.error, end: taken.start };
    words.push(taken.word);
    at = taken.next;
  }
}

export type TakenWord =
  | { readonly kind: "word"; readonly word: string; readonly start: number; readonly next: number }
  | { readonly kind: "error"; readonly error: SplitError; readonly start: number }
  | { readonly kind: "end" };

/** The word at or after `from`, and where to go on: for values such as command lines that treat the first word apart. */
export function takeWord(text: string, from: number, options: SplitOptions = {}): TakenWord {
  const { quotes = "plain", escapes = "drop", ending = "strict", separators = blanks } = options;
  let at = from;
  while (at < text.length && separators.includes(text.charAt(at))) at++;
  if (at >= text.length) return { kind: "end" };
  const start = at;
  if (separators === blanks) {
    plainWord.lastIndex = start;
    const end = plainWord.test(text) ? plainWord.lastIndex : start;
    if (end > start)
      return { kind: "word", word: text.slice(start, end), start, next: skipBlanks(text, end) };
  }
  let word = "";
  let quote = "";
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === "\\" && escapes !== "retain") {
      if (at + 1 >= text.length) return endInBackslash(word, quote, start, text.length, escapes, ending);
      const found = escapes === "drop" ? { text: text.charAt(at + 1), length: 1 } : readEscape(text, at + 1);
      if (found) {
        word += found.text;
        at += found.length;
      } else if (escapes === "c-relaxed") word += char + text.charAt(++at);
      else return { kind: "error", error: "bad-escape", start };
    } else if (quote !== "") {
      if (char !== quote) word += char;
      else {
        quote = "";
        if (quotes === "keep") word += char;
      }
    } else if (quotes !== "plain" && (char === "'" || char === '"')) {
      quote = char;
      if (quotes === "keep") word += char;
    } else if (separators.includes(char)) break;
    else word += char;
  }
  if (quote !== "" && ending === "strict") return { kind: "error", error: "open-quote", start };
  while (at < text.length && separators.includes(text.charAt(at))) at++;
  return { kind: "word", word: joinBytes(word), start, next: at };
}

function endInBackslash(
  word: string,
  quote: string,
  start: number,
  next: number,
  escapes: SplitOptions["escapes"],
  ending: SplitOptions["ending"],
): TakenWord {
  if (escapes === "c-relaxed" && (quote === "" || ending === "lenient"))
    return { kind: "word", word: joinBytes(`${word}\\`), start, next };
  if (ending === "lenient") return { kind: "word", word: joinBytes(word), start, next };
  return { kind: "error", error: "trailing-backslash", start };
}

/** Bytes that came in as `\xHH` are held as U+DC80…U+DCFF until the word is whole: several may make one character. */
function joinBytes(word: string): string {
  if (!/[\udc80-\udcff]/.test(word)) return word;
  const pieces = word.split(/((?<![\ud800-\udbff])[\udc80-\udcff]+)/);
  const bytes = pieces.map((piece, index) =>
    index % 2 === 0
      ? Buffer.from(piece, "utf8")
      : Buffer.from(Array.from(piece, byte => byte.charCodeAt(0) & 0xff)),
  );
  return Buffer.concat(bytes).toString("utf8");
}
