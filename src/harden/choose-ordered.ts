import { type Knowledge, kindOf } from "../needs/judge-denial.ts";
import type { Need } from "../needs/need.ts";
import { subjectContains } from "../needs/need-pattern.ts";
import { type Denial, type Directive, type DirectiveValue, loadDirective } from "../rules/directives.ts";
import type { Setting, SettingValue } from "../settings/settings.ts";
import { acceptDenial } from "./accept.ts";
import { applicableDenials } from "./applicable.ts";
import { isAvailable } from "./available.ts";
import type { Candidate, Choice, HardenContext } from "./candidate.ts";
import { exceptionFor } from "./exception.ts";
import type { Exception, Reason, Withheld } from "./proposal.ts";

/** The strictest of an ordered directive's values, stricter than today's, whose denials the level accepts. */
export function chooseOrdered(directive: Directive, context: HardenContext): Choice {
  const setting = context.settings.values.get(directive.directive);
  const current = rankOf(directive, setting);
  const withheld: Withheld[] = [];
  for (let rank = directive.values.length - 1; rank > current; rank--) {
    const value = directive.values[rank];
    if (value === undefined || !isAvailable(directive, value, context.settings.target)) continue;
    // A value that takes nothing from this service, such as one that has no effect on root, is not worth a line.
    if (applicableDenials(value, context.settings.target, context.knowledge).length === 0) continue;
    if (context.refused.includes(value.value)) {
      withheld.push(givenUp(directive, value.value));
      continue;
    }
    const outcome = tryValue(directive, value, context);
    if ("lines" in outcome) return { candidate: outcome, withheld };
    withheld.push(outcome);
  }
  return { withheld };
}

function givenUp(directive: Directive, value: string): Withheld {
  return { directive: directive.directive, value, denied: "", because: { kind: "excluded", by: "given-up" } };
}

/** The place of the effective value among the directive's values; -1 below all. A list counts as the strictest value that it holds. */
export function rankOf(directive: Directive, setting: Setting | undefined): number {
  const isUnset = setting !== undefined && !setting.isSet && setting.impliedBy.length === 0;
  const written =
    setting === undefined
      ? []
      : isUnset && directive.unset !== undefined
        ? [directive.unset]
        : writtenAs(setting.value);
  return directive.values.findLastIndex(entry => written.includes(entry.value));
}

/** A value in the words that rule data has for it. */
function writtenAs(value: SettingValue): readonly string[] {
  switch (value.kind) {
    case "boolean":
      return [value.value ? "yes" : "no"];
    case "word":
    case "text":
      return [value.value];
    case "list":
      return value.value;
    case "addresses": {
      const isWhole = ([4, 6] as const).every(family =>
        value.prefixes.some(prefix => prefix.family === family && prefix.length === 0),
      );
      return isWhole ? ["any"] : [];
    }
    default:
      return [];
  }
}

function tryValue(directive: Directive, value: DirectiveValue, context: HardenContext): Candidate | Withheld {
  const reasons: Reason[] = [];
  const exceptions: Exception[] = [];
  // What another line keeps possible, such as a StateDirectory= below a read-only /var, needs no exception.
  const knowledge = value.exception === undefined ? context.knowledge : withoutProvided(context);
  for (const denial of applicableDenials(value, context.settings.target, knowledge)) {
    const first = acceptDenial(denial, context.level, knowledge);
    if (first.kind === "accepted") {
      reasons.push(first.reason);
      exceptions.push(...spared(denial, value, first.reason, context));
      continue;
    }
    const mended =
      first.kind === "needed" && value.exception !== undefined
        ? except(denial, value.exception, first.needs, context)
        : undefined;
    if (mended === undefined)
      return {
        directive: directive.directive,
        value: value.value,
        denied: first.denied,
        because: obstacle(first),
      };
    exceptions.push(...mended.exceptions);
    const rest = acceptDenial(mended.rest, context.level, knowledge);
    if (rest.kind !== "accepted")
      return {
        directive: directive.directive,
        value: value.value,
        denied: rest.denied,
        because: obstacle(rest),
      };
    reasons.push(rest.reason);
    exceptions.push(...spared(mended.rest, value, rest.reason, context));
  }
  const extra = widest([...new Set(exceptions.map(exception => exception.line))].sort());
  return {
    directive,
    value: value.value,
    lines: [`${directive.directive}=${value.value}`, ...extra],
    reasons,
    exceptions,
    risk: value.risk,
  };
}

/** Of exceptions for paths the outermost: what lies below one is excepted with it. */
function widest(lines: readonly string[]): readonly string[] {
  return lines.filter(
    line => !lines.some(other => other !== line && other.includes("=/") && line.startsWith(`${other}/`)),
  );
}

function withoutProvided({ knowledge, provided }: HardenContext): Knowledge {
  const { vocabulary, callsOf, needs } = knowledge;
  const isProvided = (need: Need) =>
    provided.some(
      entry =>
        entry.kind === need.kind &&
        subjectContains(kindOf(need.kind, vocabulary), entry.subject, need.subject, callsOf),
    );
  return { ...knowledge, needs: { ...needs, present: needs.present.filter(need => !isProvided(need)) } };
}

/** Whether the value denies it for this service: some denials hold for root, for others or in old versions only. */
/** Takes the needed subjects out of a denial, each by an exception; `undefined` where one cannot be. */
function except(denial: Denial, directive: string, needs: readonly Need[], context: HardenContext) {
  const exceptions: Exception[] = [];
  const subjects: string[] = [];
  for (const need of needs) {
    const exception = exceptionFor(directive, denial, need, context);
    if (exception === undefined) return undefined;
    exceptions.push({ need, line: exception.line });
    subjects.push(exception.subject);
  }
  return { exceptions, rest: { ...denial, except: [...(denial.except ?? []), ...subjects] } };
}

/**
 * Exceptions for what a bet is made against all the same: where one path of its own is named, an exception costs nothing. Not for the
 * folders at the top, which leave little of the denial.
 */
function spared(
  denial: Denial,
  value: DirectiveValue,
  { because }: Reason,
  context: HardenContext,
): readonly Exception[] {
  const { exception: directive } = value;
  if (directive === undefined || because.kind !== "unknown") return [];
  // A device that may be opened is one more that an attacker may open.
  if (loadDirective(directive)?.nodes !== undefined) return [];
  return (because.needs ?? []).flatMap(need => {
    if (kindOf(need.kind, context.knowledge.vocabulary).subject !== "path") return [];
    const exception = exceptionFor(directive, denial, need, context);
    const isDeep = exception !== undefined && /^\/[^/]+\/./.test(exception.subject);
    return isDeep && need.prior === "common" ? [{ need, line: exception.line }] : [];
  });
}

function obstacle(
  acceptance: Exclude<ReturnType<typeof acceptDenial>, { kind: "accepted" }>,
): Withheld["because"] {
  return acceptance.kind === "needed"
    ? { kind: "needed", needs: acceptance.needs }
    : { kind: "unknown", prior: acceptance.prior };
}
