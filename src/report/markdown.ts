import { visible } from "./escape-terminal.ts";

/** A text that came out of audited files, as plain words in Markdown: nothing of it is markup, a link, a mention or HTML. */
export function markdownText(text: string): string {
  const flat = visible(text).replaceAll(/\s+/g, " ");
  return (
    flat
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll(/[\\`*[\]#!|~$]/g, "\\$&")
      // Inside a word it is no emphasis.
      .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
      .replaceAll("@", "&#64;")
      .replaceAll(/:\/\//g, ":&#8203;//")
  );
}

/** A text as code; as long a fence as it needs, and no bar of it ends a table's cell. */
export function markdownCode(text: string): string {
  const flat = visible(text).replaceAll(/\s+/g, " ").replaceAll("|", "\\|");
  if (flat === "") return "";
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = flat.startsWith("`") || flat.endsWith("`") ? " " : "";
  return `${fence}${pad}${flat}${pad}${fence}`;
}

/** More entries of one list than these are counted. */
const LISTED = 50;

/** Lines of a list or a table, up to a number; the rest is counted. */
export function limitedList(
  lines: readonly string[],
  more: (rest: number) => string = rest => `- and ${rest} more`,
  most: number = LISTED,
): string {
  const rest = lines.length - most;
  return (rest > 0 ? [...lines.slice(0, most), more(rest)] : lines).join("\n");
}

/** A block that is opened by a click on its title, where HTML is understood; Markdown goes on inside. */
export function folded(title: string, content: string): string {
  return `<details><summary>${htmlText(title)}</summary>\n\n${content}\n\n</details>`;
}

/** Blocks with a blank line between them, as many as there is room for; that there were more is said. */
export function fitting(blocks: readonly string[], room: number): string {
  const kept: string[] = [];
  let length = 0;
  for (const block of blocks) {
    length += block.length + 2;
    if (length > room) return `${[...kept, "The rest has no room here."].join("\n\n")}\n`;
    kept.push(block);
  }
  return `${kept.join("\n\n")}\n`;
}

/** A text in HTML that stands in Markdown: no tag, no mention. */
function htmlText(text: string): string {
  return visible(text)
    .replaceAll(/\s+/g, " ")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "&#64;")
    .replaceAll("://", ":&#8203;//");
}
