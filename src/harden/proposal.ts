// Settings and needs go in, a proposal comes out: the lines to add, each with what makes it safe and what it bets on.

import type { Certainty, Coverage, Need } from "../needs/need.ts";
import type { NeedPattern } from "../needs/need-pattern.ts";
import type { Prior } from "../rules/needs.ts";
import type { Assessment } from "../score/assessment.ts";

/**
 * How much certainty a line must have.
 * `safe`: what it denies is known not to be needed, or no service plausibly needs it; `balanced`: or few services need it
 * and nothing says that this one does; `strict`: or nothing says so, however common the need.
 */
export type Level = "safe" | "balanced" | "strict";

/** Why one thing that a line denies will not be missed. */
export interface Reason {
  /** What is denied, as rule data says it: `write:/etc`, `cap:CAP_SYS_TIME`. */
  readonly denied: string;
  readonly because:
    | { readonly kind: "absent"; readonly coverage: readonly Coverage[] }
    /** Nothing is known of this service; `prior` says how many others need it. A bet, unless implausible. */
    | { readonly kind: "unknown"; readonly prior: Prior; readonly needs?: readonly Need[] };
}

/** A need that became an exception within the line's own directive or a companion. */
export interface Exception {
  readonly need: Need;
  readonly line: string;
}

/** One directive of a proposal with the lines that set it. */
export interface ProposedSetting {
  readonly directive: string;
  /** The value it is given, as a person would name it: `strict`, `AF_UNIX AF_INET`. */
  readonly value: string;
  /** The assignments in order, resets and companions included: `SystemCallFilter=@system-service`. */
  readonly lines: readonly string[];
  readonly reasons: readonly Reason[];
  readonly exceptions: readonly Exception[];
  /** `proven`: every denial is known not to be needed; `plausible`: the unknown ones are implausible; `bet`: at least one is not. */
  readonly confidence: "proven" | "plausible" | "bet";
  /** The weakest certainty among what the line rests on. */
  readonly certainty: Certainty;
  /** 0…4, the risk tier of the value in `rules/directives/`. */
  readonly risk: number;
  /** Tenths of exposure that the checks it mends lose together; what systemd shows per check. */
  readonly gain: number;
  /** How a person sees that it broke the service. */
  readonly symptom: string;
  /** It was asked for by name, whatever the evidence says. */
  readonly isForced?: true;
}

/** A stricter value that was not proposed, and what stood in its way. */
export interface Withheld {
  readonly directive: string;
  readonly value: string;
  readonly denied: string;
  readonly because:
    | { readonly kind: "needed"; readonly needs: readonly Need[] }
    | { readonly kind: "unknown"; readonly prior: Prior }
    | {
        readonly kind: "excluded";
        readonly by: "only" | "except" | "max-risk" | "target" | "weakens" | "given-up";
      };
}

export interface Proposal {
  readonly unit: string;
  readonly level: Level;
  /** In the order in which they are written. */
  readonly settings: readonly ProposedSetting[];
  readonly withheld: readonly Withheld[];
  /** The scores of the unit as it is and with the drop-in, from loading both. */
  readonly before: Assessment;
  readonly after: Assessment;
  /** With a target: whether `after` reaches it. */
  readonly reachesTarget?: boolean;
  /** The managed block of the drop-in; empty when there is nothing to propose. */
  readonly dropIn: string;
}

/**
 * What a running system proved wrong: a value that is not proposed again, or a need that was not known. With a directive the
 * need is kept from that directive alone; without one it speaks against every directive that denies it.
 */
export type GivenUp =
  | { readonly kind: "value"; readonly directive: string; readonly value: string }
  | { readonly kind: "need"; readonly need: Need; readonly directive?: string };

/** What may be proposed. */
export interface ProposeOptions {
  readonly level: Level;
  /** Tenths of exposure to reach with the least risk; without it, everything that the level allows. */
  readonly target?: number;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  /** 0…4. */
  readonly maxRisk?: number;
  readonly givenUp?: readonly GivenUp[];
  /** What a probe of the running service is asked to decide; without it, evidence does. */
  readonly doubt?: Doubt;
  /** Values to have at the start whatever the evidence says, until they are given up; those of directives in lists are texts. */
  readonly forced?: readonly ForcedValue[];
}

/** Needs that were only inferred and that a running service did not show: taken for no more than common. */
export interface Doubt {
  readonly needs: readonly NeedPattern[];
  /** What was watched for and not seen; it makes unknown needs less plausible. */
  readonly absent: readonly Coverage[];
}

export interface ForcedValue {
  readonly directive: string;
  readonly value: string;
}
