// The units with what narrows them: search, levels, kinds, hosts, a check that must be missing.
import { counted, h, onClick, tenths } from "./dom.ts";
import type { Fleet } from "./fleet.ts";
import { levelMark, section } from "./parts.ts";
import { everything, levelsOf, type Selection } from "./select-units.ts";
import type { Store } from "./store.ts";
import { type UnitTable, unitTable } from "./unit-table.ts";

export interface UnitList {
  readonly element: HTMLElement;
  readonly table: UnitTable;
  readonly focusSearch: () => void;
}

export function unitList(fleet: Fleet, selection: Store<Selection>): UnitList {
  const search = h("input", {
    type: "search",
    id: "search",
    placeholder: "Name, path or host",
    autocomplete: "off",
    spellcheck: "false",
    "aria-keyshortcuts": "/",
  });
  search.addEventListener("input", () => selection.change({ search: search.value }));
  const count = h("p", { class: "count", role: "status" });
  const range = onClick(h("button", { type: "button", class: "chip on", hidden: true }), () =>
    selection.change({ range: undefined }),
  );
  const clear = onClick(h("button", { type: "button", class: "quiet" }, "Show everything"), () => {
    const { sort, descending } = selection.get();
    selection.change({ ...everything, range: undefined, sort, descending });
    search.focus();
  });
  const chips = levelsOf(fleet.units).map(level => {
    const chip = h("button", { type: "button", class: "chip", "aria-pressed": "false" }, levelMark(level));
    onClick(chip, () => {
      const { levels } = selection.get();
      selection.change({
        levels: levels.includes(level) ? levels.filter(each => each !== level) : [...levels, level],
      });
    });
    return { level, chip };
  });
  const { data } = fleet;
  const onlys = [
    ...(data.gate === undefined
      ? []
      : [
          ["failing", "failing the gate"],
          ["waived", "with waivers"],
        ]),
    ["noticed", "with warnings or errors"],
    ...(fleet.hasProposals ? [["gains", "with something to gain"]] : []),
  ];
  const choices = [
    choice("lacks", "Missing", [["-1", "any check"], ...byName(fleet)], value =>
      selection.change({ lacks: Number(value) }),
    ),
    choice("only", "Only", [["", "all units"], ...onlys], only => selection.change({ only })),
    ...(fleet.kinds.length === 0
      ? []
      : [
          choice(
            "kind",
            "Kind",
            [["", "any kind"], ...fleet.kinds.map(each => [each, KINDS[each] ?? each])],
            kind => selection.change({ kind }),
          ),
        ]),
    ...(fleet.hosts.length === 0
      ? []
      : [
          choice("host", "Host", [["", "all hosts"], ...fleet.hosts.map(each => [each, each])], host =>
            selection.change({ host }),
          ),
        ]),
  ];
  const table = unitTable(fleet, selection, shown => {
    count.textContent =
      shown === fleet.units.length
        ? counted(shown, "unit")
        : `${shown.toLocaleString("en")} of ${counted(fleet.units.length, "unit")}`;
  });
  selection.watch(now => {
    if (search.value !== now.search) search.value = now.search;
    for (const { level, chip } of chips)
      chip.setAttribute("aria-pressed", String(now.levels.includes(level)));
    for (const { key, select } of choices) select.value = String(now[key]);
    range.hidden = now.range === undefined;
    if (now.range !== undefined) {
      const [from, to, side] = now.range;
      range.textContent = `${side === "today" ? "exposure" : "proposed"} ${tenths(from)} – ${tenths(to)} ×`;
      range.setAttribute("aria-label", `${range.textContent.slice(0, -2)}: remove this filter`);
    }
    clear.hidden = !isNarrowed(now);
  });
  clear.hidden = true;
  const element = section(
    "units",
    "Units",
    "",
    h(
      "div",
      { class: "tools", role: "search", "aria-label": "Units" },
      h("label", { for: "search" }, "Search"),
      search,
      choices.map(each => [h("label", { for: each.select.id }, each.title), each.select]),
    ),
    h(
      "div",
      { class: "chips", role: "group", "aria-label": "Levels" },
      chips.map(each => each.chip),
      range,
      clear,
    ),
    count,
    table.element,
  );
  return { element, table, focusSearch: () => search.focus() };
}

const KINDS: Readonly<Record<string, string>> = {
  root: "running as root",
  network: "facing the network",
  user: "of a user's manager",
};

function isNarrowed({ search, levels, range, kind, host, lacks, only }: Selection): boolean {
  return (
    search !== "" ||
    levels.length > 0 ||
    range !== undefined ||
    kind !== "" ||
    host !== "" ||
    lacks >= 0 ||
    only !== ""
  );
}

function byName({ checks }: Fleet): readonly (readonly [string, string])[] {
  return checks
    .filter(each => each.missing > 0)
    .map(each => [String(each.position), `${each.check.name} (${each.missing})`] as const)
    .sort(([, a], [, b]) => (a < b ? -1 : 1));
}

interface Choice {
  readonly key: "lacks" | "only" | "kind" | "host";
  readonly title: string;
  readonly select: HTMLSelectElement;
}

function choice(
  key: Choice["key"],
  title: string,
  options: readonly (readonly string[])[],
  changed: (value: string) => void,
): Choice {
  const select = h(
    "select",
    { id: `choose-${key}` },
    options.map(([value, text]) => h("option", { value }, text)),
  );
  select.addEventListener("change", () => changed(select.value));
  return { key, title, select };
}
