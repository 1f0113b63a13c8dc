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
  readonly weights: number;
  /** Those of `rows`, where nothing changes the sum of the weights. */
  readonly results: readonly CheckResult[];
  /** Directive → indexes of `rows`. */
  readonly readers: ReadonlyMap<string, readonly number[]>;
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
    const asked = new Set<string>();
    const row = judgeCheck(check, { target, values: watched(defaults, asked) }, facts, policy);
    for (const directive of asked) readers.set(directive, [...(readers.get(directive) ?? []), index]);
    return row;
  });
  const weights = rows.reduce((sum, { badness, weight }) => (badness === null ? sum : sum + weight), 0);
  return { pack, policy, rows, weights, results: rows.map(row => resultOf(row, weights)), readers };
}

/** @param weights the sum of those that apply; without any, every exposure is 0. */
export function resultOf({ check, badness, weight, range }: Judged, weights: number): CheckResult {
  const exposure =
    badness === null ? null : Math.ceil(Math.ceil((badness * weight * 100) / range) / (weights || 1));
  return { id: check.id, badness, range, weight, exposure, directive: check.directive };
}
