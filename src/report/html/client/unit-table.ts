// All units, sorted and narrowed.
import { h } from "./dom.ts";
import type { Fleet, Unit } from "./fleet.ts";
import { exposureBar, figure, levelMark, unitAddress, unitLink } from "./parts.ts";
import { type Selection, type SortKey, selectUnits } from "./select-units.ts";
import type { Store } from "./store.ts";
import { type GridColumn, virtualGrid } from "./virtual-grid.ts";

export interface UnitTable {
  readonly element: HTMLElement;
  /** As sorted and filtered now. */
  readonly shown: () => readonly Unit[];
  /** Draws again where the window has moved or changed. */
  readonly refresh: () => void;
}

type Key = SortKey | "level";

export function unitTable(
  fleet: Fleet,
  selection: Store<Selection>,
  changed: (count: number) => void,
): UnitTable {
  let units: readonly Unit[] = [];
  const grid = virtualGrid<Unit, Key>({
    label: "Units",
    columns: columnsOf(fleet),
    address: unitAddress,
    // The other way round where it is sorted so already; names from the first, figures from the highest.
    onSort: key => {
      // Level and exposure are one order; it is shown at the exposure.
      const sortKey = key === "level" ? "exposure" : key;
      const { sort, descending } = selection.get();
      const isText = sortKey === "name" || sortKey === "host";
      selection.change({ sort: sortKey, descending: sort === sortKey ? !descending : !isText });
    },
  });
  const update = (): void => {
    const { sort, descending } = selection.get();
    units = selectUnits(fleet, selection.get());
    changed(units.length);
    grid.show(units, { key: sort, descending });
  };
  selection.watch(update);
  update();
  return { element: grid.element, shown: () => units, refresh: grid.refresh };
}

const WIDTHS: Readonly<Record<Key, string>> = {
  name: "minmax(12rem, 2fr)",
  host: "minmax(7rem, 1fr)",
  exposure: "minmax(9rem, 1fr)",
  after: "5.5rem",
  level: "8.5rem",
  missing: "5.5rem",
  noticed: "minmax(7rem, .8fr)",
  gate: "minmax(6rem, .6fr)",
};

function columnsOf({ units, hosts, hasProposals, data }: Fleet): readonly GridColumn<Unit, Key>[] {
  const column = (
    key: Key,
    title: string,
    name: string,
    cell: (unit: Unit) => Node | string,
  ): GridColumn<Unit, Key> => ({ key, sortKey: key, title, class: name, width: WIDTHS[key], cell });
  const columns = [
    column("name", "Unit", "", unit => unitLink(unit, { tabindex: "-1" })),
    hosts.length > 0 && column("host", "Host", "", unit => unit.host),
    column("exposure", "Exposure", "exposure", exposureCell),
    hasProposals &&
      column("after", "Proposed", "right", unit => (unit.after < unit.exposure ? figure(unit.after) : "")),
    column("level", "Level", "", unit => levelMark(unit.level)),
    column("missing", "Missing", "right", unit =>
      unit.exposure < 0 ? "" : `${unit.missing} of ${unit.applying}`,
    ),
    units.some(each => each.errors + each.warnings > 0) && column("noticed", "Noticed", "", noticed),
    data.gate !== undefined && column("gate", "Gate", "", judged),
  ];
  return columns.filter(each => each !== false);
}

function exposureCell({ exposure, after }: Unit): HTMLElement {
  return h(
    "span",
    { class: "with-bar" },
    h("span", { class: "number" }, figure(exposure)),
    exposure < 0 ? undefined : exposureBar(exposure, after),
  );
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
