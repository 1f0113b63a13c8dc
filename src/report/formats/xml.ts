// XML as text: elements of attributes and children. Whatever characters a value has, what comes out is well-formed.
import { visible } from "../escape-terminal.ts";

export type XmlContent = string | readonly XmlContent[];

/** Characters that XML 1.0 has no way to write; `visible` has taken care of the others. */
const forbidden = /[\ufffe\uffff]/g;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  // As they are, a reader would make spaces of them in an attribute.
  "\n": "&#10;",
  "\t": "&#9;",
};

function escaped(text: string, marks: RegExp): string {
  return text.replace(forbidden, "\ufffd").replace(marks, mark => ENTITIES[mark] ?? mark);
}

/** Text between tags; lines stay lines. */
export function xmlText(text: string): string {
  return escaped(text.split("\n").map(visible).join("\n"), /[&<>]/g);
}

/** An element on lines of its own. Attributes that are `undefined` are left out. */
export function xmlElement(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  content: XmlContent = "",
): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(visible(String(value)), /[&<>"']/g)}"`)
    .join("");
  const inner = flat(content);
  if (inner === "") return `<${name}${written}/>\n`;
  return inner.startsWith("<") && inner.endsWith("\n")
    ? `<${name}${written}>\n${inner}</${name}>\n`
    : `<${name}${written}>${inner}</${name}>\n`;
}

function flat(content: XmlContent): string {
  return typeof content === "string" ? content : content.map(flat).join("");
}

export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8"?>\n';
