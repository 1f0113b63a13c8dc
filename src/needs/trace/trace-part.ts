// A trace is about several parties: the unit's own processes, its commands outside of the sandbox, and others.

import type { NeedVocabulary } from "../../rules/needs.ts";
import type { Evidence } from "../need.ts";
import { type Observed, observed } from "./observed.ts";

/** What was seen of one of them. The own processes count, and all others as long as nobody knows which are the own. */
export interface Part {
  readonly observed: Observed;
  readonly names: Set<string>;
  calls: number;
  unresolved: number;
  hasStart: boolean;
  first: Evidence | undefined;
}

/** A part of which nothing was seen yet. */
export function newPart(vocabulary: NeedVocabulary): Part {
  return {
    observed: observed(vocabulary),
    names: new Set(),
    calls: 0,
    unresolved: 0,
    hasStart: false,
    first: undefined,
  };
}
