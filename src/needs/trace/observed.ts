// Where observed needs gather: each once, with the first line that showed it, and few however long the trace is.

import type { NeedVocabulary } from "../../rules/needs.ts";
import type { Evidence, Need } from "../need.ts";
import { formatNeed, type NeedPattern } from "../need-pattern.ts";
import { type PathSet, pathSet } from "./condense-paths.ts";

export interface Observed {
  /** @param isSoft what the program went on without, had it been refused: assumed and rare, unless the same was seen in earnest */
  add(need: NeedPattern, evidence: () => Evidence, isSoft?: boolean): void;
  list(): readonly Need[];
}

/** Paths of one folder that are still listed one by one, by kind. */
const MANY: Readonly<Record<string, number>> = { write: 4, exec: 6, read: 8 };
/** Ports of one protocol, or subjects of another kind, that are still listed one by one. */
const MANY_PORTS = 16;
const MANY_SUBJECTS = 2000;

export function observed(vocabulary: NeedVocabulary): Observed {
  const kinds = new Map(vocabulary.kinds.map(kind => [kind.kind, kind]));
  const paths = new Map<string, PathSet>();
  const others = new Map<string, { readonly need: NeedPattern; readonly evidence: Evidence }>();
  const soft = new Map<string, { readonly need: NeedPattern; readonly evidence: Evidence }>();
  const counts = new Map<string, number>();

  const place = (need: NeedPattern, evidence: () => Evidence): void => {
    const key = formatNeed(need);
    if (others.has(key)) return;
    const group = groupOf(need);
    const count = (counts.get(group) ?? 0) + 1;
    const whole = count > (group.endsWith(":") ? MANY_PORTS : MANY_SUBJECTS) ? wholeOf(need) : undefined;
    if (whole !== undefined && formatNeed(whole) !== key) {
      place(whole, evidence);
      return;
    }
    counts.set(group, count);
    others.set(key, { need, evidence: evidence() });
  };

  return {
    add(need, evidence, isSoft = false) {
      const kind = kinds.get(need.kind);
      if (kind === undefined) throw new Error(`rules/needs/needs.json knows no need of kind "${need.kind}"`);
      if (isSoft) {
        const key = formatNeed(need);
        if (soft.size < MANY_SUBJECTS && !soft.has(key)) soft.set(key, { need, evidence: evidence() });
        return;
      }
      if (kind.subject !== "path" || need.subject === undefined || need.subject === "*") {
        place(need, evidence);
        return;
      }
      let set = paths.get(need.kind);
      if (set === undefined) {
        set = pathSet(
          MANY[need.kind] ?? 16,
          Object.keys(kind.priors ?? {}).filter(path => path !== "/"),
        );
        paths.set(need.kind, set);
      }
      set.add(need.subject, evidence);
    },
    list() {
      const found: Need[] = [...others.values()].map(({ need, evidence }) => ({
        ...need,
        certainty: "observed",
        evidence,
      }));
      for (const [key, { need, evidence }] of soft)
        if (!others.has(key)) found.push({ ...need, certainty: "assumed", prior: "rare", evidence });
      for (const [kind, set] of paths)
        for (const { path, evidence } of set.list())
          found.push({ kind, subject: path, certainty: "observed", evidence });
      return found;
    },
  };
}

/** What several parts of a trace showed, each need once. */
export function mergeObserved(parts: readonly Observed[]): readonly Need[] {
  const seen = new Set<string>();
  const all = parts.flatMap(part => part.list());
  // What one part did in earnest counts before what another could have done without.
  return [
    ...all.filter(need => need.prior === undefined),
    ...all.filter(need => need.prior !== undefined),
  ].filter(({ kind, subject }) => {
    const key = `${kind}:${subject ?? ""}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** What is counted together: the ports of a protocol, else the kind. */
function groupOf({ kind, subject }: NeedPattern): string {
  return kind === "bind" && subject !== undefined ? `bind:${subject.slice(0, subject.indexOf(":"))}:` : kind;
}

function wholeOf({ kind, subject }: NeedPattern): NeedPattern {
  return kind === "bind" && subject !== undefined
    ? { kind, subject: `${subject.slice(0, subject.indexOf(":"))}:*` }
    : { kind, subject: "*" };
}
