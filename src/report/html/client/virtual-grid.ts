// A table of which only the rows in sight exist: thousands of them stay quick. Sorted by its headings, used by keyboard.
import { h, onClick } from "./dom.ts";

export interface GridColumn<T, K extends string> {
  readonly key: K;
  /** What a click on the heading sorts by. */
  readonly sortKey: K;
  readonly title: string;
  readonly class?: string;
  /** As CSS has it for the columns of a grid. */
  readonly width: string;
  readonly cell: (row: T) => Node | string;
}

export interface GridOptions<T, K extends string> {
  readonly label: string;
  readonly columns: readonly GridColumn<T, K>[];
  /** Where a row leads; rows without a link take the focus themselves. */
  readonly address?: (row: T) => string;
  readonly onSort: (key: K) => void;
}

export interface Sorting<K extends string> {
  readonly key: K;
  readonly descending: boolean;
}

export interface Grid<T, K extends string> {
  readonly element: HTMLElement;
  /** Other rows, or the same in another order. */
  readonly show: (rows: readonly T[], sorting: Sorting<K>) => void;
  /** Draws again where the window has moved or changed. */
  readonly refresh: () => void;
}

/** Rows beyond the edges of the window that exist already. */
const SPARE = 12;
/** Rows that exist at least. */
const LEAST = 24;

export function virtualGrid<T, K extends string>(options: GridOptions<T, K>): Grid<T, K> {
  const { label, columns, address, onSort } = options;
  const body = h("div", { class: "rows", role: "rowgroup" });
  const heads = columns.map(({ key, sortKey, title, class: name = "" }) => {
    const button = onClick(h("button", { type: "button" }, title), () => onSort(sortKey));
    return { key, cell: h("div", { role: "columnheader", class: `${name} cell-${key}` }, button) };
  });
  const headRow = h(
    "div",
    { role: "row", class: "head", "aria-rowindex": 1 },
    heads.map(each => each.cell),
  );
  const grid = h(
    "div",
    { class: "grid", role: "grid", "aria-label": label, "aria-colcount": columns.length },
    h("div", { role: "rowgroup" }, headRow),
    body,
  );
  grid.style.setProperty("--columns", columns.map(each => each.width).join(" "));
  let all: readonly T[] = [];
  let active = 0;
  let drawn = "";
  /** The rows that exist, by their position. */
  const live = new Map<number, HTMLElement>();
  const rowHeight = (): number => (matchMedia("(max-width: 700px)").matches ? 64 : 38);

  const rowOf = (item: T, position: number, height: number): HTMLElement => {
    const cells = columns.map(({ key, class: name = "", cell }, index) =>
      h("div", { role: index === 0 ? "rowheader" : "gridcell", class: `${name} cell-${key}` }, cell(item)),
    );
    const row = h(
      "div",
      { role: "row", class: "row", "aria-rowindex": position + 2, "data-position": position },
      cells,
    );
    row.style.top = `${position * height}px`;
    row.style.height = `${height}px`;
    stopOf(row)?.setAttribute("tabindex", position === active ? "0" : "-1");
    return row;
  };
  const refresh = (): void => {
    if (!grid.isConnected || grid.offsetParent === null) return;
    const height = rowHeight();
    const { top } = body.getBoundingClientRect();
    // Never none at all: a reader may come to the table by other ways than by scrolling.
    const first = Math.min(Math.max(0, Math.floor(-top / height) - SPARE), Math.max(0, all.length - LEAST));
    const last = Math.min(
      all.length,
      Math.max(first + LEAST, Math.ceil((innerHeight - top) / height) + SPARE),
    );
    const range = [first, last, height].join();
    if (range === drawn) return;
    drawn = range;
    const { activeElement } = document;
    const hasFocus = body.contains(activeElement);
    body.style.height = `${all.length * height}px`;
    // Rows that are still in sight stay as they are, and so does the one that has the focus.
    for (const [position, row] of live) {
      if ((position >= first && position < last) || row.contains(activeElement)) continue;
      row.remove();
      live.delete(position);
    }
    const lowest = Math.min(...live.keys());
    const before: HTMLElement[] = [];
    const after: HTMLElement[] = [];
    for (let position = first; position < last; position++) {
      const item = all[position];
      if (item === undefined || live.has(position)) continue;
      const row = rowOf(item, position, height);
      live.set(position, row);
      (position < lowest ? before : after).push(row);
    }
    body.prepend(...before);
    body.append(...after);
    // One row can be reached by Tab, and it is one that is in sight.
    if (!hasFocus && (active < first || active >= last)) activate(Math.min(first + SPARE, last - 1));
  };
  const activate = (position: number): void => {
    stopOf(live.get(active))?.setAttribute("tabindex", "-1");
    active = Math.max(0, position);
    stopOf(live.get(active))?.setAttribute("tabindex", "0");
  };
  const clear = (): void => {
    drawn = "";
    live.clear();
    body.replaceChildren();
  };
  const move = (to: number): void => {
    activate(Math.min(all.length - 1, Math.max(0, to)));
    const height = rowHeight();
    const top = body.getBoundingClientRect().top + active * height;
    const margin = 96;
    if (top < margin) scrollBy({ top: top - margin, behavior: "instant" });
    else if (top + height > innerHeight - 24)
      scrollBy({ top: top + height - innerHeight + 24, behavior: "instant" });
    refresh();
    activate(active);
    stopOf(live.get(active))?.focus({ preventScroll: true });
  };
  const steps: Readonly<Record<string, () => number>> = {
    ArrowDown: () => active + 1,
    ArrowUp: () => active - 1,
    PageDown: () => active + 10,
    PageUp: () => active - 10,
    Home: () => 0,
    End: () => all.length - 1,
  };
  body.addEventListener("keydown", event => {
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(step());
  });
  onClick(body, event => {
    const item = all[positionOf(event)];
    const isText = (getSelection()?.toString() ?? "") !== "";
    // The row as a whole leads where its link does, except for those who select text in it.
    if (item === undefined || address === undefined || isText) return;
    if (!(event.target instanceof HTMLAnchorElement)) location.hash = address(item);
  });
  body.addEventListener("focusin", event => {
    const position = positionOf(event);
    if (position >= 0) activate(position);
  });
  addEventListener("scroll", refresh, { passive: true });
  addEventListener("resize", () => {
    clear();
    refresh();
  });
  return {
    element: grid,
    refresh,
    show(rows, { key, descending }) {
      all = rows;
      active = 0;
      clear();
      body.style.height = `${all.length * rowHeight()}px`;
      grid.setAttribute("aria-rowcount", String(all.length + 1));
      for (const each of heads) {
        const order = each.key !== key ? "none" : descending ? "descending" : "ascending";
        each.cell.setAttribute("aria-sort", order);
      }
      refresh();
    },
  };
}

/** What takes the focus in a row. */
function stopOf(row: HTMLElement | undefined): HTMLElement | null {
  return row?.querySelector<HTMLElement>("a") ?? row?.querySelector<HTMLElement>("[role=rowheader]") ?? null;
}

function positionOf({ target }: Event): number {
  const row = target instanceof Element ? target.closest<HTMLElement>("[data-position]") : null;
  return Number(row?.dataset.position ?? -1);
}
