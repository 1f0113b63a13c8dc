const patterns = new Map<string, RegExp>();

/** A word alone: `setuid` is none in `fsetuidx`. One that begins or ends with a sign needs no border there, nor a path at its end. */
export function wordPattern(word: string): RegExp {
  const known = patterns.get(word);
  if (known !== undefined) return known;
  const escaped = word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const before = /^\w/.test(word) ? "(?<!\\w)" : "";
  const after = /\w$/.test(word) && !word.startsWith("/") ? "(?!\\w)" : "";
  const pattern = new RegExp(`${before}${escaped}${after}`);
  patterns.set(word, pattern);
  return pattern;
}
