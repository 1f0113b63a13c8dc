// What `fix` made of many units, as a table: before and after, the units that gained most first.
import { padEnd, padStart, shorten } from "./columns.ts";
import { visible } from "./escape-terminal.ts";
import { tenths } from "./paint.ts";

/** One unit's figures; exposures in tenths. */
export interface FixedUnit {
  readonly unit: string;
  readonly before: { readonly exposure: number; readonly level: string };
  readonly after: { readonly exposure: number; readonly level: string };
  readonly directives: number;
}

const HEAD = ["UNIT", "BEFORE", "AFTER", "DIRECTIVES"] as const;

/** The table and one line about them all; empty for no units. */
export function fixSummary(units: readonly FixedUnit[], columns: number): string {
  if (units.length === 0) return "";
  const gain = ({ before, after }: FixedUnit): number => before.exposure - after.exposure;
  const sorted = units.toSorted((a, b) => gain(b) - gain(a) || (a.unit < b.unit ? -1 : 1));
  const figures = sorted.map(({ before, after, directives }) => [
    `${tenths(before.exposure)} ${before.level}`,
    `${tenths(after.exposure)} ${after.level}`,
    String(directives),
  ]);
  const widthOf = (column: number): number =>
    Math.max(HEAD[column + 1]?.length ?? 0, ...figures.map(row => row[column]?.length ?? 0));
  const widths = [widthOf(0), widthOf(1), widthOf(2)];
  const rest = widths.reduce((sum, width) => sum + width + 2, 0);
  const names = sorted.map(({ unit }) => shorten(visible(unit), Math.max(12, columns - rest)));
  const width = Math.max(HEAD[0].length, ...names.map(name => [...name].length));
  const line = (name: string, cells: readonly string[]): string =>
    `${padEnd(name, width)}  ${padEnd(cells[0] ?? "", widths[0] ?? 0)}  ${padEnd(cells[1] ?? "", widths[1] ?? 0)}  ${padStart(cells[2] ?? "", widths[2] ?? 0)}`;
  const [head, ...titles] = HEAD;
  return `${[
    line(head, titles),
    ...names.map((name, index) => line(name, figures[index] ?? [])),
    total(units),
  ].join("\n")}\n`;
}

function total(units: readonly FixedUnit[]): string {
  const changed = units.filter(each => each.directives > 0).length;
  const median = (pick: (unit: FixedUnit) => number): string => tenths(medianOf(units.map(pick)));
  const count = `${units.length} ${units.length === 1 ? "unit" : "units"}`;
  return `${count}, ${changed} with something to add; median exposure ${median(each => each.before.exposure)} → ${median(each => each.after.exposure)}`;
}

/** The lower of the two in the middle, so that it is a figure that some unit has. */
function medianOf(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor((figures.length - 1) / 2)] ?? 0;
}
