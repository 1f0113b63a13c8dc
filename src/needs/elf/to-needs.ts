import type { Certainty, Evidence, Need } from "../need.ts";
import { parseNeedPattern } from "../need-pattern.ts";

/** Needs as rule data writes them, for what an object showed. */
export function toNeeds(
  patterns: readonly string[],
  certainty: Certainty,
  evidence: Evidence,
): readonly Need[] {
  // A hint is no proof either way: some programs that look like this have the need.
  const sure = certainty === "assumed" ? { certainty, prior: "common" as const } : { certainty };
  return patterns.map(pattern => ({ ...parseNeedPattern(pattern), ...sure, evidence }));
}
