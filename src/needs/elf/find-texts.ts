// Many texts looked for in one pass: a program has megabytes, the rule data a hundred texts.

/** Looks for texts in bytes; made once for a list of texts. */
export type TextFinder = (bytes: Buffer) => ReadonlySet<string>;

/** Bytes that are looked at together; a program may have more than a string holds. */
const PIECE = 1 << 20;

/** @param texts of Latin-1, none empty. */
export function textFinder(texts: readonly string[]): TextFinder {
  if (texts.length === 0) return () => new Set();
  // The longest first: a shorter one that it begins with is there as well, as is every other that it holds.
  const ordered = [...new Set(texts)].sort((a, b) => b.length - a.length);
  const heldBy = new Map(ordered.map(text => [text, ordered.filter(each => text.includes(each))]));
  const overlap = (ordered[0]?.length ?? 1) - 1;
  // Looking ahead takes no bytes, so that texts may lie across one another.
  const pattern = new RegExp(`(?=(${ordered.map(escapePattern).join("|")}))`, "g");
  return bytes => {
    const found = new Set<string>();
    for (let start = 0; start < bytes.length; start += PIECE) {
      const piece = bytes.toString("latin1", start, Math.min(bytes.length, start + PIECE + overlap));
      pattern.lastIndex = 0;
      for (let match = pattern.exec(piece); match !== null; match = pattern.exec(piece)) {
        pattern.lastIndex = match.index + 1;
        const text = match[1] ?? "";
        if (!found.has(text)) for (const each of heldBy.get(text) ?? []) found.add(each);
        if (found.size === ordered.length) return found;
      }
    }
    return found;
  };
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
