import { type Knowledge, kindOf } from "../needs/judge-denial.ts";
import { parseNeedPattern, subjectContains } from "../needs/need-pattern.ts";
import type { Denial, Directive, DirectiveValue } from "../rules/directives.ts";
import type { Settings } from "../settings/settings.ts";
import { applicableDenials } from "./applicable.ts";
import type { Candidate } from "./candidate.ts";
import { rankOf } from "./choose-ordered.ts";

/**
 * Leaves out candidates that deny nothing which the others, and the settings as they are, do not deny already, and that mend no
 * check of their own: nobody wants to read DevicePolicy=closed beside PrivateDevices=yes.
 * @param satisfied the checks that the unit passes as it is
 */
export function withoutRedundant(
  candidates: readonly Candidate[],
  settings: Settings,
  directives: readonly Directive[],
  satisfied: ReadonlySet<string>,
  knowledge: Knowledge,
): readonly Candidate[] {
  const valueToday = (directive: Directive) =>
    directive.values[rankOf(directive, settings.values.get(directive.directive))];
  const today = directives.flatMap(directive =>
    directive.kind === "ordered" ? denialsOf(valueToday(directive)) : [],
  );
  const denials = new Map(candidates.map(each => [each, denialsOf(chosenValue(each))]));
  let kept = candidates;
  for (const candidate of candidates) {
    if (chosenValue(candidate) === undefined) continue;
    const others = kept.filter(other => other !== candidate);
    const isMended = (check: string) =>
      satisfied.has(check) || others.some(other => other.directive.checks?.includes(check));
    if (!(candidate.directive.checks ?? []).every(isMended)) continue;
    const denied = [...today, ...others.flatMap(other => denials.get(other) ?? [])];
    const isDenied = (denial: Denial) => denied.some(other => containsDenial(other, denial, knowledge));
    if ((denials.get(candidate) ?? []).every(isDenied)) kept = others;
  }
  return kept;

  function denialsOf(value: DirectiveValue | undefined): readonly Denial[] {
    return value === undefined ? [] : applicableDenials(value, settings.target, knowledge);
  }
}

/** The value of an ordered candidate; lists deny by member and are never redundant. */
function chosenValue(candidate: Candidate): DirectiveValue | undefined {
  const { directive, value } = candidate;
  return directive.kind === "ordered" ? directive.values.find(entry => entry.value === value) : undefined;
}

function containsDenial(outer: Denial, inner: Denial, knowledge: Knowledge): boolean {
  const [one, other] = [parseNeedPattern(outer.need), parseNeedPattern(inner.need)];
  if (one.kind !== other.kind) return false;
  const kind = kindOf(one.kind, knowledge.vocabulary);
  const isExcepted = (outer.except ?? []).some(subject => !(inner.except ?? []).includes(subject));
  return !isExcepted && subjectContains(kind, one.subject, other.subject, knowledge.callsOf);
}
