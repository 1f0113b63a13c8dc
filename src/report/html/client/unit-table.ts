// All units as one table, of which only the rows in sight exist: thousands of them stay quick.
import { h, onClick } from "./dom.ts";
import type { Fleet, Unit } from "./fleet.ts";
import { exposureBar, figure, levelMark, unitAddress, unitLink } from "./parts.ts";
import { type Selection, type SortKey, selectUnits } from "./select-units.ts";
import type { Store } from "./store.ts";

interface Column {
  readonly key: SortKey | "level";
  readonly title: string;
  readonly class: string;
  readonly cell: (unit: Unit) => Node | string;
}

/** Rows beyond the edges of the window that exist already. */
const SPARE = 12;
/** Rows that exist at least. */
const LEAST = 24;

export interface UnitTable {
  readonly element: HTMLElement;
  /** As sorted and filtered now. */
  readonly shown: () => readonly Unit[];
  /** Draws again where the window has moved or changed. */
  readonly refresh: () => void;
}

export function unitTable(
  fleet: Fleet,
  selection: Store<Selection>,
  changed: (count: number) => void,
): UnitTable {
  const columns = columnsOf(fleet);
  const body = h("div", { class: "rows", role: "rowgroup" });
  const heads = columns.map(column => head(column, selection));
  const grid = h(
    "div",
    {
      class: `grid columns-${columns.length}`,
      role: "grid",
      "aria-label": "Units",
      "aria-colcount": columns.length,
    },
    h(
      "div",
      { role: "rowgroup" },
      h(
        "div",
        { role: "row", class: "head", "aria-rowindex": 1 },
        heads.map(each => each.cell),
      ),
    ),
    body,
  );
  grid.style.setProperty("--columns", columns.map(each => WIDTHS[each.key]).join(" "));
  let units: readonly Unit[] = [];
  let active = 0;
  let drawn = "";
  /** The rows that exist, by their position. */
  const live = new Map<number, HTMLElement>();
  const rowHeight = (): number => (matchMedia("(max-width: 700px)").matches ? 64 : 38);

  const refresh = (): void => {
    if (!grid.isConnected || grid.offsetParent === null) return;
    const height = rowHeight();
    const { top } = body.getBoundingClientRect();
    // Never none at all: a reader may come to the table by other ways than by scrolling.
    const first = Math.min(Math.max(0, Math.floor(-top / height) - SPARE), Math.max(0, units.length - LEAST));
    const last = Math.min(
      units.length,
      Math.max(first + LEAST, Math.ceil((innerHeight - top) / height) + SPARE),
    );
    const range = [first, last, height].join();
    if (range === drawn) return;
    drawn = range;
    const { activeElement } = document;
    const hasFocus = body.contains(activeElement);
    body.style.height = `${units.length * height}px`;
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
      const unit = units[position];
      if (unit === undefined || live.has(position)) continue;
      const row = rowOf(unit, position, height);
      live.set(position, row);
      (position < lowest ? before : after).push(row);
    }
    body.prepend(...before);
    body.append(...after);
    // One row can be reached by Tab, and it is one that is in sight.
    if (!hasFocus && (active < first || active >= last)) activate(Math.min(first + SPARE, last - 1));
  };
  const activate = (position: number): void => {
    live.get(active)?.querySelector("a")?.setAttribute("tabindex", "-1");
    active = Math.max(0, position);
    live.get(active)?.querySelector("a")?.setAttribute("tabindex", "0");
  };
  const clear = (): void => {
    drawn = "";
    live.clear();
    body.replaceChildren();
  };
  const rowOf = (unit: Unit, position: number, height: number): HTMLElement => {
    const cells = columns.map(({ key, class: name, cell }) =>
      h("div", { role: key === "name" ? "rowheader" : "gridcell", class: `${name} cell-${key}` }, cell(unit)),
    );
    const row = h(
      "div",
      { role: "row", class: "row", "aria-rowindex": position + 2, "data-position": position },
      cells,
    );
    row.style.top = `${position * height}px`;
    row.style.height = `${height}px`;
    row.querySelector("a")?.setAttribute("tabindex", position === active ? "0" : "-1");
    return row;
  };
  const focusActive = (): void => {
    body.querySelector<HTMLElement>(`[data-position="${active}"] a`)?.focus({ preventScroll: true });
  };
  const move = (to: number): void => {
    activate(Math.min(units.length - 1, Math.max(0, to)));
    const height = rowHeight();
    const top = body.getBoundingClientRect().top + active * height;
    const margin = 96;
    if (top < margin) scrollBy({ top: top - margin, behavior: "instant" });
    else if (top + height > innerHeight - 24)
      scrollBy({ top: top + height - innerHeight + 24, behavior: "instant" });
    refresh();
    activate(active);
    focusActive();
  };
  const steps: Readonly<Record<string, () => number>> = {
    ArrowDown: () => active + 1,
    ArrowUp: () => active - 1,
    PageDown: () => active + 10,
    PageUp: () => active - 10,
    Home: () => 0,
    End: () => units.length - 1,
  };
  body.addEventListener("keydown", event => {
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move(step());
  });
  onClick(body, event => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-position]") : null;
    const unit = units[Number(row?.dataset.position ?? -1)];
    const isText = (getSelection()?.toString() ?? "") !== "";
    // The row as a whole leads to its unit, except for those who select text in it.
    if (unit !== undefined && !isText && !(event.target instanceof HTMLAnchorElement))
      location.hash = unitAddress(unit);
  });
  body.addEventListener("focusin", event => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-position]") : null;
    if (row !== null) activate(Number(row.dataset.position));
  });
  const update = (): void => {
    units = selectUnits(fleet, selection.get());
    active = 0;
    clear();
    body.style.height = `${units.length * rowHeight()}px`;
    grid.setAttribute("aria-rowcount", String(units.length + 1));
    for (const each of heads) each.mark();
    changed(units.length);
    refresh();
  };
  selection.watch(update);
  addEventListener("scroll", refresh, { passive: true });
  addEventListener("resize", () => {
    clear();
    refresh();
  });
  update();
  return { element: grid, shown: () => units, refresh };
}

