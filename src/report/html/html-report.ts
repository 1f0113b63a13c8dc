// The report as one HTML file: markup around the data, and the page's own script and style, each allowed by its hash.
import { createHash } from "node:crypto";
import { script, style } from "../../../dist/report-page.js";
import { visible } from "../escape-terminal.ts";
import { tenths } from "../paint.ts";
import type { ReportData } from "../report-data.ts";
import { encodePage } from "./encode-page.ts";

/**
 * A self-contained page that asks for nothing over a network and runs no script but its own: opens from a file, prints,
 * works offline. The same data gives the same bytes.
 */
export function htmlReport(data: ReportData): string {
  const title = titleOf(data);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${escaped(data.head.tool)}">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<noscript><h1>${escaped(title)}</h1><p>${escaped(summaryOf(data))} The rest of this report needs its own script, which runs from this file alone.</p></noscript>
<div id="app"></div>
<script type="application/json" id="report-data">${embedded(encodePage(data))}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** The page's data cannot end its element or open another: no `<` is left, and no line end that scripts know and JSON does not. */
function embedded(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}

function hashOf(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

const policy = [
  "default-src 'none'",
  `script-src ${hashOf(script)}`,
  `style-src ${hashOf(style)}`,
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function titleOf({ subject, date }: ReportData): string {
  const about = subject === undefined ? "systemd units" : visible(subject);
  return `Exposure of ${about}${date === undefined ? "" : `, ${date}`}`;
}

function summaryOf({ units }: ReportData): string {
  const scored = units.flatMap(({ exposure }) => exposure ?? []).sort((a, b) => a - b);
  const middle = scored[Math.floor(scored.length / 2)];
  return `${scored.length} of ${units.length} units have a score${middle === undefined ? "" : `, half of them ${tenths(middle)} or more`}.`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? "");
}
