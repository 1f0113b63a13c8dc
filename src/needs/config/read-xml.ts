import { type ConfigEntry, MAX_DEPTH, MAX_ENTRIES, MAX_VALUE } from "./config-entry.ts";

const TOKEN =
  /<!--[\s\S]*?(?:-->|$)|<[?!][^>]*>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>|[^<]+|</g;
const ATTRIBUTE = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Elements and attributes: `<a><b c="1">2</b></a>` gives `a.b@c` and `a.b`. No entity of the document's own is expanded. */
export function readXml(text: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  const stack: string[] = [];
  let line = 1;
  for (const match of text.matchAll(TOKEN)) {
    const [part, closing, name, attributes, empty] = match;
    const at = line;
    for (let end = part.indexOf("\n"); end >= 0; end = part.indexOf("\n", end + 1)) line++;
    if (name === undefined) {
      const value = part.startsWith("<") ? "" : part.trim();
      if (value !== "" && stack.length > 0)
        entries.push({ key: stack.join("."), values: [decode(value)], line: at });
    } else if (closing === "/") stack.pop();
    else if (stack.length < MAX_DEPTH) {
      const key = [...stack, name].join(".");
      for (const attribute of (attributes ?? "").matchAll(ATTRIBUTE))
        entries.push({
          key: `${key}@${attribute[1]}`,
          values: [decode(attribute[2] ?? attribute[3] ?? "")],
          line: at,
        });
      if (empty !== "/") stack.push(name);
    }
    if (entries.length >= MAX_ENTRIES) break;
  }
  return entries;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

function decode(text: string): string {
  return text
    .slice(0, MAX_VALUE)
    .replace(/&(lt|gt|amp|quot|apos);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
