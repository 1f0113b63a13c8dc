// One JSON value a line: the units, then the findings, then the sum. What each line is says its `kind`; the fields are those
// of the JSON (rules/schema/gate.schema.json, #/$defs/line).
import { findingJson } from "../gate-json.ts";
import type { ReportSource } from "./format.ts";
import { jsonText } from "./json-text.ts";

export function ndjson({ head, result, speak }: ReportSource): string {
  const { verdict, findings, units, summary, failOn } = result;
  const lines = [
    ...units.map(each => ({ kind: "unit", ...each })),
    ...findings.map(each => ({ kind: "finding", ...findingJson(each, speak) })),
    { kind: "summary", schemaVersion: 1, ...head, verdict, summary, failOn },
  ];
  return lines.map(each => `${jsonText(each)}\n`).join("");
}
