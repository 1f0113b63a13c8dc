// What is printed: every unit in a table, and in full those that matter most. Pages that nobody leafs through help nobody.
import { type Child, counted, h, tenths } from "./dom.ts";
import { type CheckState, changesOf, checksOf, type Fleet, type Unit } from "./fleet.ts";
import { printedFleet } from "./fleet-page.ts";
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
    fleet.data.fleet === undefined ? undefined : printedFleet(fleet.data.fleet),
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
    unitParts(unit, fleet, `print-${unit.index}`, briefChecks),
  );
}

/** Checks by name alone, in columns: what each is about stands on the page itself. */
function briefChecks(unit: Unit, fleet: Fleet, id: string): HTMLElement {
  const states = checksOf(unit, fleet);
  const after = changesOf(unit.raw.proposal, fleet.data);
  const left = ({ position, badness }: CheckState): number => {
    const will = after.get(position);
    return (will === undefined ? badness : will) ?? 0;
  };
  const missing = states
    .filter(each => (each.badness ?? 0) > 0)
    .toSorted((a, b) => (b.exposure ?? 0) - (a.exposure ?? 0) || a.position - b.position);
  const hasProposal = unit.raw.proposal !== undefined;
  const list = (title: string, some: readonly CheckState[]): Child =>
    some.length === 0
      ? undefined
      : [h("h4", {}, `${title} (${some.length})`), h("ul", { class: "brief" }, some.map(item))];
  return section(
    id,
    "Checks",
    "",
    list(
      hasProposal ? "Missing, also with the proposal" : "Missing",
      missing.filter(each => left(each) > 0),
    ),
    list(
      "Missing, mended by the proposal",
      missing.filter(each => left(each) === 0),
    ),
    list(
      "In place",
      states.filter(each => each.badness === 0),
    ),
  );
}

function item({ check, badness, exposure, line }: CheckState): HTMLElement {
  return h(
    "li",
    {},
    (badness ?? 0) > 0 ? h("span", { class: "number" }, `${tenths(exposure ?? 0)} `) : undefined,
    check.name,
    line === undefined ? undefined : h("span", { class: "path" }, ` ${line.file}:${line.line}`),
  );
}
