import { diffArrays } from "diff";

/** A row of two columns; a side without a line has nothing in its place. */
export interface DiffRow {
  readonly kind: "same" | "removed" | "added" | "changed";
  readonly left?: { readonly number: number; readonly text: string };
  readonly right?: { readonly number: number; readonly text: string };
}

/** Two texts side by side, lines that were replaced beside those that replace them. */
export function diffRows(before: readonly string[], after: readonly string[]): readonly DiffRow[] {
  const rows: DiffRow[] = [];
  let [left, right] = [0, 0];
  let taken: readonly string[] = [];
  const flush = (added: readonly string[]): void => {
    for (let at = 0; at < Math.max(taken.length, added.length); at++) {
      const [old, now] = [taken[at], added[at]];
      rows.push({
        kind: old === undefined ? "added" : now === undefined ? "removed" : "changed",
        ...(old === undefined ? {} : { left: { number: ++left, text: old } }),
        ...(now === undefined ? {} : { right: { number: ++right, text: now } }),
      });
    }
    taken = [];
  };
  for (const part of diffArrays([...before], [...after])) {
    if (part.removed) taken = part.value;
    else if (part.added) flush(part.value);
    else {
      flush([]);
      for (const text of part.value)
        rows.push({ kind: "same", left: { number: ++left, text }, right: { number: ++right, text } });
    }
  }
  flush([]);
  return rows;
}
