// The fleet at a glance: a few figures, the levels, the distribution of exposure, the twenty worst.
import { median } from "d3-array";
import { type Child, counted, h, onClick, tenths } from "./dom.ts";
import type { Fleet, Unit } from "./fleet.ts";
import { histogram } from "./histogram.ts";
import { levelClass, levelNames } from "./levels.ts";
import { exposureBar, levelMark, section, unitLink } from "./parts.ts";
import { levelCounts, type Selection } from "./select-units.ts";
import type { Store } from "./store.ts";

export function overview(fleet: Fleet, selection: Store<Selection>, showUnits: () => void): HTMLElement {
  const { scored, hasProposals } = fleet;
  const filter = (fields: Partial<Selection>): void => {
    selection.change({ levels: [], range: undefined, ...fields });
    showUnits();
  };
  const levels = h(
    "div",
    { class: "levels" },
    levelRow("Today", scored, "today", filter),
    hasProposals ? levelRow("Proposed", scored, "after", filter) : undefined,
  );
  return section(
    "overview",
    "At a glance",
    "",
    figures(fleet),
    scored.length === 0
      ? h("p", {}, "No unit has a score.")
      : [levels, histogram(fleet, (from, to, side) => filter({ range: [from, to, side] }))],
  );
}

function figures({ units, scored, hasProposals, data }: Fleet): HTMLElement {
  const today = median(scored, unit => unit.exposure);
  const after = median(scored, unit => unit.after);
  const high = (side: (unit: Unit) => number): number => scored.filter(unit => side(unit) >= 75).length;
  const without = units.length - scored.length;
  const arrow = (a: string, b: string): Child =>
    hasProposals
      ? [
          a,
          h(
            "span",
            { class: "to" },
            h("span", { class: "unseen" }, " becomes "),
            h("span", { "aria-hidden": "true" }, " → "),
          ),
          h("span", { class: "after" }, b),
        ]
      : a;
  const cards = [
    card(
      "Units with a score",
      scored.length.toLocaleString("en"),
      without === 0 ? "all of them" : `${counted(without, "other")} without one`,
    ),
    ...(today === undefined || after === undefined
      ? []
      : [
          card("Median exposure", arrow(rounded(today), rounded(after)), "0 is none, 10 is all"),
          card(
            "Exposed or worse",
            arrow(
              high(unit => unit.exposure).toLocaleString("en"),
              high(unit => unit.after).toLocaleString("en"),
            ),
            hasProposals ? "today → with the proposals" : "7.5 and above",
          ),
        ]),
    ...(data.gate === undefined
      ? []
      : [
          card(
            "Gate",
            h("span", { class: `verdict ${data.gate.verdict}` }, data.gate.verdict),
            data.gate.verdict === "passed"
              ? `${counted(data.gate.units, "unit")}, ${data.gate.waived} waived`
              : `${counted(data.gate.failing, "finding")} in ${counted(data.gate.unitsFailed, "unit")}`,
          ),
        ]),
    ...(data.comparison === undefined
      ? []
      : [
          card(
            "Since the last audit",
            `${data.comparison.worse} worse`,
            `${data.comparison.better} better, ${data.comparison.added} new, ${data.comparison.removed} gone`,
          ),
        ]),
  ];
  return h("dl", { class: "figures" }, cards);
}

function rounded(value: number): string {
  return tenths(Math.round(value));
}

function card(title: string, value: Child, note: string): HTMLElement {
  return h(
    "div",
    {},
    h("dt", {}, title),
    h("dd", { class: "figure" }, value),
    h("dd", { class: "beside" }, note),
  );
}

/** How many units are of each level, as one bar; each part shows its units. */
function levelRow(
  title: string,
  units: readonly Unit[],
  side: "today" | "after",
  filter: (fields: Partial<Selection>) => void,
): HTMLElement {
  const counts = levelCounts(units, side);
  const bounds: Readonly<Record<string, readonly [number, number]>> = {
    DANGEROUS: [100, 100],
    UNSAFE: [90, 99],
    EXPOSED: [75, 89],
    MEDIUM: [50, 74],
    OK: [10, 49],
    SAFE: [1, 9],
    PERFECT: [0, 0],
  };
  const parts = levelNames.flatMap(level => {
    const count = counts.get(level) ?? 0;
    const range = bounds[level];
    if (count === 0 || range === undefined) return [];
    const label = `${counted(count, "unit")} ${level}${side === "after" ? " with the proposals" : ""}: show`;
    const part = h("button", {
      type: "button",
      class: `part ${levelClass(level)}`,
      "aria-label": label,
      title: `${level}: ${count}`,
    });
    part.style.flexGrow = String(count);
    return [onClick(part, () => filter({ range: [range[0], range[1], side] }))];
  });
  const legend = levelNames
    .filter(level => (counts.get(level) ?? 0) > 0)
    .map(level => h("li", {}, levelMark(level), ` ${counts.get(level)?.toLocaleString("en")}`));
  return h(
    "div",
    { class: "level-row" },
    h("h3", {}, title),
    h("div", { class: "parts" }, parts),
    h("ul", { class: "legend" }, legend),
  );
}

/** The twenty with the highest exposure. */
export function worst(fleet: Fleet): HTMLElement {
  const twenty = fleet.scored
    .toSorted((a, b) => b.exposure - a.exposure || b.missing - a.missing || (a.name < b.name ? -1 : 1))
    .slice(0, 20);
  const rows = twenty.map(unit =>
    h(
      "li",
      {},
      h(
        "span",
        { class: "who" },
        unitLink(unit),
        fleet.hosts.length === 0 ? undefined : h("span", { class: "host" }, unit.host),
      ),
      exposureBar(unit.exposure, unit.after),
      h(
        "span",
        { class: "number" },
        tenths(unit.exposure),
        unit.after < unit.exposure
          ? h(
              "span",
              { class: "after" },
              h("span", { class: "unseen" }, "; proposed: "),
              h("span", { "aria-hidden": "true" }, " → "),
              tenths(unit.after),
            )
          : undefined,
      ),
    ),
  );
  const title = twenty.length < 20 ? "Most exposed" : "The twenty most exposed";
  const note = fleet.hasProposals
    ? "The bar is today's exposure, the mark what is left with the proposal."
    : "";
  return section("worst", title, note, h("ol", { class: "worst" }, rows));
}
