// The verdict as Markdown, for the summary of a pull request: what fails, with its lines, and what each unit's score became.
import type { Comparison } from "../gate/compare.ts";
import type { GateResult, JudgedFinding } from "../gate/finding.ts";
import { compareMarkdown } from "./compare-text.ts";
import { counted, findingSentence } from "./gate-result-text.ts";
import { markdownCode, markdownText } from "./markdown.ts";
import type { Speak } from "./messages.ts";

/** A comment on a pull request holds 65,536 characters. */
const SHOWN = 50;

/** @param comparison with the revision that was named; absent where none was. */
export function gateMarkdown(result: GateResult, speak: Speak, comparison?: Comparison): string {
  const { verdict, summary, findings } = result;
  const failing = findings.filter(each => each.isFailing);
  const waived = findings.filter(each => each.status === "waived");
  const notices = findings.filter(each => each.status === "notice");
  const sum =
    verdict === "passed"
      ? `${counted(summary.units, "unit")} checked.`
      : `${counted(failing.length, "finding")} in ${summary.unitsFailed} of ${counted(summary.units, "unit")}.`;
  const parts = [
    `## tightunit gate: ${verdict}`,
    sum,
    ...(failing.length === 0 ? [] : [list(failing, speak)]),
    ...(comparison === undefined ? [] : ["### Scores", compareMarkdown(comparison).trimEnd()]),
    ...(waived.length === 0 ? [] : ["### Waived", list(waived, speak)]),
    ...(notices.length === 0 ? [] : ["### To tidy up", list(notices, speak)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function list(findings: readonly JudgedFinding[], speak: Speak): string {
  const lines = findings.slice(0, SHOWN).map(each => line(each, speak));
  const rest = findings.length - lines.length;
  return [...lines, ...(rest > 0 ? [`- and ${rest} more`] : [])].join("\n");
}

function line(finding: JudgedFinding, speak: Speak): string {
  const { position, unit, rule, waiver } = finding;
  const place = position === undefined ? unit : `${position.file}:${position.line}`;
  const until = waiver === undefined ? "" : ` (until ${waiver.until}: ${markdownText(waiver.reason)})`;
  return `- ${markdownCode(place)} ${markdownText(findingSentence(finding, speak))} ${markdownCode(rule)}${until}`;
}
