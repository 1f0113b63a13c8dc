import { matchesPattern } from "../host/glob.ts";
import type { AuditContext } from "../score/audit-unit.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import { type Demands, noDemands, type Policy } from "./policy.ts";
import { isOfKind } from "./unit-kinds.ts";

/**
 * What the policy asks of one unit. Of the bars, the last section that names the unit and has one holds; else the
 * lowest of the unit's kinds; else the one for all. Requirements and prohibitions add up.
 */
export function demandsOn(
  { unit, settings, status }: AuditedUnit,
  name: string,
  { policy, audit }: { readonly policy: Policy; readonly audit: AuditContext },
): Demands {
  if (policy.kinds.length === 0 && policy.units.length === 0) return policy.all;
  const ofKinds =
    settings === undefined || status !== "scored"
      ? []
      : policy.kinds
          .filter(each => isOfKind(each.kind, unit, settings, audit.facts))
          .map(each => each.demands);
  const names = [...new Set([name, ...unit.names])];
  const ofUnits = policy.units
    .filter(({ pattern }) => names.some(each => matchesPattern(pattern, each)))
    .map(each => each.demands);
  const all = [policy.all, ...ofKinds, ...ofUnits];
  const bar =
    ofUnits.findLast(each => each.maxExposure !== undefined)?.maxExposure ??
    lowest(ofKinds) ??
    policy.all.maxExposure;
  const demands = {
    ...noDemands,
    require: distinct(all.flatMap(each => each.require)),
    forbid: distinct(all.flatMap(each => each.forbid)),
  };
  return bar === undefined ? demands : { ...demands, maxExposure: bar };
}

function lowest(demands: readonly Demands[]): number | undefined {
  const bars = demands.flatMap(each => each.maxExposure ?? []);
  return bars.length === 0 ? undefined : Math.min(...bars);
}

function distinct(demands: Demands["require"]): Demands["require"] {
  return [...new Map(demands.map(demand => [demand.written, demand])).values()];
}
