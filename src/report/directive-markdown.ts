// What the rule data knows of a directive, as Markdown for an editor's hover: the short of what `explain` says.
import type { Denial, Directive, DirectiveValue } from "../rules/directives.ts";
import type { Check } from "../rules/pack.ts";
import type { KeyFact } from "../rules/systemd-facts.ts";
import { markdownCode } from "./markdown.ts";
import { tenths } from "./paint.ts";

/** What a unit has to do with the directive. */
export interface DirectiveUse {
  /** The effective value, as it would be written; absent where it is systemd's default. */
  readonly value?: string;
  /** The directives that set it by implication. */
  readonly impliedBy: readonly string[];
  /** Tenths of exposure that the unit loses when all checks about it become good. */
  readonly gain: number;
}

const RISKS = ["none", "little", "some", "high", "the highest"] as const;

/** @param link of its manual page. */
export function directiveMarkdown(
  directive: Directive,
  checks: readonly Check[],
  use: DirectiveUse | undefined,
  link: string,
): string {
  const since = directive.since <= 183 ? "" : `, systemd ${directive.since} on`;
  return join([
    `**${directive.directive}=** · ${directive.title}`,
    useLine(use),
    directive.explanation,
    `Without it, an intruder can: ${directive.attack}`,
    table(directive),
    directive.breaks.length === 0
      ? ""
      : `Known to break:\n${directive.breaks.map(each => `- ${each.what}: ${each.why}`).join("\n")}`,
    `How it shows: ${directive.symptom}`,
    directive.mend === undefined ? "" : `What helps: ${directive.mend}`,
    checks.length === 0
      ? ""
      : `Checks: ${checks.map(check => `${check.id} (weight ${check.weight})`).join(", ")}`,
    `[${directive.man}](${link}), ${directive.scopes.join(" and ")} units${since}`,
  ]);
}

/** What is known of a directive without a file of its own. */
export function keyMarkdown(
  { key, section, type, since, until }: KeyFact,
  manual: string,
  link: string,
): string {
  const versions = [
    ...(since === undefined ? [] : [`systemd ${since} on`]),
    ...(until === undefined ? [] : [`up to systemd ${until}`]),
  ];
  const takes = type === "OTHER" || type === "" ? "" : ` · takes ${type.toLowerCase()}`;
  return join([`**${key}=** in [${section}]${takes}`, [`[${manual}](${link})`, ...versions].join(", ")]);
}

/** One value, as the table of all has it, for the hover of that value. */
export function valueMarkdown(directive: Directive, value: DirectiveValue): string {
  const denies =
    value.denies.length === 0 ? "denies nothing" : `denies ${value.denies.map(denial).join(", ")}`;
  const note = value.note === undefined ? "" : ` ${value.note}`;
  return `**${directive.directive}=${value.value}** ${denies}; risk: ${RISKS[value.risk] ?? value.risk}.${note}`;
}

function useLine(use: DirectiveUse | undefined): string {
  if (use === undefined) return "";
  const by = use.impliedBy.length === 0 ? "" : ` (by ${use.impliedBy.join(", ")})`;
  const now = use.value === undefined ? `Not set here${by}.` : `Here: ${markdownCode(use.value)}${by}.`;
  return use.gain > 0 ? `${now} Tightening it fully takes ${tenths(use.gain)} off the exposure.` : now;
}

function table(directive: Directive): string {
  if (directive.values.length === 0) return "";
  const rows = directive.values.map(value => {
    const implied = (value.implies ?? []).map(each => each.effect);
    const cells = [
      `${markdownCode(value.value)}${value.since === undefined ? "" : ` (${value.since} on)`}`,
      value.denies.map(denial).join(", ") || "nothing",
      implied.map(each => markdownCode(each)).join(", ") || "-",
      RISKS[value.risk] ?? String(value.risk),
    ];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| value | denies | implies | risk |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function denial({ need, except, when }: Denial): string {
  const but = except === undefined ? "" : ` but ${except.map(each => markdownCode(each)).join(" ")}`;
  return `${markdownCode(need)}${but}${when === undefined ? "" : ` (${when})`}`;
}

function join(parts: readonly string[]): string {
  return parts.filter(part => part !== "").join("\n\n");
}
