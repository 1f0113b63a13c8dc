// Checks × units: a row for each check, a strip with a column for each unit, the most exposed first. What is missing
// everywhere is a row that is dark from end to end.
import { counted, h, onClick, percent } from "./dom.ts";
import { badnessOf, type CheckSum, type Fleet, type Unit } from "./fleet.ts";
import { paintStrip, readColours } from "./map-strip.ts";
import { section, unitAddress } from "./parts.ts";
import type { Selection } from "./select-units.ts";
import type { Store } from "./store.ts";
import { onTheme } from "./theme.ts";

type Side = "today" | "after";
type Order = "missing" | "weight" | "pack";

/** Rows that are shown before all are asked for. */
const FIRST = 30;

interface Strip {
  readonly sum: CheckSum;
  readonly canvas: HTMLCanvasElement;
}

export function checkMap(fleet: Fleet, selection: Store<Selection>, showUnits: () => void): HTMLElement {
  const units = fleet.scored.toSorted((a, b) => b.exposure - a.exposure || (a.name < b.name ? -1 : 1));
  const rows: Readonly<Record<Side, readonly Float32Array[]>> = {
    today: units.map(unit => badnessOf(unit, fleet, "today")),
    after: fleet.hasProposals ? units.map(unit => badnessOf(unit, fleet, "after")) : [],
  };
  let side: Side = "today";
  let order: Order = "missing";
  let isWhole = fleet.checks.length <= FIRST + 5;
  let strips: readonly Strip[] = [];
  const body = h("tbody");
  const tip = h("div", { class: "tip", "aria-hidden": "true", hidden: true });
  const paint = (): void => {
    const colours = readColours();
    for (const { sum, canvas } of strips) paintStrip(canvas, rows[side], sum.position, colours);
  };
  const more = h("button", { type: "button", class: "quiet more", "data-rows": fleet.checks.length });
  const draw = (): void => {
    const sorted = sortChecks(fleet.checks, order, side);
    const shown = isWhole ? sorted : sorted.slice(0, FIRST);
    strips = shown.map(sum => ({ sum, canvas: h("canvas", { "aria-hidden": "true" }) }));
    body.replaceChildren(
      ...strips.map(({ sum, canvas }) =>
        row(sum, canvas, side, () => {
          selection.change({ lacks: sum.position });
          showUnits();
        }),
      ),
    );
    for (const strip of strips) follow(strip, units, rows, () => side, tip);
    more.hidden = isWhole;
    more.textContent = `Show all ${fleet.checks.length} checks`;
    paint();
  };
  onClick(more, () => {
    isWhole = true;
    draw();
  });
  onTheme(() => requestAnimationFrame(paint));
  let width = 0;
  new ResizeObserver(([entry]) => {
    const now = Math.round(entry?.contentRect.width ?? 0);
    if (now === width || now === 0) return;
    width = now;
    paint();
  }).observe(body);
  const sides = h(
    "select",
    { id: "map-side" },
    h("option", { value: "today" }, "today"),
    h("option", { value: "after" }, "with the proposals"),
  );
  sides.addEventListener("change", () => {
    side = sides.value === "after" ? "after" : "today";
    draw();
  });
  const orders = h(
    "select",
    { id: "map-order" },
    h("option", { value: "missing" }, "most often missing"),
    h("option", { value: "weight" }, "adding most exposure"),
    h("option", { value: "pack" }, "as the pack has them"),
  );
  orders.addEventListener("change", () => {
    order = orders.value === "weight" ? "weight" : orders.value === "pack" ? "pack" : "missing";
    draw();
  });
  draw();
  return section(
    "map",
    "Checks across units",
    "Each row is a check, each column of its strip a unit, the most exposed on the left.",
    h(
      "div",
      { class: "tools" },
      fleet.hasProposals ? [h("label", { for: "map-side" }, "Units"), sides] : undefined,
      h("label", { for: "map-order" }, "First"),
      orders,
    ),
    legend(),
    h(
      "table",
      { class: "map" },
      h("caption", { class: "unseen" }, "Checks and the units that miss them"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "Check"),
          h("th", { scope: "col", class: "right" }, "Missing"),
          h("th", { scope: "col", class: "strip" }, "Most exposed → least"),
        ),
      ),
      body,
    ),
    more,
    tip,
  );
}

function legend(): HTMLElement {
  const keys = [
    ["bad", "missing"],
    ["weak", "in part"],
    ["good", "in place"],
    ["none", "does not apply"],
  ];
  return h(
    "ul",
    { class: "legend" },
    keys.map(([key, text]) => h("li", {}, h("i", { class: `key ${key}`, "aria-hidden": "true" }), text)),
  );
}

function sortChecks(checks: readonly CheckSum[], order: Order, side: Side): readonly CheckSum[] {
  if (order === "pack") return checks;
  const figure = (sum: CheckSum): number =>
    order === "weight" ? sum.weight : shareOf(sum, side) + sum.weight / 1e9;
  return checks.toSorted((a, b) => figure(b) - figure(a) || a.position - b.position);
}

function shareOf({ missing, missingAfter, applying }: CheckSum, side: Side): number {
  return applying === 0 ? 0 : (side === "today" ? missing : missingAfter) / applying;
}

function row(sum: CheckSum, canvas: HTMLCanvasElement, side: Side, show: () => void): HTMLElement {
  const { check, missing, missingAfter, applying } = sum;
  const count = side === "today" ? missing : missingAfter;
  const about = `${check.title}. Missing in ${counted(count, "unit")} of ${applying}: show those that miss it today`;
  const name = h(
    "button",
    { type: "button", class: "check-name", title: check.title, "aria-label": `${check.name} ${about}` },
    // Narrow columns break a name where its value begins.
    check.name.split(/(?<==)/).flatMap(part => [part, h("wbr", {})]),
  );
  return h(
    "tr",
    {},
    h("th", { scope: "row" }, onClick(name, show)),
    h("td", { class: "right", title: `${count} of ${applying}` }, percent(shareOf(sum, side))),
    h("td", { class: "strip" }, canvas),
  );
}

/** The unit under the pointer, named, and its page on click. */
function follow(
  { sum, canvas }: Strip,
  units: readonly Unit[],
  rows: Readonly<Record<Side, readonly Float32Array[]>>,
  side: () => Side,
  tip: HTMLElement,
): void {
  const under = (event: MouseEvent): { readonly unit: Unit; readonly badness: number } | undefined => {
    const { left, width } = canvas.getBoundingClientRect();
    const at = Math.min(
      units.length - 1,
      Math.max(0, Math.floor(((event.clientX - left) / width) * units.length)),
    );
    const unit = units[at];
    return unit && { unit, badness: rows[side()][at]?.[sum.position] ?? -1 };
  };
  canvas.addEventListener("pointermove", event => {
    const found = under(event);
    if (found === undefined) return;
    const state = found.badness < 0 ? "does not apply" : found.badness > 0 ? "missing" : "in place";
    tip.replaceChildren(h("b", {}, found.unit.name), ` ${sum.check.name} ${state}`);
    tip.hidden = false;
    tip.style.left = `${Math.min(event.clientX + 12, document.documentElement.clientWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${event.clientY + 16}px`;
  });
  canvas.addEventListener("pointerleave", () => {
    tip.hidden = true;
  });
  canvas.addEventListener("click", event => {
    tip.hidden = true;
    const found = under(event);
    if (found !== undefined) location.hash = unitAddress(found.unit);
  });
}
