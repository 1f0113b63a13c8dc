// What changed since an earlier audit, while units are audited anyway.
import { resolve } from "node:path";
import { type Comparison, compareUnits } from "../gate/compare.ts";
import type { FindContext } from "../gate/find-context.ts";
import { emptyPolicy } from "../gate/policy.ts";
import { snapshotOf, type UnitSnapshot } from "../gate/snapshot.ts";
import { findInUnit } from "../gate/unit-findings.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import { recordsOf } from "./compare-side.ts";
import type { Session } from "./session.ts";

export interface Changes {
  add(audited: AuditedUnit): void;
  /** Of all units that were added. */
  comparison(): Comparison;
}

/** @param file JSON or NDJSON of `audit`. @throws {SourceError} where it cannot be read or is none. */
export function changesSince(file: string, { context }: Pick<Session, "context">, cwd: string): Changes {
  const earlier = recordsOf(resolve(cwd, file), file);
  const scene: FindContext = { audit: context, policy: emptyPolicy, demands: new Map(), packs: [] };
  const now: UnitSnapshot[] = [];
  return {
    add: audited => now.push(snapshotOf(audited, findInUnit(audited, scene).findings)),
    comparison: () => compareUnits(earlier, now),
  };
}
