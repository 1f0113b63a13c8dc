import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { Knowledge } from "../needs/judge-denial.ts";
import type { NeedPattern } from "../needs/need-pattern.ts";
import type { Directive } from "../rules/directives.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import type { Assessment } from "../score/assessment.ts";
import type { CallSets } from "../settings/call-sets.ts";
import type { Settings } from "../settings/settings.ts";
import type { HardenContext } from "./candidate.ts";
import type { ProposeOptions } from "./proposal.ts";

/** Everything that a proposal is made from. */
export interface ProposeInput {
  readonly unit: LoadedUnit;
  readonly settings: Settings;
  readonly knowledge: Knowledge;
  /** Needs that the unit's own settings satisfy. */
  readonly provided: readonly NeedPattern[];
  readonly directives: readonly Directive[];
  readonly facts: SystemdFacts;
  readonly calls: CallSets;
  readonly pathKind: HardenContext["pathKind"];
  readonly isLasting: HardenContext["isLasting"];
  readonly options: ProposeOptions;
  /** What systemd makes of a unit, and how it scores: the same functions that an audit uses. */
  readonly resolve: (unit: LoadedUnit) => Settings;
  readonly assess: (settings: Settings) => Assessment;
}
