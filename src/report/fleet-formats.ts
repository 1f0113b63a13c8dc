// Every format of the report of many hosts by its name; each gives its text in pieces, as large as it may be.
import type { FleetReport, FleetVariant } from "../gate/fleet-report.ts";
import { loadBuiltInPack } from "../rules/built-in-packs.ts";
import type { ExplainOptions } from "./explain-text.ts";
import { type FleetTable, fleetCsv } from "./fleet-csv.ts";
import { fleetJson, fleetNdjson } from "./fleet-json.ts";
import { fleetMarkdown } from "./fleet-markdown.ts";
import { fleetText } from "./fleet-text.ts";

export interface FleetSource {
  readonly report: FleetReport;
  /** Each unit once for each way in which it stands; only asked for where a format shows them. */
  readonly variants: () => readonly FleetVariant[];
  /** `tightunit 1.2.3`. */
  readonly tool: string;
  /** What could not be read, a sentence each. */
  readonly broken: readonly string[];
  /** What csv is about. */
  readonly table: FleetTable;
  /** Of the text. */
  readonly layout: ExplainOptions;
}

export interface FleetFormat {
  readonly name: string;
  readonly pieces: (source: FleetSource) => Iterable<string> | Promise<Iterable<string>>;
}

export const fleetFormats: readonly FleetFormat[] = [
  { name: "text", pieces: ({ report, layout }) => [fleetText(report, layout)] },
  { name: "json", pieces: ({ report, tool, broken }) => fleetJson(report, tool, broken) },
  { name: "ndjson", pieces: ({ report }) => fleetNdjson(report) },
  { name: "csv", pieces: ({ report, table }) => fleetCsv(report, table) },
  { name: "markdown", pieces: ({ report }) => [fleetMarkdown(report)] },
  {
    name: "html",
    pieces: async ({ report, variants, tool }) => {
      // Its script and style are large, and nothing else needs them.
      const { fleetHtml } = await import("./fleet-html.ts");
      const { checks = [] } = loadBuiltInPack("systemd-security");
      return [fleetHtml(report, variants(), checks, tool)];
    },
  },
];
