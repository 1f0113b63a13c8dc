// One unit in full: what is missing and what it would gain, what is in place and which line did it, what is odd.
import type { CheckResult } from "../score/assessment.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import { gainOf } from "../score/gain.ts";
import type { CheckTexts } from "./check-text.ts";
import { clip, padEnd, padStart, wrap } from "./columns.ts";
import { visible } from "./escape-terminal.ts";
import { diagnosticLine, type Speak } from "./messages.ts";
import { type Paint, type Tone, tenths, toneOfLevel } from "./paint.ts";
import { textWidth } from "./text-width.ts";

export interface DetailOptions {
  readonly columns: number;
  readonly paint: Paint;
  /** "systemd 257, the newest known", as the overview says it too. */
  readonly readFor: string;
}

/** One check as the report shows it; texts are fit for a terminal. */
export interface DetailRow {
  readonly kind: "missing" | "in-place" | "idle";
  /** What it adds, and what mending it takes away; "" where it is none that is missing. */
  readonly exposure: string;
  readonly gain: string;
  readonly name: string;
  /** Where the deciding setting was written last, or what implies it; "" where nothing says anything. */
  readonly line: string;
  /** The same for readers who have the list of the unit's files before them: `line 28`. */
  readonly shortLine: string;
  /** The assignment that mends it; "" where its name says it, or nothing does. */
  readonly mend: string;
  readonly title: string;
}

const MARKS: Readonly<Record<DetailRow["kind"], readonly [Tone, string]>> = {
  missing: ["bad", "✗"],
  "in-place": ["good", "✓"],
  idle: ["dim", "-"],
};

const GUTTER = 2 + 5 + 7 + 1;
/** Between a check, why it is so, and what it asks. */
const GAP = 2;
/** What a check asks, in fewer columns than these, asks nothing. */
const SHORTEST_TITLE = 36;

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
    lines.push(...table(detailRows(audited, assessment.checks, texts), options));
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

/** Every check: those that are missing first, the one that adds most at the top; then what is in place; then the rest. */
export function detailRows(
  audited: AuditedUnit,
  checks: readonly CheckResult[],
  texts: CheckTexts,
): readonly DetailRow[] {
  const isBad = (check: CheckResult): boolean => check.badness !== null && check.badness > 0;
  const weightOf = (check: CheckResult): number => check.exposure ?? 0;
  const missing = checks.filter(isBad).toSorted((a, b) => weightOf(b) - weightOf(a));
  const inPlace = checks.filter(check => check.badness === 0);
  const idle = checks.filter(check => check.badness === null);
  const row = (check: CheckResult, kind: DetailRow["kind"]): DetailRow => {
    const text = texts.get(check.id);
    const { name = check.id, title = "", mend = "" } = text ?? {};
    const isMissing = kind === "missing";
    return {
      kind,
      exposure: isMissing && check.exposure !== null ? tenths(check.exposure) : "",
      gain: isMissing ? tenths(gainOf(checks, new Set([check.id]))) : "",
      name,
      ...places(check, audited, kind),
      // Where the check's own name is the assignment, saying it twice helps nobody.
      mend: isMissing && mend !== name && !audited.settings?.unknown?.has(check.directive) ? mend : "",
      title,
    };
  };
  return [
    ...missing.map(check => row(check, "missing")),
    ...inPlace.map(check => row(check, "in-place")),
    ...idle.map(check => row(check, "idle")),
  ];
}

function places(
  check: CheckResult,
  { settings, unit }: AuditedUnit,
  kind: DetailRow["kind"],
): Pick<DetailRow, "line" | "shortLine"> {
  if (kind === "idle") return { line: "does not apply", shortLine: "does not apply" };
  if (settings?.unknown?.has(check.directive))
    return { line: "set by the build", shortLine: "set by the build" };
  const setting = settings?.values.get(check.directive);
  const last = setting?.origins.at(-1)?.position;
  const implied =
    setting === undefined || setting.impliedBy.length === 0 ? [] : [`by ${setting.impliedBy.join(", ")}`];
  const none = kind === "in-place" ? "by default" : "";
  if (last === undefined) {
    const said = implied.join(", ") || none;
    return { line: said, shortLine: said };
  }
  const file = visible(last.file.slice(last.file.lastIndexOf("/") + 1));
  const near = last.file === unit.path ? `line ${last.line}` : `${file}:${last.line}`;
  return {
    line: [`${visible(last.file)}:${last.line}`, ...implied].join(", "),
    shortLine: [near, ...implied].join(", "),
  };
}

