// What the rule data knows of a directive or a check, as text.
import type { Directive, DirectiveValue } from "../rules/directives.ts";
import type { Check } from "../rules/pack.ts";
import { wrap } from "./columns.ts";
import type { Paint } from "./paint.ts";

export interface ExplainOptions {
  readonly columns: number;
  readonly paint: Paint;
}

/** How the risk tiers of a value read; `rules/schema/directive.schema.json` says what they mean. */
const RISKS = ["no risk", "little risk", "some risk", "high risk", "the highest risk"] as const;

/** For which services a denial holds. */
const SORTS = { root: "as root", "not-root": "not as root", "user-manager": "in a user manager" } as const;

/** Everything about a directive: what it does, its values with what each denies, what breaks, how to see and mend it. */
export function explainDirective(
  directive: Directive,
  checks: readonly Check[],
  options: ExplainOptions,
): string {
  const facts = [
    `systemd ${directive.since}${directive.since <= 183 ? " or older" : ""} on`,
    `${directive.scopes.join(" and ")} units`,
    directive.man,
    ...(directive.propose ? [] : ["never proposed by itself"]),
  ];
  return join([
    `${options.paint("bold", `${directive.directive}=`)}  ${directive.title}`,
    `  ${facts.join(", ")}`,
    "",
    ...paragraph(directive.explanation, options),
    ...titled("Without it, an intruder can", [directive.attack], options),
    ...titled("Values, weakest first", directive.values.map(valueLine), options),
    ...titled(
      "Breaks",
      directive.breaks.map(each => `${each.what}: ${each.why}`),
      options,
    ),
    ...titled("How it shows", [directive.symptom], options),
    ...titled("What helps", directive.mend === undefined ? [] : [directive.mend], options),
    ...titled("Goes with", directive.companions ?? [], options),
    ...titled(
      "Checks",
      checks.map(check => `${check.id}: ${check.title} (weight ${check.weight})`),
      options,
    ),
    ...titled("More", directive.links ?? [], options),
  ]);
}

/** Everything about a check of a pack. */
export function explainCheck(check: Check, pack: string, options: ExplainOptions): string {
  return join([
    `${options.paint("bold", check.name ?? check.id)}  ${check.title}`,
    `  check ${check.id} of ${pack}, weight ${check.weight}, badness 0 to ${check.range}, decided by ${check.directive}=`,
    "",
    ...paragraph(check.explanation, options),
    ...titled("When it fails", [check.attack], options),
    ...titled("Made good by", check.mend, options),
    ...titled("May break", [check.breaks], options),
    ...titled("More", check.links ?? [], options),
  ]);
}

function valueLine(value: DirectiveValue): string {
  const since = value.since === undefined ? "" : `, systemd ${value.since} on`;
  const denied = value.denies.map(each => {
    const except = each.except === undefined ? "" : ` except ${each.except.join(" ")}`;
    const sort = each.when === undefined ? undefined : SORTS[each.when];
    const until = each.until === undefined ? undefined : `up to systemd ${each.until}`;
    const terms = [sort, until].filter(term => term !== undefined);
    const when = terms.length === 0 ? "" : ` (${terms.join(", ")})`;
    return `${each.need}${except}${when}`;
  });
  const risk = RISKS[value.risk] ?? `risk ${value.risk}`;
  const denies = denied.length === 0 ? "denies nothing" : `denies ${denied.join(", ")}; ${risk}`;
  return `${value.value}: ${denies}${since}${value.note === undefined ? "" : `. ${value.note}`}`;
}

function paragraph(text: string, options: ExplainOptions): readonly string[] {
  return wrap(text, Math.min(options.columns, 100) - 2).map(line => `  ${line}`);
}

function titled(title: string, texts: readonly string[], options: ExplainOptions): readonly string[] {
  if (texts.length === 0) return [];
  const width = Math.min(options.columns, 100) - 4;
  const isList = texts.length > 1;
  const lines = texts.flatMap(text =>
    wrap(text, width - (isList ? 2 : 0)).map(
      (line, index) => `  ${isList ? (index === 0 ? "- " : "  ") : ""}${line}`,
    ),
  );
  return ["", options.paint("bold", `${title}`), ...lines];
}

function join(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
