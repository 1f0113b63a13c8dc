// The distribution of exposure: today above the line, with the proposals below it.
import { bin, max } from "d3-array";
import { scaleLinear } from "d3-scale";
import { counted, h, svg, tenths } from "./dom.ts";
import type { Fleet, Unit } from "./fleet.ts";
import { levelClass, levelOf } from "./levels.ts";
import { lazyDetails } from "./parts.ts";

/** Tenths of one bar. */
const STEP = 5;
const HEIGHT = 120;
const AXIS = 26;

interface Bar {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

type Show = (from: number, to: number, side: "today" | "after") => void;

export function histogram(fleet: Fleet, show: Show): HTMLElement {
  const { scored, hasProposals } = fleet;
  const today = bars(scored, unit => unit.exposure);
  const after = hasProposals ? bars(scored, unit => unit.after) : undefined;
  const canvas = h("div", { class: "chart" });
  const draw = (): void => {
    const width = Math.max(280, Math.floor(canvas.clientWidth || 960));
    canvas.replaceChildren(drawing(width, today, after, show));
  };
  let known = 0;
  new ResizeObserver(() => {
    if (canvas.clientWidth === known) return;
    known = canvas.clientWidth;
    draw();
  }).observe(canvas);
  draw();
  return h(
    "figure",
    {},
    h("figcaption", {}, h("h3", {}, "Units by exposure")),
    canvas,
    figuresTable(today, after),
  );
}

function bars(units: readonly Unit[], figure: (unit: Unit) => number): readonly Bar[] {
  const thresholds = Array.from({ length: 19 }, (_, index) => (index + 1) * STEP);
  const bins = bin<Unit, number>().value(figure).domain([0, 100]).thresholds(thresholds)(units);
  return bins.map(each => {
    const from = each.x0 ?? 0;
    // The last bar holds 10.0 as well.
    return { from, to: from >= 95 ? 100 : from + STEP - 1, count: each.length };
  });
}

function drawing(
  width: number,
  today: readonly Bar[],
  after: readonly Bar[] | undefined,
  show: Show,
): SVGElement {
  const most = (all: readonly Bar[]): number => max(all, each => each.count) ?? 0;
  const y = scaleLinear([0, Math.max(1, most(today), most(after ?? []))], [0, HEIGHT]);
  // Below the line only as much room as there is something to show.
  const below = after === undefined ? 0 : y(most(after)) + 22;
  const base = HEIGHT + 12;
  const total = base + AXIS + below;
  const upper = (value: number): number => base - y(value);
  const lower = (value: number): number => base + AXIS + y(value);
  const ticks = y.ticks(3).filter(each => Number.isInteger(each));
  const left = 12 + 8 * (max(ticks, each => each.toLocaleString("en").length) ?? 1);
  const x = scaleLinear([0, 100], [left, width - 8]);
  const label = after === undefined ? "today" : "today, above, and with the proposals, below";
  const sides = [
    { side: "today" as const, all: today },
    ...(after === undefined ? [] : [{ side: "after" as const, all: after }]),
  ];
  return svg(
    "svg",
    {
      viewBox: `0 0 ${width} ${total}`,
      width,
      height: total,
      role: "img",
      "aria-label": `How many units have which exposure ${label}`,
    },
    ticks.flatMap(tick => [
      svg("line", { class: "grid", x1: left, x2: width - 8, y1: upper(tick), y2: upper(tick) }),
      svg(
        "text",
        { class: "tick", x: left - 6, y: upper(tick) + 4, "text-anchor": "end" },
        tick.toLocaleString("en"),
      ),
      ...(after === undefined || tick === 0 || y(tick) > below - 18
        ? []
        : [
            svg("line", { class: "grid", x1: left, x2: width - 8, y1: lower(tick), y2: lower(tick) }),
            svg(
              "text",
              { class: "tick", x: left - 6, y: lower(tick) + 4, "text-anchor": "end" },
              tick.toLocaleString("en"),
            ),
          ]),
    ]),
    Array.from({ length: 11 }, (_, at) =>
      svg(
        "text",
        { class: "tick", x: x(at * 10), y: base + AXIS / 2 + 4, "text-anchor": "middle" },
        String(at),
      ),
    ),
    sides.flatMap(({ side, all }) =>
      all
        .filter(each => each.count > 0)
        .map(each => {
          const from = x(each.from) + 1;
          const height = Math.max(1.5, y(each.count));
          const bar = svg(
            "rect",
            {
              class: `column ${levelClass(levelOf(each.from))} ${side}`,
              x: from,
              y: side === "today" ? base - height : base + AXIS,
              width: Math.max(2, x(each.from + STEP) - from - 1),
              height,
              rx: 2,
            },
            svg("title", {}, `${tenths(each.from)} to ${tenths(each.to)}: ${counted(each.count, "unit")}`),
          );
          bar.addEventListener("click", () => show(each.from, each.to, side));
          return bar;
        }),
    ),
    svg("text", { class: "side", x: left + 4, y: base - HEIGHT + 4 }, "today"),
    after === undefined
      ? undefined
      : svg("text", { class: "side", x: left + 4, y: total - 6 }, "with the proposals"),
  );
}

/** The chart's figures for those who do not see it. */
function figuresTable(today: readonly Bar[], after: readonly Bar[] | undefined): HTMLElement {
  const rows = today.map((each, index) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, `${tenths(each.from)} – ${tenths(each.to)}`),
      h("td", { class: "right" }, String(each.count)),
      after === undefined ? undefined : h("td", { class: "right" }, String(after[index]?.count ?? 0)),
    ),
  );
  return lazyDetails({ class: "figures-table" }, "The chart's figures", () =>
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, "Units by exposure"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col" }, "Exposure"),
          h("th", { scope: "col", class: "right" }, "Today"),
          after === undefined ? undefined : h("th", { scope: "col", class: "right" }, "Proposed"),
        ),
      ),
      h("tbody", {}, rows),
    ),
  );
}
