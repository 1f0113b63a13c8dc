// Many units, one line each: the worst first, those without a score with their reason at the end.
import type { AuditedUnit } from "../score/audited-unit.ts";
import { clip, padEnd, padStart, shorten } from "./columns.ts";
import { visible } from "./escape-terminal.ts";
import { placeOf, type Speak } from "./messages.ts";
import { type Paint, tenths, toneOfLevel } from "./paint.ts";

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
      note: noticed(audited),
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

/** "2 warnings": lines that systemd ignores, values that look hardened and are not. */
function noticed(audited: AuditedUnit): string {
  return (["error", "warning"] as const)
    .map(severity => ({
      severity,
      count: audited.findings.filter(each => each.severity === severity).length,
    }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}${count === 1 ? "" : "s"}`)
    .join(", ");
}

/** Columns of everything but the name and the note: three figures and the gaps between them. */
const FIXED = 8 + 9 + 7 + 3 * 2;

export interface OverviewOptions {
  readonly columns: number;
  readonly paint: Paint;
}

/** The table and, below it, how many there are of each kind. */
export function auditOverview(rows: readonly OverviewRow[], options: OverviewOptions): string {
  const sorted = rows.toSorted(
    (a, b) =>
      (b.exposure ?? -1) - (a.exposure ?? -1) || compare(a.status, b.status) || compare(a.name, b.name),
  );
  const longest = sorted.reduce((width, row) => Math.max(width, row.name.length), 4);
  const hasNotes = sorted.some(row => row.note !== "");
  // A note of less than 14 columns says nothing; the name gives way before that.
  const nameWidth = Math.min(longest, Math.max(20, options.columns - FIXED - (hasNotes ? 16 : 0)));
  const rest = Math.max(0, options.columns - nameWidth - FIXED - 2);
  const head = `${padEnd("UNIT", nameWidth)}  EXPOSURE  ${padEnd("LEVEL", 9)}  MISSING  NOTICED`;
  const lines = [options.paint("bold", clip(head, options.columns))];
  for (const row of sorted) {
    const tone = row.exposure === null ? "dim" : toneOfLevel(row.level);
    const level = padEnd(row.level, 9);
    const cells = [
      padEnd(shorten(row.name, nameWidth), nameWidth),
      padStart(row.exposure === null ? "-" : tenths(row.exposure), 8),
      tone === undefined ? level : options.paint(tone, level),
      padStart(row.missing, 7),
    ];
    // Wide terminals have room for where the unit lies.
    const note =
      rest >= 60 && row.path !== "" ? [row.note, row.path].filter(part => part !== "").join("  ") : row.note;
    lines.push(`${cells.join("  ")}  ${clip(note, rest)}`.trimEnd());
  }
  return `${lines.join("\n")}\n\n${summary(sorted)}\n`;
}

function summary(rows: readonly OverviewRow[]): string {
  const count = new Map<string, number>();
  for (const row of rows) count.set(row.status, (count.get(row.status) ?? 0) + 1);
  const scored = rows.filter(row => row.exposure !== null);
  const middle = scored[Math.floor(scored.length / 2)]?.exposure;
  const others = [...count]
    .filter(([status]) => status !== "scored")
    .map(([status, number]) => `${number} ${status}`);
  const median = middle === undefined || middle === null ? "" : `, median exposure ${tenths(middle)}`;
  return [`${scored.length} scored${median}`, ...others].join("; ");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
