// The page's script: reads the data that stands beside it, builds the views, follows the address. Asks for nothing else.
import type { PageData } from "../page-data.ts";
import { changesView } from "./changes-view.ts";
import { checkMap } from "./check-map.ts";
import { type Child, h } from "./dom.ts";
import { type Fleet, readFleet, type Unit } from "./fleet.ts";
import { fleetSections } from "./fleet-page.ts";
import { gateView } from "./gate-view.ts";
import { overview, worst } from "./overview.ts";
import { unitAddress } from "./parts.ts";
import { printView } from "./print-view.ts";
import { everything, type Selection } from "./select-units.ts";
import { store } from "./store.ts";
import { themeButton } from "./theme.ts";
import { unitList } from "./unit-list.ts";
import { unitPage } from "./unit-page.ts";

function start(): void {
  const app = document.getElementById("app");
  const fleet = readFleet(embedded());
  const selection = store<Selection>(everything);
  const list = unitList(fleet, selection);
  const showUnits = (): void => list.element.scrollIntoView();
  const title = document.title;
  const hosts = fleet.data.fleet;
  const sections = [
    ...(hosts === undefined ? [overview(fleet, selection, showUnits)] : fleetSections(hosts)),
    gateView(fleet),
    changesView(fleet),
    fleet.scored.length === 0 ? undefined : worst(fleet),
    fleet.scored.length === 0 ? undefined : checkMap(fleet, selection, showUnits),
    list.element,
  ].filter(each => each !== undefined);
  const fleetView = h(
    "div",
    { class: "fleet" },
    h("h1", { id: "fleet-title", tabindex: -1 }, headline(fleet)),
    aboutLine(fleet),
    sections,
  );
  const unitView = h("div", { hidden: true });
  const main = h("main", { id: "main", tabindex: -1 }, fleetView, unitView);
  app?.replaceChildren(
    h("a", { class: "skip", href: "#main" }, "Skip to the report"),
    h(
      "header",
      { class: "top" },
      h("a", { class: "brand", href: "#overview" }, "tightunit"),
      h(
        "nav",
        { "aria-label": "Sections" },
        sections.map(each => h("a", { href: `#${each.id}` }, NAMES[each.id] ?? each.id)),
      ),
      themeButton(),
    ),
    main,
    h(
      "footer",
      {},
      `${fleet.data.tool}. This file holds all of the report and asks for nothing from a network.`,
    ),
  );

  let place = 0;
  let isUnit = false;
  const show = (): void => {
    const unit = unitAt(fleet, location.hash);
    if (unit === undefined) {
      const wasUnit = isUnit;
      isUnit = false;
      unitView.hidden = true;
      unitView.replaceChildren();
      fleetView.hidden = false;
      document.title = title;
      list.table.refresh();
      const target = document.getElementById(location.hash.slice(1));
      if (target !== null) {
        target.scrollIntoView();
        const heading = target.querySelector("h2") ?? target;
        heading.focus({ preventScroll: true });
      } else if (wasUnit) scrollTo({ top: place, behavior: "instant" });
      return;
    }
    if (!isUnit) place = scrollY;
    isUnit = true;
    fleetView.hidden = true;
    unitView.replaceChildren(unitPage(unit, fleet, navigation(unit, list.table.shown())));
    unitView.hidden = false;
    document.title = `${unit.name} – ${title}`;
    scrollTo({ top: 0, behavior: "instant" });
    document.getElementById("unit-title")?.focus({ preventScroll: true });
  };
  addEventListener("hashchange", show);
  addEventListener("keydown", event => {
    const isTyping =
      event.target instanceof HTMLElement && event.target.closest("input, select, textarea") !== null;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && isUnit) location.hash = "#units";
    if (event.key !== "/" || isTyping) return;
    event.preventDefault();
    if (isUnit) location.hash = "#units";
    // The address is followed after this event.
    setTimeout(() => {
      list.element.scrollIntoView();
      list.focusSearch();
    });
  });
  preparePrinting(fleet, fleetView);
  show();
}

const NAMES: Readonly<Record<string, string>> = {
  overview: "Overview",
  gate: "Gate",
  changes: "Changes",
  worst: "Most exposed",
  map: "Checks",
  units: "Units",
  drift: "Drift",
  hosts: "Hosts",
  "by-unit": "By unit",
};

/** What JSON.parse gives is what the program beside this one wrote; nothing else can be in this file. */
function embedded(): PageData {
  return JSON.parse(document.getElementById("report-data")?.textContent ?? "null");
}

function headline({ data, units }: Fleet): string {
  const count = units.length.toLocaleString("en");
  return data.subject === ""
    ? `Exposure of ${count} ${units.length === 1 ? "unit" : "units"}`
    : `Exposure of ${data.subject}`;
}

function aboutLine({ data, units, hosts }: Fleet): HTMLElement {
  // Of a fleet: its hosts have a systemd each, and one row may be of many of them.
  const isFleet = data.systemd === "";
  const parts = [
    ...(data.subject === "" ? [] : [`${units.length.toLocaleString("en")} ${isFleet ? "rows" : "units"}`]),
    ...(hosts.length > 1 && !isFleet ? [`${hosts.length.toLocaleString("en")} hosts`] : []),
    ...(data.date === "" ? [] : [data.date]),
    isFleet
      ? "each unit once for each way in which it stands"
      : `read for systemd ${data.systemd} on ${data.arch}`,
    ...(data.scope === "user" ? ["units of a user's manager"] : []),
  ];
  return h("p", { class: "about" }, parts.join(" · "));
}

/** `#unit/12/nginx.service`: the number decides, the name is for people. */
function unitAt({ units }: Fleet, hash: string): Unit | undefined {
  const number = /^#unit\/(\d+)(?:\/|$)/.exec(hash)?.[1];
  return number === undefined ? undefined : units[Number(number)];
}

function navigation(unit: Unit, shown: readonly Unit[]): Child {
  const at = shown.indexOf(unit);
  const [before, after] = [shown[at - 1], at < 0 ? undefined : shown[at + 1]];
  return h(
    "nav",
    { class: "unit-nav", "aria-label": "Units" },
    h("a", { href: "#units" }, "← All units"),
    h(
      "span",
      { class: "neighbours" },
      before === undefined ? undefined : h("a", { href: unitAddress(before), rel: "prev" }, "Previous"),
      at < 0
        ? undefined
        : h(
            "span",
            { class: "dim" },
            `${(at + 1).toLocaleString("en")} of ${shown.length.toLocaleString("en")}`,
          ),
      after === undefined ? undefined : h("a", { href: unitAddress(after), rel: "next" }, "Next"),
    ),
  );
}

/** A table that is longer stays as it is on the page: cut. */
const PRINTED_ROWS = 200;

/** The printed part is made when it is asked for, and taken away again. */
function preparePrinting(fleet: Fleet, fleetView: HTMLElement): void {
  let printed: HTMLElement | undefined;
  addEventListener("beforeprint", () => {
    if (fleetView.hidden || printed !== undefined) return;
    for (const more of fleetView.querySelectorAll<HTMLButtonElement>("button.more")) {
      if (Number(more.dataset.rows) <= PRINTED_ROWS && !more.hidden) more.click();
    }
    printed = printView(fleet);
    for (const details of printed.querySelectorAll("details.group")) details.setAttribute("open", "");
    fleetView.append(printed);
  });
  addEventListener("afterprint", () => {
    printed?.remove();
    printed = undefined;
  });
}

start();
