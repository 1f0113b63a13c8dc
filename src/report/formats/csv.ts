// CSV (RFC 4180) for spreadsheets and databases: a head, a row for each finding, every field of text in quotes.
import { baseSubject } from "../../gate/finding.ts";
import { visible } from "../escape-terminal.ts";
import { tenths } from "../paint.ts";
import { type ReportSource, sentenceOf } from "./format.ts";
import { placeOfFinding, shownFile } from "./place.ts";
import { worstFirst } from "./worst-first.ts";

const COLUMNS = [
  "unit",
  "rule",
  "subject",
  "severity",
  "status",
  "failing",
  "exposure",
  "max_exposure",
  "file",
  "line",
  "column",
  "message",
  "waived_until",
  "waiver_reason",
] as const;

export function csv(source: ReportSource): string {
  const units = new Map(source.result.units.map(unit => [unit.name, unit]));
  const rows = worstFirst(source.result, source.rules).map(finding => {
    const { unit, rule, subject, severity, status, isFailing, waiver } = finding;
    const { exposure = null, maxExposure = null } = units.get(unit) ?? {};
    const { line, column, ...file } = placeOfFinding(finding, source);
    return [
      unit,
      rule,
      baseSubject(subject),
      severity,
      status,
      isFailing ? "yes" : "no",
      exposure === null ? "" : tenths(exposure),
      maxExposure === null ? "" : tenths(maxExposure),
      shownFile(file),
      line,
      column,
      sentenceOf(finding, source),
      waiver?.until ?? "",
      waiver?.reason ?? "",
    ];
  });
  return csvTable(COLUMNS, rows);
}

/** A table with CRLF line ends; every row has as many fields as the head. */
export function csvTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, ...rows].map(csvRow).join("");
}

/** A line of it. */
export function csvRow(cells: readonly (string | number)[]): string {
  return `${cells.map(csvField).join(",")}\r\n`;
}

/** Numbers as they are; of a text, nothing that a spreadsheet would take for a formula. */
function csvField(value: string | number): string {
  if (typeof value === "number") return String(value);
  if (value === "" || /^(?:\d+\.\d|[a-z][a-z_-]*)$/.test(value)) return value;
  // A spreadsheet computes what begins with one of these, also behind spaces; an apostrophe makes it text.
  const text = visible(value);
  const safe = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/u.test(text) ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
