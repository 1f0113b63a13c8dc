import { type AuditTarget, selectUnits } from "../host/audit-target.ts";
import { loadUnit } from "../host/load-unit.ts";
import { indexUnits } from "../host/unit-index.ts";
import { type AuditContext, auditUnit, defaultInstance } from "../score/audit-unit.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";

/** Every service of some targets, loaded and audited one at a time. */
export function* auditTargets(
  targets: readonly AuditTarget[],
  context: AuditContext,
): Generator<AuditedUnit> {
  for (const { source, units, evidence } of targets) {
    const index = indexUnits(source);
    for (const name of selectUnits(index, units, { types: ["service"] }).names) {
      const unit = loadUnit(index, name, { defaultInstance: defaultInstance(context.target) });
      yield auditUnit(unit, context, evidence === "system" ? source.tree : undefined);
    }
  }
}
