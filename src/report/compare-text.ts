// What changed between two sets of units, for a person at a terminal; compare-markdown.ts has it for pull requests.
import type { CheckChange, Comparison, UnitChange } from "../gate/compare.ts";
import { findingTitle } from "../gate/compare.ts";
import type { DecidingLine } from "../gate/snapshot.ts";
import { visible } from "./escape-terminal.ts";
import { counted } from "./gate-result-text.ts";
import { type Paint, tenths } from "./paint.ts";

/** Checks that the same line decides: `CapabilityBoundingSet=` alone decides a third of them. */
interface CheckGroup extends Pick<CheckChange, "direction" | "line" | "was"> {
  readonly ids: readonly string[];
}

/** More checks of one line than these are counted. */
const NAMED = 3;

/** More lines of one unit than these are counted. */
export const SHOWN = 20;

type Side = UnitChange["before"];

export function figure(side: Side): string {
  if (side === null) return "-";
  return side.exposure === null ? side.status : tenths(side.exposure);
}

/** "+0.3", "-1.2"; "" where one side has no score. */
export function difference({ before, after }: UnitChange): string {
  if (before?.exposure == null || after?.exposure == null) return "";
  const change = after.exposure - before.exposure;
  return change === 0 ? "±0.0" : `${change > 0 ? "+" : "-"}${tenths(Math.abs(change))}`;
}

/** A block for each unit that changed, the worse ones first, and a line of sums. */
export function compareText(comparison: Comparison, paint: Paint): string {
  const blocks = comparison.changes.map(change => {
    const tone = change.kind === "worse" ? "bad" : change.kind === "better" ? "good" : undefined;
    const word = tone === undefined ? change.kind : paint(tone, change.kind);
    const head = `${visible(change.unit)}  ${figure(change.before)} → ${figure(change.after)}  ${word}`;
    return [head, ...limited(detailLines(change), rest => `  and ${rest} more`)].join("\n");
  });
  return `${[...blocks, sumLine(comparison)].join("\n")}\n`;
}

function detailLines({ kind, checks, appeared, gone }: UnitChange): readonly string[] {
  // Of a unit that is new or gone, the score says it all.
  if (kind === "added" || kind === "removed") return [];
  return [
    ...grouped(checks).map(each => `  ${each.direction === "worse" ? "+" : "-"} ${groupText(each)}`),
    ...appeared.map(each => `  + ${visible(findingTitle(each))}${placeText(each.position)}`),
    ...gone.map(each => `  - ${visible(findingTitle(each))}`),
  ];
}

export function grouped(checks: readonly CheckChange[]): readonly CheckGroup[] {
  const groups = new Map<string, CheckGroup>();
  for (const { id, direction, line, was } of checks) {
    const place = [line, was].map(each => (each ? `${each.position.file}\0${each.position.line}` : ""));
    // Without a line there is nothing that the checks have in common.
    const key = [direction, ...(line === undefined && was === undefined ? [id] : place)].join("\0");
    const ids = [...(groups.get(key)?.ids ?? []), id];
    groups.set(key, { direction, ids, ...(line && { line }), ...(was && { was }) });
  }
  return [...groups.values()];
}

export function named(ids: readonly string[]): string {
  const rest = ids.length - NAMED;
  return `${ids.slice(0, NAMED).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

function groupText({ ids, line, was }: CheckGroup): string {
  const now = line === undefined ? " not set" : ` ${lineText(line)}`;
  const before = was === undefined ? "" : ` (was ${lineText(was)})`;
  return `${visible(named(ids))}:${now}${before}`;
}

function lineText({ position, text }: DecidingLine): string {
  const place = `${visible(position.file)}:${position.line}`;
  return text === undefined ? place : `${place} ${visible(text.slice(0, 200))}`;
}

function placeText(position: DecidingLine["position"] | undefined): string {
  return position === undefined ? "" : `: ${visible(position.file)}:${position.line}`;
}

function limited(lines: readonly string[], more: (rest: number) => string): readonly string[] {
  const rest = lines.length - SHOWN;
  return rest > 0 ? [...lines.slice(0, SHOWN), more(rest)] : lines;
}

export function sumLine({ summary }: Comparison): string {
  const kinds = ["worse", "better", "added", "removed"] as const;
  const parts = kinds.filter(kind => summary[kind] > 0).map(kind => `${summary[kind]} ${kind}`);
  return parts.length === 0
    ? `nothing changed: ${counted(summary.same, "unit")}`
    : `${parts.join(", ")}, ${summary.same} the same`;
}
