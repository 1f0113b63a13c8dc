// Failures and the directives behind them, for a person: what happened, who denied it, the line that mends it.
import type { ExplainedFailure, FailureCause } from "../live/explain-failure.ts";
import { clip, wrap } from "./columns.ts";
import { visible } from "./escape-terminal.ts";
import type { Paint } from "./paint.ts";
import { sourceOf } from "./proposal-text.ts";

export interface FailureTextOptions {
  readonly columns: number;
  readonly paint: Paint;
}

/** Directives named for one failure; JSON has them all. */
const NAMED = 3;

/** One failure: what the log says, then each directive that may be the reason, the likeliest first. */
export function failureText({ event, causes, count }: ExplainedFailure, options: FailureTextOptions): string {
  const { columns, paint } = options;
  const width = Math.min(columns, 110);
  const times = count > 1 ? ` (${count} times)` : "";
  const where = event.file === "-" || event.file === "" ? "" : `${visible(event.file)}:${event.line}: `;
  const said = `${where}${clip(visible(event.detail), 400)}${times}`;
  const shown = causes.slice(0, NAMED);
  const more = causes.length - shown.length;
  return [
    paint("bold", said),
    ...(causes.length === 0
      ? wrap(
          "Nothing that the unit sets denies this: look at file permissions, the configuration, or a security module.",
          width - 2,
        ).map(line => `  ${line}`)
      : shown.flatMap(cause => causeLines(cause, options))),
    ...(more > 0 ? [`  and ${more} more that are less likely`] : []),
  ]
    .map(line => `${line.trimEnd()}\n`)
    .join("");
}

/** The lines to add, as the text of a drop-in; empty where there are none. */
export function mendingText(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${["[Service]", ...lines.map(visible)].join("\n")}\n`;
}

function causeLines(cause: FailureCause, { columns, paint }: FailureTextOptions): readonly string[] {
  const width = Math.min(columns, 110) - 6;
  const { directive, value, position, impliedBy, asked, certainty, lines, mend, shownBy = [] } = cause;
  const set = value === "" ? `${directive}=` : `${directive}=${clip(visible(value), 120)}`;
  const from = position === undefined ? "" : ` (${visible(position.file)}:${position.line})`;
  const by = impliedBy.length === 0 ? "" : `, implied by ${impliedBy.join(" and ")}`;
  const what = asked === "" ? "" : `, which denies ${visible(asked)}`;
  const tone = certainty === "certain" ? "bad" : certainty === "likely" ? "warn" : "dim";
  return [
    `  ${paint(tone, certainty)}: ${set}${from}${by}${what}`,
    ...[...new Set(shownBy.map(evidence => `since ${sourceOf(evidence)}`))]
      .slice(0, NAMED)
      .flatMap(line => wrap(visible(line), width).map(each => `      ${each}`)),
    ...(lines.length === 0
      ? []
      : [`      add ${lines.map(line => paint("good", visible(line))).join("  ")}`]),
    ...(mend === undefined || lines.length > 0 ? [] : wrap(mend, width).map(line => `      ${line}`)),
  ];
}
