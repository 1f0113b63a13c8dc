// Checkstyle XML: for Jenkins' warnings, reviewdog, SonarQube and whatever else takes lint. What is accepted is left out.
import type { JudgedFinding, Severity } from "../../gate/finding.ts";
import { type ReportSource, sentenceOf } from "./format.ts";
import { placeOfFinding, shownFile } from "./place.ts";
import { isOpen } from "./worst-first.ts";
import { xmlDeclaration, xmlElement } from "./xml.ts";

const SEVERITIES: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", note: "info" };

export function checkstyle(source: ReportSource): string {
  const byFile = new Map<string, string[]>();
  for (const finding of source.result.findings) {
    if (!isOpen(finding) && finding.status !== "notice") continue;
    const place = placeOfFinding(finding, source);
    const file = shownFile(place);
    const written = errorElement(finding, place, source);
    const known = byFile.get(file);
    if (known === undefined) byFile.set(file, [written]);
    else known.push(written);
  }
  const files = [...byFile].map(([name, errors]) => xmlElement("file", { name }, errors));
  return `${xmlDeclaration}${xmlElement("checkstyle", { version: "4.3" }, files)}`;
}

function errorElement(
  finding: JudgedFinding,
  { line, column }: { readonly line: number; readonly column: number },
  source: ReportSource,
): string {
  return xmlElement("error", {
    line,
    column,
    severity: finding.status === "notice" ? "info" : SEVERITIES[finding.severity],
    message: `${finding.unit}: ${sentenceOf(finding, source)}`,
    source: `tightunit.${finding.rule}`,
  });
}
