// The report of many hosts for machines, published as rules/schema/fleet.schema.json. Fields are only ever added.
import type { FleetReport } from "../gate/fleet-report.ts";

/** Tables of the report and what a record of each is called. */
const TABLES = { hosts: "host", units: "unit", groups: "group", drift: "drift", checks: "check" } as const;
type Table = keyof typeof TABLES;
const tables: readonly Table[] = ["hosts", "units", "groups", "drift", "checks"];

/** JSON in which nothing obeys or hides: what a terminal or an editor would act on is written as an escape. */
function oneLine(value: object): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** One document, a record a line, in pieces. @param broken sentences about files that were left out. */
export function* fleetJson(report: FleetReport, tool: string, broken: readonly string[]): Generator<string> {
  const head = oneLine({ schemaVersion: 1, tool, summary: report.summary, broken });
  yield head.slice(0, -1);
  for (const table of tables) {
    yield `,\n"${table}":[`;
    let separator = "\n";
    for (const record of report[table]) {
      yield `${separator}${oneLine(record)}`;
      separator = ",\n";
    }
    yield "]";
  }
  yield "\n}\n";
}

/** A record a line, each saying what it is. */
export function* fleetNdjson(report: FleetReport): Generator<string> {
  yield `${oneLine({ record: "summary", ...report.summary })}\n`;
  for (const table of tables)
    for (const record of report[table]) yield `${oneLine({ record: TABLES[table], ...record })}\n`;
}