interface Layout {
  readonly name: number;
  /** Of the middle column; the rest where there is no third. */
  readonly why: number;
  /** 0 where there is no room for what checks ask. */
  readonly title: number;
  readonly whyOf: (row: DetailRow) => string;
}

function table(rows: readonly DetailRow[], options: DetailOptions): readonly string[] {
  const layout = layoutOf(rows, options.columns - GUTTER);
  const asks = layout.title > 0 ? `${" ".repeat(Math.max(0, layout.why - 3) + GAP)}ASKS` : "";
  const head = `  ${padStart("ADDS", 5)}${padStart("GAINS", 7)} ${padEnd("CHECK", layout.name)}  WHY${asks}`;
  return [options.paint("bold", head), ...rows.flatMap(row => format(row, layout, options))];
}

/** Paths in full where that is not more than the lines have room for; of names, as many as possible on one line. */
function layoutOf(rows: readonly DetailRow[], room: number): Layout {
  const joined = (place: string, mend: string): string =>
    [place, mend === "" ? "" : `→ ${mend}`].filter(part => part !== "").join("  ");
  const full = (row: DetailRow): string => joined(row.line, row.mend);
  const short = (row: DetailRow): string => joined(row.shortLine, row.mend);
  const widest = (text: (row: DetailRow) => string): number =>
    rows.reduce((width, row) => Math.max(width, textWidth(text(row))), 0);
  const whyOf = widest(row => row.name) + GAP + widest(row => row.line) <= room ? full : short;
  const sizes = rows.map(row => [textWidth(row.name), textWidth(whyOf(row))] as const);
  const fitting = (name: number): number =>
    sizes.filter(([own, why]) => own <= name && why <= room - name - GAP).length;
  const name = [...new Set(sizes.map(([own]) => own))]
    .sort((a, b) => a - b)
    .reduce((best, each) => (fitting(each) > fitting(best) ? each : best), 5);
  const whys = sizes.map(([, why]) => why).filter(why => why <= room - name - 2 * GAP - SHORTEST_TITLE);
  const why = Math.max(3, ...whys);
  const title = room - name - why - 2 * GAP;
  return {
    name,
    why: title >= SHORTEST_TITLE ? why : room - name - GAP,
    title: title >= SHORTEST_TITLE ? title : 0,
    whyOf,
  };
}

function format(row: DetailRow, layout: Layout, options: DetailOptions): readonly string[] {
  const { name, why, title, whyOf } = layout;
  const [tone, sign] = MARKS[row.kind];
  const mark = options.paint(tone, sign);
  const left = `${mark} ${padStart(row.exposure, 5)}${padStart(row.gain, 7)} `;
  const reason = whyOf(row);
  const room = options.columns - GUTTER - GAP;
  // In its column where both have room, else as near to it as it fits behind the name.
  const own = Math.max(textWidth(row.name), Math.min(name, room - textWidth(reason)));
  if (own + textWidth(reason) <= room) {
    const hasTitle = title > 0 && own <= name && textWidth(reason) <= why && row.title !== "";
    const asked = hasTitle ? `${" ".repeat(GAP)}${options.paint("dim", clip(row.title, title))}` : "";
    const middle = hasTitle ? padEnd(reason, why) : reason;
    return [`${left}${padEnd(row.name, own)}  ${middle}${asked}`.trimEnd()];
  }
  // Neither a check's name nor a path may be cut, or they cannot be copied: the rest goes below.
  const indent = " ".repeat(GUTTER + GAP);
  const width = Math.max(20, options.columns - GUTTER - GAP);
  return [`${left}${row.name}`, ...wrap(reason, width).map(line => `${indent}${line}`)];
}

function coloured(line: string, severity: "error" | "warning" | "note", paint: Paint): string {
  return severity === "error" ? paint("bad", line) : severity === "warning" ? paint("warn", line) : line;
}
