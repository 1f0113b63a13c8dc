// Small pieces that several views show.
import { type Attributes, type Child, h, tenths } from "./dom.ts";
import type { Unit } from "./fleet.ts";
import { levelClass, levelOf } from "./levels.ts";

/** Where a unit's own page is. */
export function unitAddress(unit: Unit): string {
  return `#unit/${unit.index}/${encodeURIComponent(unit.name)}`;
}

export function unitLink(unit: Unit, attributes: Readonly<Record<string, string>> = {}): HTMLAnchorElement {
  return h("a", { href: unitAddress(unit), class: "name", ...attributes }, unit.name);
}

/** A dot in the level's colour and its word: the colour never stands alone. */
export function levelMark(level: string): HTMLElement {
  return h("span", { class: `level ${levelClass(level)}` }, h("i", { "aria-hidden": "true" }), level);
}

/** "9.6", or "–" where there is no score. */
export function figure(exposure: number): string {
  return exposure < 0 ? "–" : tenths(exposure);
}

/** A scale of 0 to 10 with today's exposure filled, and a mark where it would be with the proposal. */
export function exposureBar(today: number, after: number): HTMLElement {
  const fill = h("span", { class: `fill ${levelClass(levelOf(today))}` });
  fill.style.width = `${Math.max(0, today)}%`;
  const bar = h("span", { class: "bar", "aria-hidden": "true" }, fill);
  if (after < today) {
    const mark = h("span", { class: `mark ${levelClass(levelOf(after))}` });
    mark.style.left = `${Math.max(0, after)}%`;
    bar.append(mark);
  }
  return bar;
}

/** A section with a heading and, where it helps, a line about it. */
export function section(id: string, title: string, note: string, ...children: readonly Child[]): HTMLElement {
  return h(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    h("h2", { id: `${id}-title`, tabindex: -1 }, title),
    note === "" ? undefined : h("p", { class: "note" }, note),
    children,
  );
}

export interface Column {
  readonly title: string;
  readonly class?: string;
}

/** A table that can be scrolled sideways where it is too wide, by keyboard too. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly HTMLElement[],
  name?: string,
): HTMLElement {
  const head = columns.map(each => h("th", { scope: "col", class: each.class }, each.title));
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    h(
      "table",
      { class: name },
      h("caption", { class: "unseen" }, caption),
      h("thead", {}, h("tr", {}, head)),
      h("tbody", {}, rows.map(labelled(columns))),
    ),
  );
}

/** Where there is no room for columns, cells stand one below the other, and each but the first says what it is. */
function labelled(columns: readonly Column[]): (row: HTMLElement) => HTMLElement {
  return row => {
    for (const [index, cell] of [...row.children].entries())
      if (index > 0) cell.setAttribute("data-title", columns[index]?.title ?? "");
    return row;
  };
}

/** Rows of a table, a part of them at first and the rest when asked for. */
export function growing<T>(
  caption: string,
  columns: readonly Column[],
  all: readonly T[],
  row: (item: T) => HTMLElement,
  name?: string,
): HTMLElement {
  const first = 10;
  const shown = table(caption, columns, all.slice(0, first).map(row), name);
  if (all.length <= first) return shown;
  const button = h(
    "button",
    { type: "button", class: "quiet more", "data-rows": all.length },
    `Show all ${all.length.toLocaleString("en")}`,
  );
  button.addEventListener("click", () => {
    const next = all.slice(first).map(row).map(labelled(columns));
    shown.querySelector("tbody")?.append(...next);
    next[0]?.querySelector("a")?.focus();
    button.remove();
    left.remove();
  });
  const left = h("p", { class: "on-paper" }, `and ${(all.length - first).toLocaleString("en")} more`);
  return h("div", {}, shown, button, left);
}

/** Something that opens, and whose inside is made when it does. */
export function lazyDetails(
  attributes: Attributes,
  summary: Child,
  content: () => Child,
): HTMLDetailsElement {
  const details = h("details", attributes, h("summary", {}, summary));
  const fill = (): void => {
    if (details.open && details.childElementCount === 1) details.append(h("div", {}, content()));
  };
  details.addEventListener("toggle", fill);
  fill();
  return details;
}
