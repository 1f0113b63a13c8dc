// One table of the report of many hosts as CSV (RFC 4180).
import type { FleetDrift, FleetReport } from "../gate/fleet-report.ts";
import { tenths } from "./paint.ts";

export type FleetTable = "hosts" | "units" | "drift" | "checks";

type Cell = string | number | null;

export function* fleetCsv(report: FleetReport, table: FleetTable): Generator<string> {
  for (const cells of rows(report, table)) yield `${cells.map(cellText).join(",")}\r\n`;
}

function* rows(report: FleetReport, table: FleetTable): Generator<readonly Cell[]> {
  switch (table) {
    case "hosts":
      yield [
        "host",
        "units",
        "scored",
        "worst",
        "worst_unit",
        "median",
        "above",
        "errors",
        "warnings",
        "drifting",
      ];
      for (const each of report.hosts) {
        const { host, units, scored, worst, median, above, errors, warnings, drifting } = each;
        const worstCells = [score(worst?.exposure ?? null), worst?.unit ?? null];
        yield [host, units, scored, ...worstCells, score(median), above, errors, warnings, drifting];
      }
      return;
    case "units":
      yield ["unit", "hosts", "scored", "lowest", "median", "highest", "above", "outliers"];
      for (const { unit, hosts, scored, lowest, median, highest, above, outliers } of report.units) {
        const named = outliers.flatMap(each => each.hosts.map(host => `${host} ${tenths(each.exposure)}`));
        yield [unit, hosts, scored, score(lowest), score(median), score(highest), above, named.join("; ")];
      }
      return;
    case "drift":
      yield [
        "group",
        "unit",
        "kind",
        "host",
        "most",
        "here",
        "check",
        "most_badness",
        "badness",
        "most_line",
        "line",
      ];
      for (const each of report.drift) yield* driftRows(each);
      return;
    case "checks":
      yield ["check", "failing", "applying"];
      for (const { id, failing, applying } of report.checks) yield [id, failing, applying];
  }
}

/** A row for each host and check that differs, so that any of them can be filtered. */
function* driftRows({
  group,
  unit,
  kind,
  hosts,
  most,
  here,
  checks,
}: FleetDrift): Generator<readonly Cell[]> {
  for (const host of hosts) {
    const stands = [most, here].map(each => score(each?.exposure ?? null) ?? each?.status ?? null);
    const start = [group, unit, kind, host, ...stands];
    if (checks.length === 0) yield [...start, null, null, null, null, null];
    for (const { id, most: was, here: is, mostLine, line } of checks)
      yield [...start, id, was, is, mostLine ?? null, line ?? null];
  }
}

function score(value: number | null): string | null {
  return value === null ? null : tenths(value);
}

/** A spreadsheet takes what begins with one of `= + - @` for a formula; an apostrophe makes it a text again. */
function cellText(cell: Cell): string {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
