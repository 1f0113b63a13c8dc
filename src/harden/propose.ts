// The way from what a unit is to what it may become: choose, write, load again, and keep only what kept its promise.

import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { Assessment } from "../score/assessment.ts";
import type { Settings } from "../settings/settings.ts";
import { addDropIn, DROP_IN_NAME } from "./add-drop-in.ts";
import type { Candidate } from "./candidate.ts";
import { choose } from "./choose.ts";
import { describeCandidate } from "./describe-candidate.ts";
import { gainOf } from "./gain.ts";
import { looserSettings } from "./is-looser.ts";
import type { Proposal, Withheld } from "./proposal.ts";
import type { ProposeInput } from "./propose-input.ts";
import { reachTarget } from "./reach-target.ts";
import { renderDropIn } from "./render-drop-in.ts";

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

/** The last list that was tried is mostly the one that is kept. */
const scored = new WeakMap<ProposeInput, WeakMap<readonly Candidate[], Scored>>();

function scoreWith(candidates: readonly Candidate[], section: string, input: ProposeInput): Scored {
  const known = scored.get(input) ?? new WeakMap<readonly Candidate[], Scored>();
  scored.set(input, known);
  const made = known.get(candidates) ?? scoreAnew(candidates, section, input);
  known.set(candidates, made);
  return made;
}

function scoreAnew(candidates: readonly Candidate[], section: string, input: ProposeInput): Scored {
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
  for (let broken = brokenPromises(rest); broken.size > 0; broken = brokenPromises(rest)) {
    const guilty = findGuilty(rest, broken);
    for (const candidate of guilty) withheld.push(excluded(candidate, "weakens"));
    rest = rest.filter(candidate => !guilty.includes(candidate));
  }
  return { candidates: rest, withheld };

  /** What is wrong with the unit and these candidates: directives that got looser or stayed as they were, a refusal, a higher exposure. */
  function brokenPromises(list: readonly Candidate[]): ReadonlySet<string> {
    if (list.length === 0) return new Set();
    const { settings, after } = scoreWith(list, section, input);
    if (settings.refused !== undefined) return new Set(["refused"]);
    // Without what is asked for by name: that would be chosen again whether it came through or not.
    const options = { ...input.options, forced: [] };
    const overridden = hasLaterDropIn(input.unit)
      ? choose({ ...input, options, settings }).candidates.map(again => again.directive.directive)
      : [];
    if (overridden.length > 0) return new Set(overridden);
    const looser = looserSettings(input.settings, settings, input.directives, input.calls, input.knowledge);
    return new Set([...looser, ...(after.exposure > before.exposure ? ["exposure"] : [])]);
  }

  /** The candidates of the directives themselves; else one without which all is well; else all. */
  function findGuilty(list: readonly Candidate[], broken: ReadonlySet<string>): readonly Candidate[] {
    const named = list.filter(candidate => broken.has(candidate.directive.directive));
    if (named.length > 0) return named;
    const one = list.find(candidate => brokenPromises(list.filter(other => other !== candidate)).size === 0);
    return one === undefined ? list : [one];
  }
}

/** Whether a drop-in is read after ours: what it sets again is not ours to set. */
function hasLaterDropIn(unit: LoadedUnit): boolean {
  return unit.dropIns.some(dropIn => dropIn.path.slice(dropIn.path.lastIndexOf("/") + 1) > DROP_IN_NAME);
}

function left(all: readonly Candidate[], chosen: readonly Candidate[]): readonly Withheld[] {
  return all.filter(candidate => !chosen.includes(candidate)).map(candidate => excluded(candidate, "target"));
}

function excluded(candidate: Candidate, by: "target" | "weakens"): Withheld {
  const { directive, value } = candidate;
  return { directive: directive.directive, value, denied: "", because: { kind: "excluded", by } };
}
