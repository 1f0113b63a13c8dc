import type { NeedVocabulary } from "../rules/needs.ts";
import { kindOf } from "./judge-denial.ts";
import type { Need } from "./need.ts";
import { type CallsOf, formatNeed, parseNeedPattern, subjectsOverlap } from "./need-pattern.ts";

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
    for (const implication of vocabulary.implications) {
      const cause = parseNeedPattern(implication.need);
      if (
        cause.kind !== need.kind ||
        !subjectsOverlap(kindOf(need.kind, vocabulary), cause.subject, need.subject, callsOf)
      )
        continue;
      for (const consequence of implication.then) {
        const { subject: _, ...same } = need;
        queue.push({ ...same, ...parseNeedPattern(consequence) });
      }
    }
  }
  return [...result.values()];
}
