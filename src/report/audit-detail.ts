// One unit in full: what is missing and what it would gain, what is in place and which line did it, what is odd.
import type { CheckResult } from "../score/assessment.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import { gainOf } from "../score/gain.ts";
import type { CheckText, CheckTexts } from "./check-text.ts";
import { clip, padEnd, padStart, wrap } from "./columns.ts";
import { visible } from "./escape-terminal.ts";
import { diagnosticLine, type Speak } from "./messages.ts";
import { type Paint, type Tone, tenths, toneOfLevel } from "./paint.ts";

export interface DetailOptions {
  readonly columns: number;
  readonly paint: Paint;
  /** "systemd 257, the newest known", as the overview says it too. */
  readonly readFor: string;
}

interface Row {
  readonly mark: string;
  readonly tone: Tone;
  readonly exposure: string;
  readonly gain: string;
  readonly name: string;
  readonly note: string;
  readonly title: string;
}

const GUTTER = 2 + 5 + 7 + 1;
/** Below this a column of notes is a column of dots. */
const NOTE_WIDTH = 34;

/** The report of one unit, scored or not. */
export function auditDetail(
  audited: AuditedUnit,
  texts: CheckTexts,
  speak: Speak,
  options: DetailOptions,
): string {
  const { unit, assessment } = audited;
  const lines = [options.paint("bold", visible(unit.name)), ...origins(audited), `  ${options.readFor}`, ""];
  if (assessment === undefined) {
    const why =
      audited.reason === undefined ? audited.status.replace("-", " ") : diagnosticLine(audited.reason, speak);
    lines.push(`${visible(unit.name)} has no score: ${why}`);
  } else {
    lines.push(...table(audited, assessment.checks, texts, options));
  }
  if (audited.findings.length > 0) {
    lines.push("", options.paint("bold", "Noticed"));
    for (const finding of audited.findings) {
      const said = wrap(diagnosticLine(finding, speak), Math.max(20, options.columns - 4));
      lines.push(
        ...said.map(
          (line, index) => `  ${index === 0 ? "" : "  "}${coloured(line, finding.severity, options.paint)}`,
        ),
      );
    }
  }
  if (assessment !== undefined) {
    const tone = toneOfLevel(assessment.level);
    const figure = `${tenths(assessment.exposure)} ${assessment.level}`;
    lines.push(
      "",
      `→ Overall exposure level for ${visible(unit.name)}: ${tone ? options.paint(tone, figure) : figure}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

/** The files that the unit is made of. */
function origins(audited: AuditedUnit): readonly string[] {
  const { unit } = audited;
  const asked = unit.requested === unit.name ? [] : [`  asked for as ${visible(unit.requested)}`];
  const files = [...(unit.path === undefined ? [] : [unit.path]), ...unit.dropIns.map(dropIn => dropIn.path)];
  return [...asked, ...files.map(file => `  ${visible(file)}`)];
}

function table(
  audited: AuditedUnit,
  checks: readonly CheckResult[],
  texts: CheckTexts,
  options: DetailOptions,
): readonly string[] {
  const isBad = (check: CheckResult): boolean => check.badness !== null && check.badness > 0;
  const gains = new Map(checks.filter(isBad).map(check => [check.id, gainOf(checks, new Set([check.id]))]));
  const weightOf = (check: CheckResult): number => check.exposure ?? 0;
  const missing = checks.filter(isBad).toSorted((a, b) => weightOf(b) - weightOf(a));
  const inPlace = checks.filter(check => check.badness === 0);
  const idle = checks.filter(check => check.badness === null);
  const rows = [
    ...missing.map(check => badRow(check, audited, gains.get(check.id) ?? 0, texts.get(check.id))),
    ...inPlace.map(check => goodRow(check, audited, texts.get(check.id))),
    ...idle.map(check => idleRow(check, texts.get(check.id))),
  ];
  const longest = rows.reduce((width, row) => Math.max(width, row.name.length), 5);
  const nameWidth = Math.min(longest, Math.max(24, options.columns - GUTTER - 2 - NOTE_WIDTH));
  const head = `  ${padStart("ADDS", 5)}${padStart("GAINS", 7)} ${padEnd("CHECK", nameWidth)}  WHY`;
  return [options.paint("bold", head), ...rows.flatMap(row => format(row, nameWidth, options))];
}

function badRow(check: CheckResult, audited: AuditedUnit, gain: number, text: CheckText | undefined): Row {
  const line = lineOf(check, audited);
  // Where the check's own name is the assignment, saying it twice helps nobody.
  const mend = text?.mend === undefined || text.mend === text.name ? "" : `→ ${text.mend}`;
  return {
    mark: "✗",
    tone: "bad",
    exposure: check.exposure === null ? "" : tenths(check.exposure),
    gain: tenths(gain),
    name: text?.name ?? check.id,
    note: [line, mend].filter(part => part !== "").join("  "),
    title: text?.title ?? "",
  };
}

function goodRow(check: CheckResult, audited: AuditedUnit, text: CheckText | undefined): Row {
  const name = text?.name ?? check.id;
  const note = lineOf(check, audited) || "by default";
  return { mark: "✓", tone: "good", exposure: "", gain: "", name, note, title: text?.title ?? "" };
}

function idleRow(check: CheckResult, text: CheckText | undefined): Row {
  const name = text?.name ?? check.id;
  return {
    mark: "-",
    tone: "dim",
    exposure: "",
    gain: "",
    name,
    note: "does not apply",
    title: text?.title ?? "",
  };
}

/** Where the deciding setting was written last, or what implies it. */
function lineOf(check: CheckResult, audited: AuditedUnit): string {
  const setting = audited.settings?.values.get(check.directive);
  const last = setting?.origins.at(-1);
  const written = last === undefined ? [] : [`${visible(last.position.file)}:${last.position.line}`];
  const implied =
    setting === undefined || setting.impliedBy.length === 0 ? [] : [`by ${setting.impliedBy.join(", ")}`];
  return [...written, ...implied].join(", ");
}

function format(row: Row, nameWidth: number, options: DetailOptions): readonly string[] {
  const mark = options.paint(row.tone, row.mark);
  const left = `${mark} ${padStart(row.exposure, 5)}${padStart(row.gain, 7)} `;
  const indent = " ".repeat(GUTTER);
  const room = options.columns - GUTTER - nameWidth - 2;
  const isWide = room >= row.note.length + 30;
  const title = isWide ? clip(`   ${row.title}`, room - row.note.length) : "";
  const note = row.note === "" ? "" : `${row.note}${options.paint("dim", title.trimEnd())}`;
  if (row.name.length <= nameWidth && row.note.length <= room) {
    return [`${left}${padEnd(row.name, nameWidth)}  ${note}`.trimEnd()];
  }
  // Neither a check's name nor a path may be cut, or they cannot be copied: the rest goes below.
  const width = Math.max(20, options.columns - GUTTER - 2);
  return [
    `${left}${row.name}`,
    ...(row.note === "" ? [] : wrap(row.note, width).map(line => `${indent}  ${line}`)),
  ];
}

function coloured(line: string, severity: "error" | "warning" | "note", paint: Paint): string {
  return severity === "error" ? paint("bad", line) : severity === "warning" ? paint("warn", line) : line;
}
