// An audit as CSV (RFC 4180): a row for each unit.
import { noticed, overviewRow } from "../audit-overview.ts";
import { tenths } from "../paint.ts";
import type { AuditSource, AuditWriter } from "./audit-format.ts";
import { lineWriter } from "./audit-format.ts";
import { csvRow } from "./csv.ts";

const COLUMNS = [
  "unit",
  "status",
  "exposure",
  "level",
  "missing",
  "checks",
  "errors",
  "warnings",
  "path",
  "note",
];

export function auditCsv({ host, speak }: AuditSource): AuditWriter {
  const named = (cells: readonly (string | number)[]) => [...(host === undefined ? [] : [host]), ...cells];
  const head = [...(host === undefined ? [] : ["host"]), ...COLUMNS];
  return lineWriter(audited => {
    const { unit, status, assessment } = audited;
    const { note } = overviewRow(audited, speak);
    const applying = (assessment?.checks ?? []).filter(check => check.badness !== null);
    const { error, warning } = noticed(audited);
    const cells = [
      audited.assessment === undefined ? unit.requested : unit.name,
      status,
      assessment === undefined ? "" : tenths(assessment.exposure),
      assessment?.level ?? "",
      assessment === undefined ? "" : applying.filter(check => check.badness !== 0).length,
      assessment === undefined ? "" : applying.length,
      error,
      warning,
      unit.path ?? "",
      assessment === undefined ? note : "",
    ];
    return csvRow(named(cells));
  }, csvRow(head));
}
