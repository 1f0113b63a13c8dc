// What changed between two sets of units, as Markdown for a pull request: a table of the scores, and for each unit,
// folded away, the lines behind it.
import { type Comparison, findingTitle, type UnitChange } from "../gate/compare.ts";
import type { DecidingLine } from "../gate/snapshot.ts";
import { difference, figure, grouped, named, SHOWN, sumLine } from "./compare-text.ts";
import { fitting, folded, limitedList, markdownCode, markdownText } from "./markdown.ts";

/** A comment on a pull request holds 65,536 characters. */
const ROOM = 60_000;

export function compareMarkdown(comparison: Comparison): string {
  return fitting(compareBlocks(comparison), ROOM);
}

/** The same in blocks, each of which can stand alone. */
export function compareBlocks(comparison: Comparison): readonly string[] {
  const { changes } = comparison;
  if (changes.length === 0) return ["No unit's score changed."];
  const rows = changes.map(
    each =>
      `| ${markdownCode(each.unit)} | ${figure(each.before)} | ${figure(each.after)} | ${difference(each)} | ${each.kind} |`,
  );
  const table = limitedList(rows, rest => `| and ${rest} more | | | | |`);
  return [
    `| Unit | Before | After | Change | |\n|---|--:|--:|--:|---|\n${table}`,
    sumLine(comparison),
    ...changes.flatMap(detailsOf),
  ];
}

function detailsOf({ unit, kind, checks, appeared, gone }: UnitChange): readonly string[] {
  if (kind === "added" || kind === "removed" || checks.length + appeared.length + gone.length === 0)
    return [];
  const lines = [
    ...grouped(checks).map(({ ids, direction, line, was }) => {
      const now = line === undefined ? "not set" : codeOf(line);
      const before = was === undefined ? "" : `, was ${codeOf(was)}`;
      return `- ${direction}: ${markdownText(named(ids))}: ${now}${before}`;
    }),
    ...appeared.map(each => `- new: ${markdownText(findingTitle(each))}${placeOf(each.position)}`),
    ...gone.map(each => `- gone: ${markdownText(findingTitle(each))}`),
  ];
  return [
    folded(
      `${unit}: ${kind}`,
      limitedList(lines, rest => `- and ${rest} more`, SHOWN),
    ),
  ];
}

function placeOf(position: DecidingLine["position"] | undefined): string {
  return position === undefined ? "" : ` (${markdownCode(`${position.file}:${position.line}`)})`;
}

function codeOf({ position, text }: DecidingLine): string {
  const place = markdownCode(`${position.file}:${position.line}`);
  return text === undefined ? place : `${markdownCode(text.slice(0, 200))} (${place})`;
}
