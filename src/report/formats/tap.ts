// TAP 14: a test point for each finding, one for a unit without any. What is accepted is still not right: it is TODO, which
// a reader of TAP expects to fail.
import { baseSubject, type JudgedFinding } from "../../gate/finding.ts";
import { visible } from "../escape-terminal.ts";
import { type ReportSource, sentenceOf } from "./format.ts";
import { jsonText } from "./json-text.ts";
import { placeOfFinding, shownFile } from "./place.ts";

export function tap(source: ReportSource): string {
  const { result } = source;
  const spoken = new Set(result.findings.map(each => each.unit));
  const points = [
    ...result.findings.map(each => (number: number) => pointOf(number, each, source)),
    ...result.units
      .filter(unit => !spoken.has(unit.name))
      .map(unit => (number: number) => `ok ${number} - ${description(unit.name)}\n`),
  ];
  const lines = points.map((point, index) => point(index + 1));
  return `TAP version 14\n1..${points.length}\n${lines.join("")}`;
}

function pointOf(number: number, finding: JudgedFinding, source: ReportSource): string {
  const { unit, rule, subject, severity, status, waiver } = finding;
  const about = baseSubject(subject);
  const name = description(`${unit}: ${rule}${about === "" ? "" : ` ${about}`}`);
  const isOk = !finding.isFailing && status !== "waived" && status !== "baseline";
  const todo =
    status === "waived" && waiver !== undefined
      ? ` # TODO waived until ${waiver.until}: ${directiveText(waiver.reason)}`
      : status === "baseline"
        ? " # TODO in the baseline"
        : "";
  const { line, column, ...file } = placeOfFinding(finding, source);
  // JSON's strings are YAML's double-quoted ones.
  const facts = {
    message: sentenceOf(finding, source),
    severity: status === "notice" ? "notice" : severity,
    at: { file: shownFile(file), line, column },
  };
  const block = Object.entries(facts).map(([key, value]) => `  ${key}: ${jsonText(value)}\n`);
  return `${isOk ? "ok" : "not ok"} ${number} - ${name}${todo}\n  ---\n${block.join("")}  ...\n`;
}

/** A `#` would begin a directive, a backslash an escape. */
function description(text: string): string {
  return visible(text).replaceAll("\\", "\\\\").replaceAll("#", "\\#");
}

function directiveText(text: string): string {
  return visible(text).replaceAll("#", "");
}
