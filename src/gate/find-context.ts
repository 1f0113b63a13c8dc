import type { Pack } from "../rules/pack.ts";
import type { AuditContext } from "../score/audit-unit.ts";
import type { ReadDemand } from "./check-demand.ts";
import type { Policy } from "./policy.ts";

/** What finding things needs beside the unit; the same for all units. */
export interface FindContext {
  readonly audit: AuditContext;
  readonly policy: Policy;
  /** Of every demand of the policy, by how it is written. */
  readonly demands: ReadonlyMap<string, ReadDemand>;
  /** Packs of the organisation, whose failed checks are findings. */
  readonly packs: readonly Pack[];
}
