// The whole way for one unit: evidence, choice, proof by loading again. What `fix` and the library call.

import type { FileTree } from "../host/file-tree.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { collectNeeds } from "../needs/collect-needs.ts";
import { implyNeeds } from "../needs/imply-needs.ts";
import type { Need, Needs } from "../needs/need.ts";
import { formatNeed } from "../needs/need-pattern.ts";
import { oncePer } from "../needs/once-per.ts";
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

/** What was inferred and is doubted is worth no more than an assumption; what the unit declares, or somebody saw, is not doubted. */
function doubted(needs: Needs, doubt: ProposeOptions["doubt"]): Needs {
  if (doubt === undefined) return needs;
  const names = new Set(doubt.needs.map(formatNeed));
  const isDoubted = (need: Need) => need.certainty === "inferred" && names.has(formatNeed(need));
  return {
    present: needs.present.map(need =>
      isDoubted(need) ? { ...need, certainty: "assumed", prior: "common" } : need,
    ),
    absent: [...needs.absent, ...doubt.absent],
  };
}

/** What a build fills in is the build's to set: a line of ours would undo it. */
function leavingOut(options: ProposeOptions, unknown: ReadonlySet<string>): ProposeOptions {
  return { ...options, except: [...(options.except ?? []), ...unknown] };
}

/** The evidence is collected once; then it can be asked for many proposals. */
export function hardener(input: Omit<HardenInput, "options">): (options: ProposeOptions) => Proposal {
  const { unit, facts, resolve, tree, traced } = input;
  const assess = oncePer(input.assess);
  const settings = resolve(unit);
  const calls = callSets(facts);
  const { knowledge, provided, pathKind, isLasting } = collectNeeds(unit, settings, facts, tree, traced);
  const directives = loadDirectives();
  return options => {
    const proven = (options.givenUp ?? []).flatMap(each =>
      each.kind === "need" && each.directive === undefined ? [each.need] : [],
    );
    const { present, absent } = doubted(knowledge.needs, options.doubt);
    const needs =
      proven.length === 0
        ? { present, absent }
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
      isLasting,
      options: settings.unknown === undefined ? options : leavingOut(options, settings.unknown),
      resolve,
      assess,
    });
  };
}
