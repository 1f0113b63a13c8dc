import type { Assessment } from "../score/assessment.ts";
import type { Candidate } from "./candidate.ts";

/** Tenths of exposure that the checks which a candidate mends lose together, as systemd shows them check by check. */
export function gainOf(candidate: Candidate, before: Assessment, after: Assessment): number {
  const mended = new Set(candidate.directive.checks ?? []);
  const sum = (assessment: Assessment) =>
    assessment.checks
      .filter(check => mended.has(check.id))
      .reduce((total, check) => total + (check.exposure ?? 0), 0);
  return sum(before) - sum(after);
}
