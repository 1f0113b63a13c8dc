import { type ConfigEntry, linesOf, MAX_DEPTH, MAX_ENTRIES } from "./config-entry.ts";

/**
 * The part of YAML that daemons' configuration is written in: nested maps, lists, flow lists of scalars, quotes, comments.
 * Keys are joined by dots, items of a list belong to the list's key; a key may come more than once (unbound.conf(5)).
 * Anchors, tags and documents beyond the first are not told apart; the lines of a block scalar are one value that is not read.
 */
export function readYaml(text: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  const stack: { readonly indent: number; readonly key: string }[] = [];
  let scalar: number | undefined;
  for (const { text: raw, line } of linesOf(text, "none")) {
    if (/^\s*(?:#|$|---|\.\.\.|%)/.test(raw)) continue;
    let indent = raw.length - raw.trimStart().length;
    if (scalar !== undefined && indent > scalar) continue;
    scalar = undefined;
    let rest = raw.trimStart();
    while (rest.startsWith("- ")) {
      const shorter = rest.slice(2).trimStart();
      // An item stands below its list's key though it may be written at the same indent.
      indent += rest.length - shorter.length;
      rest = shorter;
    }
    const isItem = /^\s*- /.test(raw);
    const base = raw.length - raw.trimStart().length;
    while (stack.length > 0 && (stack.at(-1)?.indent ?? 0) >= (isItem ? base + 1 : indent)) stack.pop();
    const prefix = stack.map(level => level.key).join(".");
    const quoted = /^(?:"[^"]*"|'[^']*')/.exec(rest)?.[0].length ?? 0;
    const colon = /^[[{&*!|>%@`]/.test(rest) ? -1 : rest.slice(quoted).search(/:(?:\s|$)/);
    if (colon < 0 || quoted + colon === 0) {
      if (isItem || rest.startsWith("[")) entries.push({ key: prefix, values: scalarsOf(rest), line });
    } else {
      const name = unquote(rest.slice(0, quoted + colon).trim());
      const key = prefix === "" ? name : `${prefix}.${name}`;
      const value = rest.slice(quoted + colon + 1).trim();
      if (/^[|>][-+0-9]*(?:\s+#.*)?$/.test(value)) scalar = indent;
      entries.push({ key, values: scalar === undefined ? scalarsOf(value) : [], line });
      if (stack.length < MAX_DEPTH) stack.push({ indent, key: name });
    }
    if (entries.length >= MAX_ENTRIES) break;
  }
  return entries;
}

/** `[a, "b"]` → a, b; anything else is one scalar, which may have blanks. */
function scalarsOf(text: string): readonly string[] {
  const bare = /^["']/.test(text) ? text.trim() : text.replace(/(?:^|\s)#.*$/, "").trim();
  if (bare === "") return [];
  if (!bare.startsWith("[")) return [unquote(bare)];
  return bare
    .replace(/^\[|\]$/g, "")
    .split(",")
    .map(item => unquote(item.trim()))
    .filter(item => item !== "");
}

function unquote(text: string): string {
  return /^(["'])(.*?)\1/s.exec(text)?.[2] ?? text;
}
