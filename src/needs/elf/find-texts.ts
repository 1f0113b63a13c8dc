// Many texts looked for in one pass: a program has megabytes, the rule data a hundred texts.

/** Looks for texts in bytes; made once for a list of texts. */
export type TextFinder = (bytes: Buffer) => ReadonlySet<string>;

/** A text by its bytes. */
interface Wanted {
  readonly text: string;
  readonly bytes: Buffer;
}

/** @param texts of Latin-1, each of two bytes or more. */
export function textFinder(texts: readonly string[]): TextFinder {
  const wanted = [...new Set(texts)].map((text): Wanted => ({ text, bytes: Buffer.from(text, "latin1") }));
  // By their first two bytes, which few places in a program have; a table of flags is faster to ask than a map.
  const byStart = new Map<number, Wanted[]>();
  for (const each of wanted) {
    const start = each.bytes.readUInt16BE(0);
    byStart.set(start, [...(byStart.get(start) ?? []), each]);
  }
  const isStart = new Uint8Array(1 << 16);
  for (const start of byStart.keys()) isStart[start] = 1;
  return bytes => {
    const found = new Set<string>();
    let pair = 0;
    for (let at = 0; at < bytes.length; at++) {
      pair = ((pair << 8) | (bytes[at] ?? 0)) & 0xffff;
      if (isStart[pair] === 0 || at === 0) continue;
      for (const each of byStart.get(pair) ?? [])
        if (!found.has(each.text) && standsAt(bytes, at - 1, each.bytes)) found.add(each.text);
      if (found.size === wanted.length) break;
    }
    return found;
  };
}

function standsAt(bytes: Buffer, start: number, text: Buffer): boolean {
  // The first two bytes are known to be there.
  for (let index = 2; index < text.length; index++) if (bytes[start + index] !== text[index]) return false;
  return true;
}
