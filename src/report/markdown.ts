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
