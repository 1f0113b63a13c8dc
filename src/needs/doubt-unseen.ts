// A trace of the service at work does not prove that it needs nothing else, but it says which inferences are worth a doubt.

import type { NeedVocabulary } from "../rules/needs.ts";
import { loadTraceCalls } from "../rules/trace-calls.ts";
import { kindOf } from "./judge-denial.ts";
import type { Need, Needs } from "./need.ts";
import { type CallsOf, parseNeedPattern, subjectContains, subjectsOverlap } from "./need-pattern.ts";

/**
 * Takes what was only inferred of programs in general, and what a whole trace would have shown and did not, for no more than
 * likely: a level that bets on everything may bet against it. What the unit declares and its configuration switches on stays,
 * and so does whatever an exception keeps at no cost; `doubts` in `rules/needs/trace-calls.json` says which kinds those are not.
 * @param traced what a trace showed, with its claims of what it would have shown
 */
export function doubtUnseen(
  needs: readonly Need[],
  traced: Needs,
  vocabulary: NeedVocabulary,
  callsOf: CallsOf,
): readonly Need[] {
  const claims = traced.absent.filter(claim => claim.certainty === "observed");
  if (claims.length === 0) return needs;
  const doubts = loadTraceCalls().doubts.map(parseNeedPattern);
  const isAmong = (patterns: readonly { kind: string; subject?: string }[], need: Need) =>
    patterns.some(
      ({ kind, subject }) =>
        kind === need.kind && subjectContains(kindOf(kind, vocabulary), subject, need.subject, callsOf),
    );
  const isSeen = (need: Need) =>
    traced.present.some(
      seen =>
        seen.kind === need.kind &&
        seen.prior === undefined &&
        subjectsOverlap(kindOf(need.kind, vocabulary), seen.subject, need.subject, callsOf),
    );
  const isDoubtful = (need: Need) =>
    need.certainty === "inferred" &&
    need.evidence.by !== "config" &&
    need.isOnce !== true &&
    isAmong(doubts, need) &&
    isAmong(claims, need) &&
    !isSeen(need);
  return needs.map(need => (isDoubtful(need) ? { ...need, certainty: "assumed", prior: "common" } : need));
}
