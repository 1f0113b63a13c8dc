import type { Diagnostic } from "../unit/tree.ts";
import { type DemandContext, type ReadDemand, readDemand } from "./check-demand.ts";
import type { Demands, Policy } from "./policy.ts";

export interface ReadDemands {
  /** Every demand of the policy, by how it is written. */
  readonly demands: ReadonlyMap<string, ReadDemand>;
  /** Demands for values that systemd would not take. */
  readonly problems: readonly { readonly written: string; readonly diagnostic: Diagnostic }[];
}

/** Reads every demand of a policy once. */
export function readDemands(policy: Policy, context: DemandContext): ReadDemands {
  const parts: readonly Demands[] = [
    policy.all,
    ...policy.kinds.map(each => each.demands),
    ...policy.units.map(each => each.demands),
  ];
  const read = new Map<string, ReadDemand>();
  const problems: { readonly written: string; readonly diagnostic: Diagnostic }[] = [];
  for (const demand of parts.flatMap(each => [...each.require, ...each.forbid])) {
    if (read.has(demand.written)) continue;
    const one = readDemand(demand, context);
    const [diagnostic] = one.diagnostics;
    // A directive that this systemd does not know yet can be asked for all the same: no unit meets that.
    if (diagnostic !== undefined && diagnostic.code !== "key-too-new")
      problems.push({ written: demand.written, diagnostic });
    read.set(demand.written, one);
  }
  return { demands: read, problems };
}
