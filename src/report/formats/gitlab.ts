// GitLab's Code Quality report: an array of issues that the merge request compares with the target branch's. What is
// accepted is left out, or a merge request would show it as degraded.
import { visible } from "../escape-terminal.ts";
import { fingerprint } from "./fingerprint.ts";
import { type ReportSource, sentenceOf } from "./format.ts";
import { jsonText } from "./json-text.ts";
import { placeOfFinding, shownFile } from "./place.ts";
import { isOpen, worstFirst } from "./worst-first.ts";

/** GitLab's five words, each from this impact on. */
const SEVERITIES = [
  [9, "blocker"],
  [7, "critical"],
  [4, "major"],
  [1, "minor"],
  [0, "info"],
] as const;

export function gitlab(source: ReportSource): string {
  const issues = worstFirst(source.result, source.rules)
    .filter(isOpen)
    .map(finding => {
      const place = placeOfFinding(finding, source);
      const impact = finding.severity === "note" ? 0 : source.rules(finding.rule).impact;
      return {
        description: `${visible(finding.unit)}: ${sentenceOf(finding, source)}`,
        check_name: visible(finding.rule),
        fingerprint: fingerprint(finding),
        severity: SEVERITIES.find(([from]) => impact >= from)?.[1] ?? "info",
        location: { path: shownFile(place), lines: { begin: place.line } },
      };
    });
  return `${jsonText(issues, 1)}\n`;
}
