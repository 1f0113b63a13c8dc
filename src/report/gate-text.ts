import type { Candidate, Verdict } from "../gate/judge-exposure.ts";
import { clip, padEnd, padStart, shorten } from "./columns.ts";
import { visible } from "./escape-terminal.ts";
import { type Paint, tenths, toneOfLevel } from "./paint.ts";

/** More offenders than this are counted, not listed; the JSON has them all. */
const SHOWN = 20;

/** The worst offenders and the verdict, which is the last line. */
export function gateText(
  verdict: Verdict,
  options: { readonly columns: number; readonly paint: Paint },
): string {
  const { over, unscored, judged } = verdict;
  const bar = tenths(verdict.maxExposure);
  const lines = [...rows(over, options), ...rows(unscored, options)];
  if (verdict.hasPassed) {
    lines.push(options.paint("good", `passed: ${judged} ${units(judged)}, none above ${bar}`));
  } else {
    const parts = [
      ...(over.length > 0 ? [`${over.length} of ${judged} ${units(judged)} above ${bar}`] : []),
      ...(unscored.length > 0 ? [`${unscored.length} without a score`] : []),
    ];
    lines.push(options.paint("bad", `failed: ${parts.join(", ")}`));
  }
  return `${lines.join("\n")}\n`;
}

function rows(
  candidates: readonly Candidate[],
  options: { readonly columns: number; readonly paint: Paint },
): readonly string[] {
  const shown = candidates.slice(0, SHOWN);
  const width = Math.min(
    shown.reduce((longest, each) => Math.max(longest, visible(each.name).length), 0),
    Math.max(20, options.columns - 40),
  );
  const lines = shown.map(each => {
    const tone = toneOfLevel(each.level);
    const level = padEnd(each.exposure === null ? each.status : each.level, 9);
    const figure = padStart(each.exposure === null ? "-" : tenths(each.exposure), 4);
    const head = `${padEnd(shorten(visible(each.name), width), width)}  ${figure}  `;
    const message = clip(each.message, Math.max(0, options.columns - width - 19));
    return `${head}${tone === undefined ? level : options.paint(tone, level)}  ${message}`.trimEnd();
  });
  const rest = candidates.length - shown.length;
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}

function units(count: number): string {
  return count === 1 ? "unit" : "units";
}
