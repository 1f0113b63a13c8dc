// Every host and every unit over all hosts, as tables that are searched by name and sorted by every column.
import type { PageFleetUnit, PageHost } from "../page-data.ts";
import { counted, h } from "./dom.ts";
import { levelOf } from "./levels.ts";
import { exposureBar, figure, section } from "./parts.ts";
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

export const hostColumns: readonly FleetColumn<PageHost>[] = [
  {
    key: "name",
    title: "Host",
    width: "minmax(10rem, 2fr)",
    cell: row => named(row.name),
    by: row => row.name,
  },
  {
    key: "highest",
    title: "Highest",
    width: "minmax(9rem, 1fr)",
    class: "exposure",
    cell: row => barCell(row.highest),
    by: row => row.highest,
  },
  { key: "worst", title: "Of", width: "minmax(9rem, 1.4fr)", cell: row => row.worst, by: row => row.worst },
  {
    key: "median",
    title: "Median",
    width: "5rem",
    class: "right",
    cell: row => figure(row.median),
    by: row => row.median,
  },
  {
    key: "units",
    title: "Units",
    width: "5rem",
    class: "right",
    cell: row => number(row.units),
    by: row => row.units,
  },
  {
    key: "above",
    title: "Above",
    width: "5rem",
    class: "right",
    cell: row => number(row.above),
    by: row => row.above,
  },
  {
    key: "noticed",
    title: "Warnings",
    width: "5.5rem",
    class: "right",
    cell: row => number(row.errors + row.warnings),
    by: row => row.errors * 1e6 + row.warnings,
  },
  {
    key: "drifting",
    title: "Drifting",
    width: "5.5rem",
    class: "right",
    cell: row => number(row.drifting),
    by: row => row.drifting,
  },
];

export const unitColumns: readonly FleetColumn<PageFleetUnit>[] = [
  {
    key: "name",
    title: "Unit",
    width: "minmax(10rem, 2fr)",
    cell: row => named(row.name),
    by: row => row.name,
  },
  {
    key: "highest",
    title: "Highest",
    width: "minmax(9rem, 1fr)",
    class: "exposure",
    cell: row => barCell(row.highest),
    by: row => row.highest,
  },
  {
    key: "median",
    title: "Median",
    width: "5rem",
    class: "right",
    cell: row => figure(row.median),
    by: row => row.median,
  },
  {
    key: "lowest",
    title: "Lowest",
    width: "5rem",
    class: "right",
    cell: row => figure(row.lowest),
    by: row => row.lowest,
  },
  {
    key: "hosts",
    title: "Hosts",
    width: "5.5rem",
    class: "right",
    cell: row => number(row.hosts),
    by: row => row.hosts,
  },
  {
    key: "above",
    title: "Above",
    width: "5.5rem",
    class: "right",
    cell: row => number(row.above),
    by: row => row.above,
  },
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

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
