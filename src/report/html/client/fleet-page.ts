// What a page says of many hosts: a few figures, what drifts between those that should be alike, every host, every unit.
import type { PageDrift, PageFleet } from "../page-data.ts";
import { counted, h, percent, tenths } from "./dom.ts";
import { hostColumns, printedRows, searchable, unitColumns } from "./fleet-tables.ts";
import { levelClass, levelNames } from "./levels.ts";
import { growing, lazyDetails, levelMark, section } from "./parts.ts";

/** The sections about hosts, in their order. */
export function fleetSections(fleet: PageFleet): readonly HTMLElement[] {
  return [
    overviewOf(fleet),
    driftView(fleet),
    searchable("hosts", "Hosts", "host", fleet.hosts, hostColumns, "highest"),
    searchable("by-unit", "Units over all hosts", "unit", fleet.units, unitColumns, "above"),
  ];
}

/** The same tables as they are printed. */
export function printedFleet(fleet: PageFleet): readonly HTMLElement[] {
  return [
    printedRows("hosts", "Hosts", "host", fleet.hosts, hostColumns),
    printedRows("by-unit", "Units over all hosts", "unit", fleet.units, unitColumns),
  ];
}

function overviewOf({ summary }: PageFleet): HTMLElement {
  const { scored, median, above, maxExposure, worst, hosts, hostsDrifting, driftingUnits, levels } = summary;
  const card = (title: string, value: string, note: string): HTMLElement =>
    h("div", {}, h("dt", {}, title), h("dd", { class: "figure" }, value), h("dd", { class: "beside" }, note));
  const counts = [...levelNames, ...Object.keys(levels).filter(each => !levelNames.includes(each))].flatMap(
    level => {
      const count = levels[level] ?? 0;
      return count === 0 ? [] : [{ level, count }];
    },
  );
  const parts = counts.map(({ level, count }) => {
    const part = h("span", { class: `part ${levelClass(level)}`, title: `${level}: ${count}` });
    part.style.flexGrow = String(count);
    return part;
  });
  return section(
    "overview",
    "At a glance",
    "",
    h(
      "dl",
      { class: "figures" },
      card("Units with a score", scored.toLocaleString("en"), `on ${counted(hosts, "host")}`),
      card(
        "Median exposure",
        median === null ? "–" : tenths(median),
        worst === null ? "" : `highest ${tenths(worst)}`,
      ),
      card(
        `Above ${tenths(maxExposure)}`,
        above.toLocaleString("en"),
        percent(scored === 0 ? 0 : above / scored),
      ),
      card("Hosts that drift", hostsDrifting.toLocaleString("en"), `in ${counted(driftingUnits, "unit")}`),
    ),
    h(
      "div",
      { class: "levels" },
      h(
        "div",
        { class: "level-row" },
        h("h3", {}, "Levels"),
        h("div", { class: "parts", "aria-hidden": "true" }, parts),
        h(
          "ul",
          { class: "legend" },
          counts.map(({ level, count }) => h("li", {}, levelMark(level), ` ${count.toLocaleString("en")}`)),
        ),
      ),
    ),
  );
}

function driftView({ drift, groups, summary }: PageFleet): HTMLElement {
  const said =
    drift.length === 0
      ? "Hosts that should be alike are alike."
      : `${counted(drift.length + summary.driftsLeftOut, "difference")} between hosts that should be alike.`;
  const left =
    summary.driftsLeftOut === 0
      ? ""
      : ` ${summary.driftsLeftOut.toLocaleString("en")} more are counted only.`;
  const columns = [
    { title: "Unit" },
    { title: "Hosts" },
    { title: "There" },
    { title: "On most" },
    { title: "Because" },
  ];
  const group = [
    { title: "Group" },
    { title: "Hosts", class: "right" },
    { title: "Units that differ", class: "right" },
  ];
  return section(
    "drift",
    "Drift",
    said + left,
    drift.length === 0 ? undefined : growing("Differences between hosts", columns, drift, driftRow),
    groups.length === 0
      ? undefined
      : [
          h("h3", {}, "Groups"),
          growing("Groups of hosts", group, groups, ({ name, hosts, drifting }) =>
            h(
              "tr",
              {},
              h("td", { class: "name" }, name),
              h("td", { class: "right number" }, hosts.toLocaleString("en")),
              h("td", { class: "right number" }, drifting.toLocaleString("en")),
            ),
          ),
        ],
  );
}

const KINDS: Readonly<Record<string, string>> = {
  different: "other results",
  missing: "most hosts have it",
  extra: "most hosts have it not",
};

function driftRow({ group, unit, kind, hosts, mostHosts, most, here, checks }: PageDrift): HTMLElement {
  const because = KINDS[kind] ?? kind;
  return h(
    "tr",
    {},
    h("td", { class: "name" }, unit, h("span", { class: "path below" }, group)),
    h("td", { class: "name" }, hosts.join(", ")),
    h("td", {}, here),
    h("td", {}, `${most} (${mostHosts.toLocaleString("en")})`),
    h(
      "td",
      {},
      checks.length === 0
        ? because
        : lazyDetails({}, `${counted(checks.length, "check")}: ${checks[0]?.id ?? ""}`, () =>
            h(
              "ul",
              { class: "details" },
              checks.map(each => h("li", {}, h("b", {}, each.id), ` ${each.here}; on most ${each.most}`)),
            ),
          ),
    ),
  );
}
