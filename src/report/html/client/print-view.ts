// What is printed: every unit in a table, and in full those that matter most. Pages that nobody leafs through help nobody.
import { counted, h, tenths } from "./dom.ts";
import type { Fleet, Unit } from "./fleet.ts";
import { figure, levelMark, section, table } from "./parts.ts";
import { unitHead, unitParts } from "./unit-page.ts";

/** Units in full at most. */
const IN_FULL = 40;
/** Rows of the table at most: about a hundred pages. */
const LISTED = 5000;

export function printView(fleet: Fleet): HTMLElement {
  const sorted = fleet.units.toSorted((a, b) => b.exposure - a.exposure || (a.name < b.name ? -1 : 1));
  const failing = sorted.filter(each => each.failing > 0);
  const full = [...new Set([...failing, ...sorted.filter(each => each.exposure >= 0)])].slice(0, IN_FULL);
  const listed = sorted.slice(0, LISTED);
  const rest =
    full.length < fleet.scored.length
      ? `In full here: ${counted(full.length, "unit")}, those that fail the gate and the most exposed. The page itself has every unit.`
      : "";
  return h(
    "div",
    { class: "printed" },
    section(
      "print-units",
      "Units",
      listed.length < sorted.length ? `The ${counted(listed.length, "most exposed unit")}.` : "",
      table(
        "Units",
        columnsOf(fleet),
        listed.map(unit => row(unit, fleet)),
      ),
    ),
    full.length === 0
      ? undefined
      : section(
          "print-details",
          "Units in full",
          rest,
          full.map(unit => details(unit, fleet)),
        ),
  );
}

function columnsOf({
  hosts,
  hasProposals,
}: Fleet): readonly { readonly title: string; readonly class?: string }[] {
  return [
    { title: "Unit" },
    ...(hosts.length > 0 ? [{ title: "Host" }] : []),
    { title: "Exposure", class: "right" },
    ...(hasProposals ? [{ title: "Proposed", class: "right" }] : []),
    { title: "Level" },
    { title: "Missing", class: "right" },
  ];
}

function row(unit: Unit, { hosts, hasProposals }: Fleet): HTMLElement {
  return h(
    "tr",
    {},
    h("td", { class: "name" }, unit.name),
    hosts.length > 0 ? h("td", {}, unit.host) : undefined,
    h("td", { class: "right number" }, figure(unit.exposure)),
    hasProposals
      ? h("td", { class: "right number" }, unit.after < unit.exposure ? tenths(unit.after) : "")
      : undefined,
    h("td", {}, levelMark(unit.level)),
    h("td", { class: "right number" }, unit.exposure < 0 ? "" : `${unit.missing} of ${unit.applying}`),
  );
}

function details(unit: Unit, fleet: Fleet): HTMLElement {
  return h(
    "article",
    { class: "printed-unit" },
    h("h3", { class: "name" }, unit.name),
    unitHead(unit, fleet),
    unitParts(unit, fleet, `print-${unit.index}`),
  );
}
