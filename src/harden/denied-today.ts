import { type Knowledge, kindOf } from "../needs/judge-denial.ts";
import type { Need } from "../needs/need.ts";
import { parseNeedPattern, subjectContains } from "../needs/need-pattern.ts";
import type { Directive, DirectiveValue } from "../rules/directives.ts";
import type { Settings } from "../settings/settings.ts";
import { applicableDenials } from "./applicable.ts";
import { rankOf } from "./choose-ordered.ts";

/**
 * Tells of a need whether the unit's settings deny it already, so that the service cannot have it: a proposal must not
 * make an exception that wins it back. What the value's own exception directive frees today is not denied.
 */
export function deniedToday(
  settings: Settings,
  directives: readonly Directive[],
  knowledge: Knowledge,
): (need: Need) => boolean {
  return deniedBy(
    directives.flatMap(directive => {
      const value =
        directive.kind === "ordered"
          ? directive.values[rankOf(directive, settings.values.get(directive.directive))]
          : undefined;
      return value === undefined
        ? []
        : [{ value, freed: value.exception === undefined ? [] : subjectsOf(settings, value.exception) }];
    }),
    settings,
    knowledge,
  );
}

/** Tells of a need whether one of these values denies it and frees nothing that holds it. */
export function deniedBy(
  values: readonly { readonly value: DirectiveValue; readonly freed: readonly string[] }[],
  settings: Settings,
  knowledge: Knowledge,
): (need: Need) => boolean {
  const denials = values.flatMap(({ value, freed }) =>
    applicableDenials(value, settings.target, knowledge).map(denial => ({
      denied: parseNeedPattern(denial.need),
      except: [...(denial.except ?? []), ...freed],
    })),
  );
  return need => {
    const kind = kindOf(need.kind, knowledge.vocabulary);
    const contains = (outer: string | undefined) =>
      subjectContains(kind, outer, need.subject, knowledge.callsOf);
    return denials.some(
      ({ denied, except }) => denied.kind === need.kind && contains(denied.subject) && !except.some(contains),
    );
  };
}

/** What an exception directive frees now: its list without the prefixes of optional paths. */
function subjectsOf(settings: Settings, directive: string): readonly string[] {
  const value = settings.values.get(directive)?.value;
  if (value?.kind === "devices") return value.rules.map(rule => rule.path);
  return value?.kind === "list"
    ? value.value.map(word => word.replace(/^[-+]+/, "").split(":")[0] ?? "")
    : [];
}
