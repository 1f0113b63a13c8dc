// gate --against REVISION: the same units as they were there, searched by the same policy, and what became of them.
import { type Baseline, baselineOf } from "../gate/baseline.ts";
import { type Comparison, compareUnits } from "../gate/compare.ts";
import { type Finding, orderFindings } from "../gate/finding.ts";
import { loosenedFindings } from "../gate/loosened.ts";
import type { UnitSnapshot } from "../gate/snapshot.ts";
import { findInUnit } from "../gate/unit-findings.ts";
import { revisionTargets } from "../host/git-targets.ts";
import { auditTargets } from "./audit-targets.ts";
import { snapshots } from "./compare-side.ts";
import type { GateRun } from "./gate-run.ts";
import { listedTypes } from "./listed-types.ts";
import type { GateOptions } from "./options.ts";

export interface Against {
  readonly comparison: Comparison;
  /** What the revision has already. */
  readonly known: Baseline;
  readonly loosened: readonly Finding[];
  /** Tenths there, by unit. */
  readonly before: ReadonlyMap<string, number | null>;
}

/**
 * @param now the units of the run as snapshots.
 * @throws {SourceError} where there is no such revision.
 */
export async function compareAgainst(
  revision: string,
  options: GateOptions,
  run: GateRun,
  now: readonly UnitSnapshot[],
  workingFolder: string,
): Promise<Against> {
  const { context } = run;
  const scope = context.audit.target.scope;
  const targets = await revisionTargets({ scope, workingFolder, revision, paths: options.units });
  const listed = listedTypes(options.type);
  const old = snapshots(targets, context, workingFolder, listed);
  const comparison = compareUnits(old, now);
  const found = [...auditTargets(targets, context.audit, listed)].flatMap(
    each => findInUnit(each, context).findings,
  );
  const places = new Map(run.units.map(each => [each.name, each.place]));
  return {
    comparison,
    known: baselineOf(orderFindings(found)),
    loosened: loosenedFindings(comparison.changes, context.policy, unit => places.get(unit)),
    before: new Map(old.map(each => [each.name, each.exposure])),
  };
}
