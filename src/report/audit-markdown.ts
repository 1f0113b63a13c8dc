// An audit as Markdown: a table of the units, the most exposed first, or every check of the only one.
import type { AuditedUnit } from "../score/audited-unit.ts";
import { type DetailRow, detailRows } from "./audit-detail.ts";
import { byExposure, type OverviewRow, overviewRow, overviewSum } from "./audit-overview.ts";
import type { AuditSource, AuditWriter } from "./formats/audit-format.ts";
import { fitting, folded, limitedList, markdownCode, markdownText } from "./markdown.ts";
import { diagnosticLine } from "./messages.ts";
import { tenths } from "./paint.ts";

/** A comment on a ticket holds 65,536 characters. */
const ROOM = 60_000;
const LISTED = 100;

export function auditMarkdown(source: AuditSource): AuditWriter {
  const rows: OverviewRow[] = [];
  let only: AuditedUnit | undefined;
  return {
    opening: "",
    unit(audited) {
      only = rows.length === 0 ? audited : undefined;
      rows.push(overviewRow(audited, source.speak));
      return "";
    },
    closing() {
      const blocks = only === undefined ? overviewBlocks(rows) : detailBlocks(only, source);
      return fitting([...blocks, markdownText(source.readFor)], ROOM);
    },
  };
}

function overviewBlocks(rows: readonly OverviewRow[]): readonly string[] {
  const lines = byExposure(rows).map(({ name, exposure, level, missing, note }) => {
    const figure = exposure === null ? "" : tenths(exposure);
    return `| ${markdownCode(name)} | ${figure} | ${level} | ${missing} | ${markdownText(note)} |`;
  });
  const table = limitedList(lines, rest => `| and ${rest} more | | | | |`, LISTED);
  return [
    "## tightunit audit",
    `${overviewSum(rows)}.`,
    `| Unit | Exposure | Level | Missing | Noticed |\n|---|--:|---|--:|---|\n${table}`,
  ];
}

function detailBlocks(audited: AuditedUnit, { texts, speak }: AuditSource): readonly string[] {
  const { unit, assessment, reason, findings, status } = audited;
  const title = `## ${markdownCode(unit.name)}`;
  const noticed =
    findings.length === 0
      ? []
      : ["### Noticed", limitedList(findings.map(each => `- ${markdownText(diagnosticLine(each, speak))}`))];
  if (assessment === undefined) {
    const why = reason === undefined ? status : speak(reason);
    return [title, `No score: ${markdownText(why)}`, ...noticed];
  }
  const rows = detailRows(audited, assessment.checks, texts);
  const missing = rows.filter(row => row.kind === "missing");
  const others = rows.filter(row => row.kind !== "missing");
  return [
    title,
    `Exposure **${tenths(assessment.exposure)} ${assessment.level}**, ${missing.length} of ${rows.length} checks are not met.`,
    ...(missing.length === 0 ? [] : [table(missing)]),
    ...noticed,
    ...(others.length === 0
      ? []
      : [folded(`${others.length} checks that are met or do not apply`, table(others))]),
  ];
}

function table(rows: readonly DetailRow[]): string {
  const lines = rows.map(({ exposure, gain, name, line, mend, title }) => {
    const cells = [
      markdownCode(name),
      exposure,
      gain,
      markdownCode(mend),
      markdownCode(line),
      markdownText(title),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return `| Check | Adds | Gains | Mends it | Set in | Asks |\n|---|--:|--:|---|---|---|\n${limitedList(lines, rest => `| and ${rest} more | | | | | |`, LISTED)}`;
}
