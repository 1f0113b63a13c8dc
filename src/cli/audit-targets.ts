import { type AuditTarget, selectUnits } from "../host/audit-target.ts";
import type { ListOptions } from "../host/list-units.ts";
import { loadUnit } from "../host/load-unit.ts";
import { indexUnits } from "../host/unit-index.ts";
import { type AuditContext, auditUnit, defaultInstance } from "../score/audit-unit.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import { listedTypes } from "./listed-types.ts";

/** Every unit of some targets, of the types that are listed, loaded and audited one at a time. */
export function* auditTargets(
  targets: readonly AuditTarget[],
  context: AuditContext,
  listed: ListOptions = listedTypes(undefined),
): Generator<AuditedUnit> {
  for (const { source, units, evidence } of targets) {
    const index = indexUnits(source);
    for (const name of selectUnits(index, units, listed).names) {
      const unit = loadUnit(index, name, { defaultInstance: defaultInstance(context.target) });
      yield auditUnit(unit, context, evidence === "system" ? source.tree : undefined);
    }
  }
}
