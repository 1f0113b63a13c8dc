import type { Knowledge } from "../needs/judge-denial.ts";
import type { NeedPattern } from "../needs/need-pattern.ts";
import type { Directive } from "../rules/directives.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import type { CallSets } from "../settings/call-sets.ts";
import type { Settings } from "../settings/settings.ts";
import type { Exception, Level, Reason, Withheld } from "./proposal.ts";

/** What a choice is made from. */
export interface HardenContext {
  readonly settings: Settings;
  readonly knowledge: Knowledge;
  readonly facts: SystemdFacts;
  readonly calls: CallSets;
  readonly level: Level;
  /** Values of the directive in hand that are not to be proposed. */
  readonly refused: readonly string[];
  /** What the unit's settings and the values chosen so far satisfy themselves; only values with exceptions ask. */
  readonly provided: readonly NeedPattern[];
  /** What is known of paths in the source: `undefined` where the source holds no more than unit files. */
  readonly pathKind: ((path: string) => "file" | "directory" | "missing") | undefined;
  /** Whether a folder is there at every start, so that it can be named without the prefix `-`. */
  readonly isLasting: (folder: string) => boolean;
}

/** One directive that could be set, with the lines that would do it. */
export interface Candidate {
  readonly directive: Directive;
  readonly value: string;
  readonly lines: readonly string[];
  readonly reasons: readonly Reason[];
  readonly exceptions: readonly Exception[];
  readonly risk: number;
  /** It was asked for by name. */
  readonly isForced?: true;
}

/** The outcome for one directive: at most one candidate, and every stricter value that something stood in the way of. */
export interface Choice {
  readonly candidate?: Candidate;
  readonly withheld: readonly Withheld[];
}

export const NO_CHOICE: Choice = { withheld: [] };
