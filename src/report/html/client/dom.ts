// Elements from data. Text only ever becomes text nodes and attributes: nothing of a report is read as markup.

export type Child = Node | string | undefined | readonly Child[];
export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element; attributes that are `undefined` or `false` are left out, `true` ones are empty. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

/** The same for drawings. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(element, attributes);
  append(element, children);
  return element;
}

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    element.setAttribute(name, value === true ? "" : String(value));
  }
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined) continue;
    if (typeof child === "string" || child instanceof Node) parent.append(child);
    else append(parent, child);
  }
}

/** An element with something that happens on click; keyboards come with `button` and `a`. */
export function onClick<E extends HTMLElement>(element: E, action: (event: MouseEvent) => void): E {
  element.addEventListener("click", action);
  return element;
}

/** 96 → "9.6". */
export function tenths(value: number): string {
  return (value / 10).toFixed(1);
}

/** "1 unit", "2,000 units". */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** 0.934 → "93 %"; only nothing is 0 %, and only all is 100 %. */
export function percent(share: number): string {
  if (share > 0 && share < 0.01) return "<1 %";
  return `${share < 1 ? Math.min(99, Math.round(share * 100)) : 100} %`;
}
