// Many units, one line each: the worst first, those without a score with their reason at the end.
import type { AuditedUnit } from "../score/audited-unit.ts";
import { gainOf } from "../score/gain.ts";
import type { CheckTexts } from "./check-text.ts";
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
  /** The assignment that gains most, or why there is no score. */
  readonly note: string;
}

/** How to say why a unit has no score; `speak` makes sentences, `words` are the statuses' own. */
const WORDS: Readonly<Record<AuditedUnit["status"], string>> = {
  scored: "",
  refused: "systemd refuses the unit",
  masked: "masked: nothing runs",
  "not-found": "no such unit",
  error: "cannot be read",
};

export function overviewRow(audited: AuditedUnit, texts: CheckTexts, speak: Speak): OverviewRow {
  const { unit, assessment, status, reason } = audited;
  const name = unit.name === unit.requested || status === "scored" ? unit.name : unit.requested;
  if (assessment !== undefined) {
    const best = bestMend(audited, texts);
    const note = best === undefined ? "" : `${best.mend} (-${tenths(best.gain)})`;
    return { name: visible(name), status, exposure: assessment.exposure, level: assessment.level, note };
  }
  const place = reason === undefined ? "" : placeOf(reason);
  const why = reason === undefined ? WORDS[status] : speak(reason);
  return {
    name: visible(name),
    status,
    exposure: null,
    level: status,
    note: place === "" ? why : `${why} (${place.replace(/:\d+$/, "")})`,
  };
}

/** The one assignment that lowers the exposure most; the first in the pack's order among equals. */
function bestMend(
  audited: AuditedUnit,
  texts: CheckTexts,
): { readonly mend: string; readonly gain: number } | undefined {
  const checks = audited.assessment?.checks ?? [];
  const byMend = new Map<string, Set<string>>();
  for (const check of checks) {
    const mend = texts.get(check.id)?.mend;
    if (mend === undefined || check.badness === null || check.badness === 0) continue;
    const ids = byMend.get(mend) ?? new Set<string>();
    byMend.set(mend, ids.add(check.id));
  }
  let best: { readonly mend: string; readonly gain: number } | undefined;
  for (const [mend, ids] of byMend) {
    const gain = gainOf(checks, ids);
    if (gain > 0 && (best === undefined || gain > best.gain)) best = { mend, gain };
  }
  return best;
}

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
  const levelWidth = 9;
  const figureWidth = 8;
  // A note of less than 24 columns says nothing; the name gives way before that.
  const nameWidth = Math.min(longest, Math.max(20, options.columns - figureWidth - levelWidth - 6 - 24));
  const noteWidth = Math.max(0, options.columns - nameWidth - figureWidth - levelWidth - 6);
  const head = `${padEnd("UNIT", nameWidth)}  ${padStart("EXPOSURE", figureWidth)}  ${padEnd("LEVEL", levelWidth)}  GAINS MOST`;
  const lines = [options.paint("bold", clip(head, options.columns))];
  for (const row of sorted) {
    const tone = row.exposure === null ? "dim" : toneOfLevel(row.level);
    const level = padEnd(row.level, levelWidth);
    const figure = padStart(row.exposure === null ? "-" : tenths(row.exposure), figureWidth);
    const cells = [
      padEnd(shorten(row.name, nameWidth), nameWidth),
      figure,
      tone === undefined ? level : options.paint(tone, level),
    ];
    lines.push(`${cells.join("  ")}  ${clip(row.note, noteWidth)}`.trimEnd());
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
