import type { NeedVocabulary } from "../rules/needs.ts";
import { kindOf } from "./judge-denial.ts";
import type { Need } from "./need.ts";
import {
  type CallsOf,
  formatNeed,
  type NeedPattern,
  parseNeedPattern,
  subjectsOverlap,
} from "./need-pattern.ts";
import { oncePer } from "./once-per.ts";

/**
 * Adds what needs bring along, as `rules/needs/needs.json` says: who changes its user needs the capabilities for it.
 * An implied need is as certain as its cause and carries the cause's evidence. Of duplicates one stays.
 */
export function implyNeeds(
  needs: readonly Need[],
  vocabulary: NeedVocabulary,
  callsOf: CallsOf,
): readonly Need[] {
  const result = new Map<string, Need>();
  const queue = [...needs];
  for (let need = queue.shift(); need !== undefined; need = queue.shift()) {
    const key = formatNeed(need);
    const other = result.get(key);
    // Of two that say the same the surer one stays, in whatever order they come: what is implied comes late.
    if (other !== undefined && (other.prior === undefined || need.prior !== undefined)) continue;
    result.set(key, need);
    for (const { cause, consequences, isShown } of implicationsOf(vocabulary).get(need.kind) ?? []) {
      if (isShown && need.evidence.by === "trace") continue;
      if (!subjectsOverlap(kindOf(need.kind, vocabulary), cause.subject, need.subject, callsOf)) continue;
      const { subject: _, ...same } = need;
      for (const consequence of consequences) queue.push({ ...same, ...consequence });
    }
  }
  return [...result.values()];
}

interface Implication {
  readonly cause: NeedPattern;
  readonly consequences: readonly NeedPattern[];
  /** A trace shows by itself whether it was so. */
  readonly isShown: boolean;
}

/** By the kind of the cause. */
const implicationsOf = oncePer(({ implications }: NeedVocabulary): ReadonlyMap<string, Implication[]> => {
  const byKind = new Map<string, Implication[]>();
  for (const { need, then, traced } of implications) {
    const cause = parseNeedPattern(need);
    const implication = { cause, consequences: then.map(parseNeedPattern), isShown: traced === false };
    byKind.set(cause.kind, [...(byKind.get(cause.kind) ?? []), implication]);
  }
  return byKind;
});
