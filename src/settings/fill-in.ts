// Values that a build fills in: where a stand-in serves, where the directive is unknown, and which refusals nobody can
// know of before the build.
import { type LoadedUnit, treesOf } from "../host/loaded-unit.ts";
import type { Refusal, SettingRule, ValueParser } from "../rules/systemd-rules.ts";
import type { Conditional } from "./baseline.ts";
import type { Note } from "./notes.ts";
import type { Outcome } from "./value-parser.ts";

/** What a build has a hand in, of one unit. */
export interface Filled {
  /** Directives with a placeholder in any of their lines. */
  readonly directives: Set<string>;
  /** Those among them whose value cannot be said. */
  readonly unknown: Set<string>;
  /** A whole line is filled in: it may be any. */
  readonly hasOpenLines: boolean;
}

/** Values of these kinds decide no check, so that any path or text will do: a test holds the packs to that. */
export const standsIn: ReadonlySet<ValueParser> = new Set([
  "commands",
  "text",
  "working-directory",
  "paths",
  "list",
  "lines",
  "socket-address",
  "bus-name",
]);

export function noFilled(unit: LoadedUnit): Filled {
  const hasOpenLines = treesOf(unit).some(({ diagnostics }) =>
    diagnostics.some(({ code }) => code === "placeholder-line"),
  );
  return { directives: new Set(), unknown: new Set(), hasOpenLines };
}

/** Takes down that a line has placeholders. @returns what to say where the line cannot count; nothing where it can. */
export function fillIn(
  directive: string,
  placeholders: readonly string[],
  rule: SettingRule,
  outcome: Outcome,
  filled: Filled,
): Note | undefined {
  filled.directives.add(directive);
  const isRefused = outcome.kind === "ignored" || outcome.kind === "fatal";
  if (standsIn.has(rule.parser) && !isRefused) return undefined;
  filled.unknown.add(directive);
  const args = { directive, placeholders: placeholders.join(" ").slice(0, 200) };
  return { code: "placeholder-value", severity: "note", args };
}

/** Whether a refusal may be gone once the build has filled in what is missing. */
export function dependsOnBuild(
  { entry, looksAt }: Conditional<Refusal>,
  { directives, hasOpenLines }: Filled,
): boolean {
  return hasOpenLines || [...entry.blame, ...looksAt].some(directive => directives.has(directive));
}
