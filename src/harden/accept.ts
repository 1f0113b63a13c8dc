// The one place where certainty becomes a yes or a no: three verdicts, three levels, one table.

import { judgeDenial, type Knowledge } from "../needs/judge-denial.ts";
import type { Need } from "../needs/need.ts";
import { formatNeed, type NeedPattern, parseNeedPattern } from "../needs/need-pattern.ts";
import type { Denial } from "../rules/directives.ts";
import type { Prior } from "../rules/needs.ts";
import type { Level, Reason } from "./proposal.ts";

/** The unknown needs that a level takes for absent. */
const BETS: Readonly<Record<Level, readonly Prior[]>> = {
  safe: ["implausible"],
  balanced: ["implausible", "rare"],
  strict: ["implausible", "rare", "common"],
};

export type Acceptance =
  | { readonly kind: "accepted"; readonly reason: Reason }
  | { readonly kind: "needed"; readonly denied: string; readonly needs: readonly Need[] }
  | { readonly kind: "too-unsure"; readonly denied: string; readonly prior: Prior };

/** Whether a level accepts a denial, and why. */
export function acceptDenial({ need, except = [] }: Denial, level: Level, knowledge: Knowledge): Acceptance {
  return acceptPattern(parseNeedPattern(need), except, level, knowledge);
}

/** The same for what is denied in the words that needs have, `except` some of it. */
export function acceptPattern(
  pattern: NeedPattern,
  except: readonly string[],
  level: Level,
  knowledge: Knowledge,
): Acceptance {
  const verdict = judgeDenial(pattern, except, knowledge);
  const denied = formatNeed(pattern);
  switch (verdict.kind) {
    case "needed":
      return { kind: "needed", denied, needs: weighty(verdict.needs, level) };
    case "absent":
      return { kind: "accepted", reason: { denied, because: verdict } };
    case "unknown": {
      if (BETS[level].includes(verdict.prior))
        return { kind: "accepted", reason: { denied, because: verdict } };
      // What is assumed and not bet against is treated as needed: it may become an exception. What is, needs none.
      const needs = weighty(verdict.needs ?? [], level);
      if (needs.length > 0) return { kind: "needed", denied, needs };
      return { kind: "too-unsure", denied, prior: verdict.prior };
    }
  }
}

/** Needs that the level does not bet against; only these are worth an exception. */
function weighty(needs: readonly Need[], level: Level): readonly Need[] {
  return needs.filter(need => need.prior === undefined || !BETS[level].includes(need.prior));
}
