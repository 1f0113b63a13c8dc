// Many units, one line each: the worst first, those without a score with their reason at the end.
import type { AuditedUnit } from "../score/audited-unit.ts";
import { clip, padEnd, padStart, shorten } from "./columns.ts";
import { visible } from "./escape-terminal.ts";
import { placeOf, type Speak } from "./messages.ts";
import { type Paint, tenths, toneOfLevel } from "./paint.ts";
import { textWidth } from "./text-width.ts";

/** What the overview keeps of a unit; small, so that ten thousand of them are no burden. */
export interface OverviewRow {
  readonly name: string;
  readonly status: AuditedUnit["status"];
  readonly exposure: number | null;
  readonly level: string;
  /** Checks that fail, of those that apply. */
  readonly missing: string;
  /** Why there is no score, or what else was noticed. */
  readonly note: string;
  readonly path: string;
}

/** What a status says where no reason is given. */
const WORDS: Readonly<Record<AuditedUnit["status"], string>> = {
  scored: "",
  refused: "systemd refuses the unit",
  masked: "nothing runs",
  "not-found": "no such unit",
  error: "cannot be read",
};

/** What the overview shows of an audited unit. */
export function overviewRow(audited: AuditedUnit, speak: Speak): OverviewRow {
  const { unit, assessment, status, reason } = audited;
  const path = visible(unit.path ?? "");
  if (assessment !== undefined) {
    const applying = assessment.checks.filter(check => check.badness !== null);
    const missing = applying.filter(check => check.badness !== 0).length;
    return {
      name: visible(unit.name),
      status,
      exposure: assessment.exposure,
      level: assessment.level,
      missing: `${missing}/${applying.length}`,
      note: noticedText(audited),
      path,
    };
  }
  const place = reason === undefined ? "" : placeOf(reason);
  const why = reason === undefined ? WORDS[status] : speak(reason);
  return {
    name: visible(unit.requested),
    status,
    exposure: null,
    level: status,
    missing: "",
    note: place === "" ? why : `${why} (${place.replace(/:\d+$/, "")})`,
    path,
  };
}

/** How much was noticed beside the checks: lines that systemd ignores, values that look hardened and are not. */
export function noticed({ findings }: AuditedUnit): { readonly error: number; readonly warning: number } {
  const count = { error: 0, warning: 0 };
  for (const { severity } of findings) if (severity !== "note") count[severity]++;
  return count;
}

/** "2 errors, 1 warning". */
function noticedText(audited: AuditedUnit): string {
  return Object.entries(noticed(audited))
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}${count === 1 ? "" : "s"}`)
    .join(", ");
}

/** Between two columns. */
const GAP = "  ";
/** A note of fewer columns says nothing: the name gives way before that. */
const SHORTEST_NOTE = 9;
/** Wide terminals have room for where a unit lies. */
const SHORTEST_PATH = 40;
const LONGEST_NOTE = 60;

export interface OverviewOptions {
  readonly columns: number;
  readonly paint: Paint;
}

interface Widths {
  readonly name: number;
  readonly level: number;
  readonly note: number;
  /** 0 where there is no room for it. */
  readonly path: number;
}

/** The table and, below it, how many there are of each kind. */
export function auditOverview(rows: readonly OverviewRow[], options: OverviewOptions): string {
  const sorted = byExposure(rows);
  const widths = widthsOf(sorted, options.columns);
  const head = [
    padEnd("UNIT", widths.name),
    "EXPOSURE",
    padEnd("LEVEL", widths.level),
    "MISSING",
    padEnd("NOTICED", widths.note),
    ...(widths.path > 0 ? ["PATH"] : []),
  ].join(GAP);
  const lines = sorted.map(row => rowLine(row, widths, options.paint));
  return `${[options.paint("bold", clip(head, options.columns).trimEnd()), ...lines].join("\n")}\n\n${overviewSum(sorted)}\n`;
}

/** The most exposed first; those without a score at the end. */
export function byExposure(rows: readonly OverviewRow[]): readonly OverviewRow[] {
  return rows.toSorted(
    (a, b) =>
      (b.exposure ?? -1) - (a.exposure ?? -1) || compare(a.status, b.status) || compare(a.name, b.name),
  );
}

function widthsOf(rows: readonly OverviewRow[], columns: number): Widths {
  const longest = (text: (row: OverviewRow) => string, least: number): number =>
    rows.reduce((width, row) => Math.max(width, textWidth(text(row))), least);
  const level = longest(row => row.level, "LEVEL".length);
  const fixed = "EXPOSURE".length + level + "MISSING".length + 4 * GAP.length;
  // What has no score has nothing missing: its note begins a column earlier.
  const early = "MISSING".length + GAP.length;
  const wanted = longest(row => (row.exposure === null ? row.note.slice(0, -early) : row.note), 7);
  const least = Math.min(wanted, SHORTEST_NOTE);
  const name = Math.min(
    longest(row => row.name, 4),
    Math.max(20, columns - fixed - least),
  );
  const room = Math.max(0, columns - name - fixed);
  const note = Math.min(wanted, LONGEST_NOTE);
  const path = room - note - GAP.length;
  const hasPath = path >= SHORTEST_PATH && rows.some(row => row.path !== "");
  return { name, level, note: hasPath ? note : room, path: hasPath ? path : 0 };
}

function rowLine(row: OverviewRow, widths: Widths, paint: Paint): string {
  const tone = row.exposure === null ? "dim" : toneOfLevel(row.level);
  const level = padEnd(row.level, widths.level);
  const early = row.exposure === null ? "MISSING".length + GAP.length : 0;
  const note = clip(row.note, widths.note + early);
  return [
    padEnd(shorten(row.name, widths.name), widths.name),
    padStart(row.exposure === null ? "-" : tenths(row.exposure), "EXPOSURE".length),
    tone === undefined ? level : paint(tone, level),
    ...(row.exposure === null ? [] : [padStart(row.missing, "MISSING".length)]),
    widths.path > 0 ? padEnd(note, widths.note + early) : note,
    // A path that is cut cannot be copied.
    ...(textWidth(row.path) <= widths.path ? [row.path] : []),
  ]
    .join(GAP)
    .trimEnd();
}

/** "93 scored, median exposure 9.5; 6 masked". */
export function overviewSum(rows: readonly OverviewRow[]): string {
  const count = new Map<string, number>();
  for (const row of rows) count.set(row.status, (count.get(row.status) ?? 0) + 1);
  const exposures = rows.flatMap(row => row.exposure ?? []).sort((a, b) => b - a);
  const middle = exposures[Math.floor(exposures.length / 2)];
  const others = [...count]
    .filter(([status]) => status !== "scored")
    .map(([status, number]) => `${number} ${status}`);
  const median = middle === undefined ? "" : `, median exposure ${tenths(middle)}`;
  return [`${exposures.length} scored${median}`, ...others].join("; ");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
