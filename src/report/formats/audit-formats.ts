// Every format that an audit can be written in, by name. Those of findings (sarif, junit …) are the gate's: an audit demands
// nothing that could be missed.
import { auditDetail } from "../audit-detail.ts";
import { auditJsonFrame, hostLine, unitLine } from "../audit-json.ts";
import { auditMarkdown } from "../audit-markdown.ts";
import { auditOverview, type OverviewRow, overviewRow } from "../audit-overview.ts";
import { visible } from "../escape-terminal.ts";
import { plain } from "../paint.ts";
import { type ReportUnit, reportData } from "../report-data.ts";
import { systemdJson } from "../systemd-json.ts";
import { auditCsv } from "./audit-csv.ts";
import { type AuditFormat, type AuditSource, type AuditWriter, lineWriter } from "./audit-format.ts";

export const auditFormats: readonly AuditFormat[] = [
  { name: "text", title: "a person at a terminal", start: text },
  { name: "json", title: "everything, as rules/schema/audit.schema.json has it", start: json },
  {
    name: "ndjson",
    title: "the same, a line for each unit",
    isByUnit: true,
    start: ({ host, speak }) =>
      lineWriter(audited => {
        const line = unitLine(audited, speak);
        return `${host === undefined ? line : hostLine(host, line)}\n`;
      }),
  },
  { name: "systemd-json", title: "what reads systemd-analyze security --json", start: systemd },
  { name: "csv", title: "spreadsheets", start: auditCsv },
  { name: "markdown", title: "tickets", start: auditMarkdown },
  { name: "html", title: "people: one page that needs nothing else", start: html },
];

function json({ head, host, speak }: AuditSource): AuditWriter {
  const { opening, closing } = auditJsonFrame(host === undefined ? head : { ...head, host });
  let separator = "\n";
  return {
    opening,
    unit(audited) {
      const line = `${separator}${unitLine(audited, speak)}`;
      separator = ",\n";
      return line;
    },
    closing: () => closing,
  };
}

function systemd({ texts, speak, warn }: AuditSource): AuditWriter {
  return lineWriter(audited => {
    if (audited.assessment !== undefined) return systemdJson(audited.assessment, texts);
    const why = audited.reason === undefined ? audited.status : speak(audited.reason);
    warn(`tightunit: ${visible(audited.unit.name)}: ${why}`);
    return "";
  });
}

/** An overview of many, every check of one: which of the two is known at the end. */
function text({ texts, speak, columns, paint, readFor }: AuditSource): AuditWriter {
  const rows: OverviewRow[] = [];
  let only: (() => string) | undefined;
  return {
    opening: "",
    unit(audited) {
      only =
        rows.length === 0 ? () => auditDetail(audited, texts, speak, { columns, paint, readFor }) : undefined;
      rows.push(overviewRow(audited, speak));
      return "";
    },
    closing: () => {
      if (only !== undefined) return only();
      return rows.length === 0 ? "" : `${auditOverview(rows, { columns, paint })}${readFor}\n`;
    },
  };
}

function html({ head, host, texts, speak, reportUnit, date, comparison }: AuditSource): AuditWriter {
  const units: ReportUnit[] = [];
  return {
    opening: "",
    unit(audited) {
      units.push(reportUnit(audited));
      return "";
    },
    async closing() {
      // Its script and style are large, and nothing else needs them.
      const { htmlReport } = await import("../html/html-report.ts");
      const data = { head, texts, speak, units, date, subject: host, comparison: comparison() };
      return htmlReport(reportData(data));
    },
  };
}

/** The same report as a file has it: no colours, as wide as a page. */
export function forFile(source: AuditSource): AuditSource {
  return { ...source, paint: plain, columns: 100 };
}
