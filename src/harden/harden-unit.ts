// The whole way for one unit: evidence, choice, proof by loading again. What `fix` and the library call.

import type { FileTree } from "../host/file-tree.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { collectNeeds } from "../needs/collect-needs.ts";
import { implyNeeds } from "../needs/imply-needs.ts";
import type { Needs } from "../needs/need.ts";
import { loadDirectives } from "../rules/directives.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import type { Assessment } from "../score/assessment.ts";
import { callSets } from "../settings/call-sets.ts";
import type { Settings } from "../settings/settings.ts";
import type { Proposal, ProposeOptions } from "./proposal.ts";
import { propose } from "./propose.ts";

export interface HardenInput {
  readonly unit: LoadedUnit;
  readonly facts: SystemdFacts;
  readonly resolve: (unit: LoadedUnit) => Settings;
  readonly assess: (settings: Settings) => Assessment;
  /** The file system that the unit lives in; without one, only the unit itself is evidence. */
  readonly tree?: FileTree;
  /** What traces and logs showed. */
  readonly traced?: Needs;
  readonly options: ProposeOptions;
}

/** Proposes for one loaded unit; see `propose` for what is guaranteed. */
export function hardenUnit(input: HardenInput): Proposal {
  return hardener(input)(input.options);
}

/** The evidence is collected once; then it can be asked for many proposals. */
export function hardener(input: Omit<HardenInput, "options">): (options: ProposeOptions) => Proposal {
  const { unit, facts, resolve, assess, tree, traced } = input;
  const settings = resolve(unit);
  const calls = callSets(facts);
  const { knowledge, provided, pathKind } = collectNeeds(unit, settings, facts, tree, traced);
  const directives = loadDirectives();
  return options => {
    const proven = (options.givenUp ?? []).flatMap(each =>
      each.kind === "need" && each.directive === undefined ? [each.need] : [],
    );
    const { present, absent } = knowledge.needs;
    const needs =
      proven.length === 0
        ? knowledge.needs
        : { present: implyNeeds([...present, ...proven], knowledge.vocabulary, calls.callsOf), absent };
    return propose({
      unit,
      settings,
      knowledge: { ...knowledge, needs },
      provided,
      directives,
      facts,
      calls,
      pathKind,
      options,
      resolve,
      assess,
    });
  };
}
