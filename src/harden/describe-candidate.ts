import type { Certainty } from "../needs/need.ts";
import type { Candidate } from "./candidate.ts";
import type { ProposedSetting, Reason } from "./proposal.ts";

const CERTAINTIES: readonly Certainty[] = ["declared", "observed", "inferred", "assumed"];

/** What a person is told of a candidate: how sure it is, and what it rests on. */
export function describeCandidate(candidate: Candidate, gain: number): ProposedSetting {
  return {
    directive: candidate.directive.directive,
    value: candidate.value,
    lines: candidate.lines,
    reasons: candidate.reasons,
    exceptions: candidate.exceptions,
    confidence: confidenceOf(candidate.reasons),
    certainty: certaintyOf(candidate),
    risk: candidate.risk,
    gain,
    symptom: candidate.directive.symptom,
    ...(candidate.isForced === true ? { isForced: true as const } : {}),
  };
}

/** The one place where evidence becomes confidence. */
export function confidenceOf(reasons: readonly Reason[]): ProposedSetting["confidence"] {
  const unknown = reasons.flatMap(({ because }) => (because.kind === "unknown" ? [because.prior] : []));
  if (unknown.length === 0) return "proven";
  return unknown.every(prior => prior === "implausible") ? "plausible" : "bet";
}

function certaintyOf(candidate: Candidate): Certainty {
  const found = [
    ...candidate.exceptions.map(({ need }) => need.certainty),
    ...candidate.reasons.flatMap(({ because }) =>
      because.kind === "absent" ? because.coverage.map(claim => claim.certainty) : (["assumed"] as const),
    ),
  ];
  return found.reduce(
    (weakest, one) => (CERTAINTIES.indexOf(one) > CERTAINTIES.indexOf(weakest) ? one : weakest),
    "declared",
  );
}
