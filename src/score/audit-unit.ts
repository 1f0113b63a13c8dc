// A loaded unit goes in, everything there is to say about it comes out: the one way from host to report, for the command
// line and the library alike.
import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { Pack } from "../rules/pack.ts";
import type { SecurityPolicy } from "../rules/policy.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import type { Target } from "../settings/settings.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { assess } from "./assess.ts";
import type { AssessFacts } from "./assess-facts.ts";
import type { AuditedUnit } from "./audited-unit.ts";
import { findTraps, type TrapContext } from "./find-traps.ts";

/** What an audit needs beside the units; the same for all of them. */
export interface AuditContext {
  readonly target: Target;
  readonly facts: SystemdFacts;
  readonly assessFacts: AssessFacts;
  /** The checks to score by. */
  readonly pack: Pack;
  readonly policy?: SecurityPolicy;
  /** Packs of rules that find things without scoring them. */
  readonly rulePacks: readonly Pack[];
  readonly trapContext: TrapContext;
}

/**
 * Audits one unit. A unit that does not load, or that systemd would refuse, has a status and a reason and no score.
 * @throws {PolicyError} where the policy is one on which systemd aborts.
 */
export function auditUnit(unit: LoadedUnit, context: AuditContext): AuditedUnit {
  if (unit.status !== "loaded") {
    const [reason, ...findings] = bySeverity(unit.diagnostics);
    return { unit, status: unit.status, findings, ...(reason === undefined ? {} : { reason }) };
  }
  const settings = resolveSettings(unit, context.target, context.facts);
  const said = [...unit.diagnostics, ...settings.diagnostics];
  if (settings.refused !== undefined) {
    return {
      unit,
      status: "refused",
      reason: settings.refused,
      settings,
      findings: distinct(unit, said, settings.refused),
    };
  }
  const traps = context.rulePacks.flatMap(pack => findTraps(unit, settings, pack, context.trapContext));
  const assessment = assess(settings, context.pack, context.assessFacts, context.policy);
  return { unit, status: "scored", settings, assessment, findings: distinct(unit, [...said, ...traps]) };
}

/** What keeps a unit from loading comes first. */
function bySeverity(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === "error";
  return [...diagnostics.filter(isError), ...diagnostics.filter(each => !isError(each))];
}

/** Each once, without `except`, as systemd reads the files: fragment, drop-ins, then whatever has no place. */
function distinct(
  unit: LoadedUnit,
  diagnostics: readonly Diagnostic[],
  except?: Diagnostic,
): readonly Diagnostic[] {
  const keyOf = ({ code, position, args }: Diagnostic): string =>
    JSON.stringify([code, position?.file, position?.line, position?.column, args]);
  const found = new Map(diagnostics.map(each => [keyOf(each), each]));
  if (except !== undefined) found.delete(keyOf(except));
  const files = [unit.path ?? "", ...unit.dropIns.map(dropIn => dropIn.path)];
  const rankOf = ({ position }: Diagnostic): number => {
    const rank = position === undefined ? -1 : files.indexOf(position.file);
    return rank < 0 ? files.length : rank;
  };
  return [...found.values()].toSorted(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
}
