// Every host and every unit over all hosts, as tables that are searched by name and sorted by every column.
import type { PageFleetUnit, PageHost } from "../page-data.ts";
import { counted, h } from "./dom.ts";
import { levelOf } from "./levels.ts";
import { exposureBar, figure, section, table } from "./parts.ts";
import { store } from "./store.ts";
import { type GridColumn, virtualGrid } from "./virtual-grid.ts";

interface FleetColumn<T> {
  readonly key: string;
  readonly title: string;
  readonly class?: string;
  readonly width: string;
  readonly cell: (row: T) => Node | string;
  /** What it is sorted by; figures from the highest. */
  readonly by: (row: T) => number | string;
}

const number = (value: number): string => (value < 0 ? "–" : value.toLocaleString("en"));

/** A column of figures to the right. */
function figures<T>(
  key: string,
  title: string,
  of: (row: T) => number,
  text: (value: number) => string = number,
): FleetColumn<T> {
  return { key, title, width: "5.5rem", class: "right", cell: row => text(of(row)), by: of };
}

/** What hosts and units share: what each is called, and the highest exposure. */
function namedColumns<T extends { readonly name: string; readonly highest: number }>(
  title: string,
): readonly FleetColumn<T>[] {
  return [
    { key: "name", title, width: "minmax(10rem, 2fr)", cell: row => named(row.name), by: row => row.name },
    {
      key: "highest",
      title: "Highest",
      width: "minmax(9rem, 1fr)",
      class: "exposure",
      cell: row => barCell(row.highest),
      by: row => row.highest,
    },
  ];
}

export const hostColumns: readonly FleetColumn<PageHost>[] = [
  ...namedColumns<PageHost>("Host"),
  { key: "worst", title: "Of", width: "minmax(9rem, 1.4fr)", cell: row => row.worst, by: row => row.worst },
  figures("median", "Median", row => row.median, figure),
  figures("units", "Units", row => row.units),
  figures("above", "Above", row => row.above),
  {
    ...figures<PageHost>("noticed", "Warnings", row => row.errors + row.warnings),
    by: row => row.errors * 1e6 + row.warnings,
  },
  figures("drifting", "Drifting", row => row.drifting),
];

export const unitColumns: readonly FleetColumn<PageFleetUnit>[] = [
  ...namedColumns<PageFleetUnit>("Unit"),
  figures("median", "Median", row => row.median, figure),
  figures("lowest", "Lowest", row => row.lowest, figure),
  figures("hosts", "Hosts", row => row.hosts),
  figures("above", "Above", row => row.above),
  {
    key: "outliers",
    title: "Outliers",
    width: "minmax(8rem, 1.4fr)",
    cell: row => row.outliers.join("; "),
    by: row => row.outliers.length,
  },
];

function named(name: string): HTMLElement {
  return h("span", { class: "name" }, name);
}

function barCell(exposure: number): HTMLElement {
  return h(
    "span",
    { class: "with-bar" },
    h("span", { class: "number" }, figure(exposure)),
    exposure < 0 ? undefined : exposureBar(exposure, exposure),
    exposure < 0 ? undefined : h("span", { class: "unseen" }, ` ${levelOf(exposure)}`),
  );
}

/** A table with a search over its names; the first that is sorted by is `sort`, the highest at the top. */
export function searchable<T extends { readonly name: string }>(
  id: string,
  title: string,
  noun: string,
  rows: readonly T[],
  columns: readonly FleetColumn<T>[],
  sort: string,
): HTMLElement {
  const state = store<{ readonly search: string; readonly sort: string; readonly descending: boolean }>({
    search: "",
    sort,
    descending: true,
  });
  const search = h("input", { type: "search", id: `${id}-search`, autocomplete: "off", spellcheck: "false" });
  search.addEventListener("input", () => state.change({ search: search.value }));
  const count = h("p", { class: "count", role: "status" });
  const grid = virtualGrid<T, string>({
    label: title,
    columns: columns.map((each): GridColumn<T, string> => ({ ...each, sortKey: each.key })),
    onSort: key => {
      const now = state.get();
      const first = rows[0];
      const isText =
        first !== undefined && typeof columns.find(each => each.key === key)?.by(first) === "string";
      state.change({ sort: key, descending: now.sort === key ? !now.descending : !isText });
    },
  });
  const update = (): void => {
    const { search: asked, sort: key, descending } = state.get();
    const words = asked
      .toLowerCase()
      .split(/\s+/)
      .filter(word => word !== "");
    const by = columns.find(each => each.key === key)?.by ?? (() => 0);
    const found = rows.filter(row => words.every(word => row.name.toLowerCase().includes(word)));
    const direction = descending ? -1 : 1;
    const sorted = found.toSorted((a, b) => direction * compare(by(a), by(b)) || compare(a.name, b.name));
    count.textContent =
      sorted.length === rows.length
        ? counted(rows.length, noun)
        : `${sorted.length.toLocaleString("en")} of ${counted(rows.length, noun)}`;
    grid.show(sorted, { key, descending });
  };
  state.watch(update);
  update();
  // The section is not part of the page yet, so nothing of it can be measured.
  requestAnimationFrame(grid.refresh);
  return section(
    id,
    title,
    "",
    h("div", { class: "tools" }, h("label", { for: `${id}-search` }, "Search"), search),
    count,
    grid.element,
  );
}

/** Rows of a printed table at most: some twenty pages. */
const PRINTED = 1000;

/** Every row on paper, where nothing scrolls: the highest first. */
export function printedRows<T extends { readonly name: string; readonly highest: number }>(
  id: string,
  title: string,
  noun: string,
  rows: readonly T[],
  columns: readonly FleetColumn<T>[],
): HTMLElement {
  const sorted = rows.toSorted((a, b) => b.highest - a.highest || compare(a.name, b.name));
  const shown = sorted.slice(0, PRINTED);
  const cells = (row: T): HTMLElement =>
    h(
      "tr",
      {},
      columns.map(each => h("td", { class: each.class }, each.cell(row))),
    );
  const count =
    shown.length < rows.length
      ? `The ${counted(shown.length, `most exposed ${noun}`)} of ${rows.length.toLocaleString("en")}.`
      : counted(rows.length, noun);
  return section(`print-${id}`, title, count, table(title, columns, shown.map(cells)));
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
