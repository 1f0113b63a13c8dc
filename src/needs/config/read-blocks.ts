import { type ConfigEntry, MAX_ENTRIES, MAX_VALUE } from "./config-entry.ts";

/**
 * Statements that end in `;` or open a block, as in nginx.conf or named.conf: `key word word;`, `key word { … }`.
 * Keys inside a block stand for themselves. Comments: `#`, `//` where a word could begin, and C's.
 */
export function readBlocks(text: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  let words: string[] = [];
  let start = 1;
  const finish = () => {
    const [key, ...values] = words;
    if (key !== undefined) entries.push({ key, values, line: start });
    words = [];
  };
  for (const token of tokensOf(text)) {
    if (token.kind === "end") finish();
    else {
      if (words.length === 0) start = token.line;
      words.push(token.text);
    }
    if (entries.length >= MAX_ENTRIES) return entries;
  }
  finish();
  return entries;
}

type Token =
  | { readonly kind: "word"; readonly text: string; readonly line: number }
  | { readonly kind: "end" };

function* tokensOf(text: string): Generator<Token> {
  let line = 1;
  // One expression for what may stand at a place; the order matters.
  const pattern =
    /\n|[^\S\n]+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|[;{}]|"(?:[^"\\]|\\[\s\S])*"?|'(?:[^'\\]|\\[\s\S])*'?|(?:\$\{[^{}\n]{0,200}\}|[^\s;{}"'])(?:\$\{[^{}\n]{0,200}\}|[^\s;{}])*|[\s\S]/gy;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const part = match[0];
    if (/^[;{}]$/.test(part)) yield { kind: "end" };
    else if (!/^(?:\s|#|\/\/|\/\*)/.test(part)) {
      const isQuoted = /^["']/.test(part);
      const bare = isQuoted ? part.slice(1, part.endsWith(part[0] ?? "") ? -1 : undefined) : part;
      yield { kind: "word", text: bare.slice(0, MAX_VALUE), line };
    }
    for (let at = part.indexOf("\n"); at >= 0; at = part.indexOf("\n", at + 1)) line++;
  }
}
