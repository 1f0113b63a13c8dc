// What of an assessment is the same for all units of a type: how one that says nothing stands, and which checks look at
// which directive. A unit is then judged by the checks that look at what it touches, and by no others.
import type { Check, Pack } from "../rules/pack.ts";
import type { SecurityPolicy } from "../rules/policy.ts";
import type { Setting, Settings } from "../settings/settings.ts";
import { watched } from "../settings/watched.ts";
import type { AssessFacts } from "./assess-facts.ts";
import type { CheckResult } from "./assessment.ts";
import { isForTarget, type Judged, judgeCheck } from "./judge-check.ts";

export interface Groundwork {
  readonly pack: Pack;
  readonly policy: SecurityPolicy | undefined;
  readonly rows: readonly Judged[];
  readonly sums: Sums;
  /** Directive → indexes of `rows`. */
  readonly readers: ReadonlyMap<string, readonly number[]>;
  /** What the rows come to, `weights` being the sum of the weights in the end. */
  resultsFor(weights: number): readonly CheckResult[];
  /** The same for another row in place of one of them: one object for all units in which it turns out the same. */
  resultOf(index: number, row: Judged, weights: number): CheckResult;
}

/** Over the rows that apply. */
export interface Sums {
  readonly badness: number;
  readonly weights: number;
  /** Whether a badness is above its range. */
  readonly isOver: boolean;
}

/** By the defaults of a type and target, which are one object for all its units; few packs are used in one run. */
const laid = new WeakMap<ReadonlyMap<string, Setting>, Groundwork[]>();

export function groundworkOf(
  settings: Settings,
  pack: Pack,
  facts: AssessFacts,
  policy: SecurityPolicy | undefined,
): Groundwork {
  const known = laid.get(settings.defaults) ?? [];
  const found = known.find(each => each.pack === pack && each.policy === policy);
  if (found !== undefined) return found;
  const made = layGroundwork(settings, pack, facts, policy);
  laid.set(settings.defaults, [...known, made]);
  return made;
}

function layGroundwork(
  { defaults, target }: Settings,
  pack: Pack,
  facts: AssessFacts,
  policy: SecurityPolicy | undefined,
): Groundwork {
  const checks: readonly Check[] = (pack.checks ?? []).filter(check => isForTarget(check, target));
  const readers = new Map<string, number[]>();
  const rows = checks.map((check, index) => {
    // Whatever a check looks at by default, the line that sets its own directive is always of interest.
    const asked = new Set([check.directive]);
    const row = judgeCheck(check, { target, values: watched(defaults, asked) }, facts, policy);
    for (const directive of asked) readers.set(directive, [...(readers.get(directive) ?? []), index]);
    return row;
  });
  const tables = new Map<
    number,
    { readonly own: CheckResult[]; readonly others: Map<number, CheckResult>[] }
  >();
  const tableFor = (weights: number) => {
    const known = tables.get(weights);
    if (known !== undefined) return known;
    const made = { own: rows.map(row => makeResult(row, weights)), others: rows.map(() => new Map()) };
    tables.set(weights, made);
    return made;
  };
  return {
    pack,
    policy,
    rows,
    sums: sumOf(rows),
    readers,
    resultsFor: weights => tableFor(weights).own,
    resultOf(index, row, weights) {
      const table = tableFor(weights);
      const others = table.others[index];
      const badness = row.badness ?? -1;
      const own = table.own[index];
      const known = own?.badness === row.badness ? own : others?.get(badness);
      if (known !== undefined) return known;
      const made = makeResult(row, weights);
      others?.set(badness, made);
      return made;
    },
  };
}

export function sumOf(rows: Iterable<Judged>): Sums {
  let badness = 0;
  let weights = 0;
  let isOver = false;
  for (const row of rows) {
    if (row.badness === null) continue;
    badness += Math.ceil((row.badness * row.weight) / row.range);
    weights += row.weight;
    isOver ||= row.badness > row.range;
  }
  return { badness, weights, isOver };
}

/** @param weights the sum of those that apply; without any, every exposure is 0. */
function makeResult({ check, badness, weight, range }: Judged, weights: number): CheckResult {
  const exposure =
    badness === null ? null : Math.ceil(Math.ceil((badness * weight * 100) / range) / (weights || 1));
  return { id: check.id, badness, range, weight, exposure, directive: check.directive };
}
