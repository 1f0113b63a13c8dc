// rules/live/bets.json: which needs the probe of a running service can decide.
import { readRuleFile } from "./rule-files.ts";

/** Needs as patterns, `cap:*`, and why; the schema explains each word. */
export interface BetGroup {
  readonly needs: readonly string[];
  readonly because: string;
}

export interface BetRules {
  readonly bets: readonly BetGroup[];
  readonly never: readonly BetGroup[];
  /** Bet against only where a whole trace shows none of `unseen`. */
  readonly together: readonly (BetGroup & { readonly unseen: readonly string[] })[];
  readonly open: BetGroup;
  /** Said of what nothing speaks for and many services need. */
  readonly unknown: Pick<BetGroup, "because">;
}

let rules: BetRules | undefined;

export function loadBetRules(): BetRules {
  rules ??= readRuleFile<BetRules>("live/bets.json");
  return rules;
}