const WIDTHS: Readonly<Record<Column["key"], string>> = {
  name: "minmax(12rem, 2fr)",
  host: "minmax(7rem, 1fr)",
  exposure: "minmax(9rem, 1fr)",
  after: "5.5rem",
  level: "8.5rem",
  missing: "5.5rem",
  noticed: "minmax(7rem, .8fr)",
  gate: "minmax(6rem, .6fr)",
};

function columnsOf({ units, hosts, hasProposals, data }: Fleet): readonly Column[] {
  const columns: readonly (Column | false)[] = [
    { key: "name", title: "Unit", class: "", cell: unit => unitLink(unit, { tabindex: "-1" }) },
    hosts.length > 0 && { key: "host", title: "Host", class: "", cell: unit => unit.host },
    {
      key: "exposure",
      title: "Exposure",
      class: "exposure",
      cell: unit =>
        h(
          "span",
          { class: "with-bar" },
          h("span", { class: "number" }, figure(unit.exposure)),
          unit.exposure < 0 ? undefined : exposureBar(unit.exposure, unit.after),
        ),
    },
    hasProposals && {
      key: "after",
      title: "Proposed",
      class: "right",
      cell: unit => (unit.after < unit.exposure ? figure(unit.after) : ""),
    },
    { key: "level", title: "Level", class: "", cell: unit => levelMark(unit.level) },
    {
      key: "missing",
      title: "Missing",
      class: "right",
      cell: unit => (unit.exposure < 0 ? "" : `${unit.missing} of ${unit.applying}`),
    },
    units.some(each => each.errors + each.warnings > 0) && {
      key: "noticed",
      title: "Noticed",
      class: "",
      cell: noticed,
    },
    data.gate !== undefined && { key: "gate", title: "Gate", class: "", cell: judged },
  ];
  return columns.filter(each => each !== false);
}

function noticed({ errors, warnings }: Unit): string {
  const of = (count: number, noun: string): readonly string[] =>
    count === 0 ? [] : [`${count} ${noun}${count === 1 ? "" : "s"}`];
  return [...of(errors, "error"), ...of(warnings, "warning")].join(", ");
}

function judged({ failing, waived }: Unit): string {
  return [...(failing > 0 ? [`${failing} failing`] : []), ...(waived > 0 ? [`${waived} waived`] : [])].join(
    ", ",
  );
}

/** A heading that sorts by its column, the other way round when it does already. */
function head(
  column: Column,
  selection: Store<Selection>,
): { readonly cell: HTMLElement; readonly mark: () => void } {
  const { key, title } = column;
  const sortKey = key === "level" ? "exposure" : key;
  const button = h("button", { type: "button" }, title);
  const cell = h("div", { role: "columnheader", class: `${column.class} cell-${key}` }, button);
  onClick(button, () => {
    const { sort, descending } = selection.get();
    const isText = sortKey === "name" || sortKey === "host";
    selection.change({ sort: sortKey, descending: sort === sortKey ? !descending : !isText });
  });
  return {
    cell,
    mark: () => {
      const { sort, descending } = selection.get();
      // Level and exposure are one order; it is shown at the exposure.
      const isSorted = sort === key;
      cell.setAttribute("aria-sort", isSorted ? (descending ? "descending" : "ascending") : "none");
    },
  };
}
