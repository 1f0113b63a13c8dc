// Two texts side by side: lines that were replaced beside those that replace them.
import { diffArrays } from "diff";
import { h } from "./dom.ts";

interface SideLine {
  /** Of a line of the file; what is no line of it has none. */
  readonly number?: number;
  readonly text: string;
  /** Where the line stands, if it is one of another file. */
  readonly place?: string;
  readonly isDim?: boolean;
}

/** A row of two columns; a side without a line has nothing in its place. */
export interface SideRow {
  readonly kind: "same" | "removed" | "added" | "changed";
  readonly left?: SideLine;
  readonly right?: SideLine;
}

export function sideRows(before: readonly string[], after: readonly string[]): readonly SideRow[] {
  const rows: SideRow[] = [];
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

export function diffTable(rows: readonly SideRow[]): HTMLElement {
  const caption = "The drop-in beside what is there today";
  return h(
    "div",
    { class: "scroll diff", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, caption),
      h("colgroup", {}, h("col", { class: "left" }), h("col", { class: "number" }), h("col")),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col", class: "left" }, "Today"),
          h("th", { scope: "col", colspan: 2 }, "With the drop-in"),
        ),
      ),
      h("tbody", {}, rows.map(rowOf)),
    ),
  );
}

function rowOf({ kind, left, right }: SideRow): HTMLElement {
  return h(
    "tr",
    { class: kind },
    h(
      "td",
      { class: left?.isDim === true ? "left dim" : "left" },
      left?.text ?? "",
      left?.place === undefined ? undefined : h("span", { class: "path" }, `  ${left.place}`),
    ),
    h("td", { class: "number" }, right?.number === undefined ? "" : String(right.number)),
    h("td", { class: "added-side" }, right?.text ?? ""),
  );
}
