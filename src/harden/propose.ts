// The way from what a unit is to what it may become: choose, write, load again, and keep only what kept its promise.

import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { Knowledge } from "../needs/judge-denial.ts";
import type { NeedPattern } from "../needs/need-pattern.ts";
import type { Directive } from "../rules/directives.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import type { Assessment } from "../score/assessment.ts";
import type { CallSets } from "../settings/call-sets.ts";
import type { Settings } from "../settings/settings.ts";
import { addDropIn } from "./add-drop-in.ts";
import type { Candidate, HardenContext } from "./candidate.ts";
import { choose } from "./choose.ts";
import { describeCandidate } from "./describe-candidate.ts";
import { gainOf } from "./gain.ts";
import { looserSettings } from "./is-looser.ts";
import type { Proposal, ProposeOptions, Withheld } from "./proposal.ts";
import { reachTarget } from "./reach-target.ts";
import { renderDropIn } from "./render-drop-in.ts";

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
  readonly options: ProposeOptions;
  /** What systemd makes of a unit, and how it scores: the same functions that an audit uses. */
  readonly resolve: (unit: LoadedUnit) => Settings;
  readonly assess: (settings: Settings) => Assessment;
}

/** The sections that have an execution environment, by unit type. systemd.exec(5). */
const SECTIONS: Readonly<Record<string, string>> = {
  service: "Service",
  socket: "Socket",
  mount: "Mount",
  swap: "Swap",
};

/**
 * Proposes the strictest settings that the unit's needs allow at the asked level.
 * Guarantees: the exposure does not rise, no setting gets looser, and the drop-in gives exactly `after`.
 * A unit without an execution environment, or one that systemd refuses, gets an empty proposal.
 */
export function propose(input: ProposeInput): Proposal {
  const { options, settings } = input;
  const before = input.assess(settings);
  const section = SECTIONS[input.unit.name.slice(input.unit.name.lastIndexOf(".") + 1)];
  if (section === undefined || settings.refused !== undefined) {
    return {
      unit: input.unit.name,
      level: options.level,
      settings: [],
      withheld: [],
      before,
      after: before,
      dropIn: "",
    };
  }
  const { candidates, withheld } = choose(input);
  const kept = keepPromises(candidates, section, input, before);
  const chosen =
    options.target === undefined
      ? kept.candidates
      : reachTarget(kept.candidates, options.target, list => scoreWith(list, section, input).after);
  const { after, dropIn } = scoreWith(chosen, section, input);
  return {
    unit: input.unit.name,
    level: options.level,
    settings: chosen.map(candidate => describeCandidate(candidate, gainOf(candidate, before, after))),
    withheld: [...withheld, ...kept.withheld, ...left(kept.candidates, chosen)],
    before,
    after,
    ...(options.target === undefined ? {} : { reachesTarget: after.exposure <= options.target }),
    dropIn,
  };
}

interface Scored {
  readonly dropIn: string;
  readonly settings: Settings;
  readonly after: Assessment;
}

function scoreWith(candidates: readonly Candidate[], section: string, input: ProposeInput): Scored {
  const dropIn = renderDropIn(section, candidates);
  const settings = candidates.length === 0 ? input.settings : input.resolve(addDropIn(input.unit, dropIn));
  return { dropIn, settings, after: input.assess(settings) };
}

/** Loads the unit with the candidates and drops those that systemd would not honour, or that would weaken something. */
function keepPromises(
  candidates: readonly Candidate[],
  section: string,
  input: ProposeInput,
  before: Assessment,
) {
  const withheld: Withheld[] = [];
  let rest = candidates;
  for (;;) {
    const { settings, after } = scoreWith(rest, section, input);
    const looser = new Set(
      settings.refused === undefined
        ? looserSettings(input.settings, settings, input.directives, input.calls)
        : rest.map(candidate => candidate.directive.directive),
    );
    const bad = rest.filter(candidate => looser.has(candidate.directive.directive));
    // Something that is not ours got looser, or the sum did: without knowing which line did it, none may stay.
    const guilty = bad.length > 0 ? bad : looser.size > 0 || after.exposure > before.exposure ? rest : [];
    if (guilty.length === 0) return { candidates: rest, withheld };
    for (const candidate of guilty) withheld.push(excluded(candidate, "weakens"));
    rest = rest.filter(candidate => !guilty.includes(candidate));
  }
}

function left(all: readonly Candidate[], chosen: readonly Candidate[]): readonly Withheld[] {
  return all.filter(candidate => !chosen.includes(candidate)).map(candidate => excluded(candidate, "target"));
}

function excluded(candidate: Candidate, by: "target" | "weakens"): Withheld {
  const { directive, value } = candidate;
  return { directive: directive.directive, value, denied: "", because: { kind: "excluded", by } };
}
