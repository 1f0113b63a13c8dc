// A loaded unit goes in, everything there is to say about it comes out: the one way from host to report, for the command
// line and the library alike.
import type { FileTree } from "../host/file-tree.ts";
import { type LoadedUnit, treesOf } from "../host/loaded-unit.ts";
import type { Pack } from "../rules/pack.ts";
import type { SecurityPolicy } from "../rules/policy.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import type { Target } from "../settings/settings.ts";
import { limitDiagnostics } from "../unit/limit-diagnostics.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { assess } from "./assess.ts";
import type { AuditedUnit } from "./audited-unit.ts";
import { findTraps } from "./find-traps.ts";

/** What an audit needs beside the units; the same for all of them. */
export interface AuditContext {
  readonly target: Target;
  /** Of the target's profile and architecture. */
  readonly facts: SystemdFacts;
  /** The checks to score by. */
  readonly pack: Pack;
  readonly policy?: SecurityPolicy;
  /** Packs of rules that find things without scoring them. */
  readonly rulePacks: readonly Pack[];
}

/** What a template that is named alone is loaded as: systemd-analyze(1) takes "test_instance" from 257 on. */
export function defaultInstance(target: Target): string {
  return target.version >= 257 ? "test_instance" : "i";
}

/**
 * Audits one unit. A unit that does not load, or that systemd would refuse, has a status and a reason and no score.
 * @param tree the file system that the unit runs in; absent where the unit's files are all there is.
 * @throws {PolicyError} where the policy is one on which systemd aborts.
 */
export function auditUnit(unit: LoadedUnit, context: AuditContext, tree?: FileTree): AuditedUnit {
  if (unit.status !== "loaded") {
    const [reason, ...findings] = errorsFirst(unit.diagnostics);
    return {
      unit,
      status: unit.status,
      findings: limitDiagnostics(findings),
      ...(reason === undefined ? {} : { reason }),
    };
  }
  const settings = resolveSettings(unit, context.target, context.facts);
  const said = [...loadersOwn(unit), ...settings.diagnostics];
  const { refused } = settings;
  if (refused !== undefined) {
    const findings = inFileOrder(
      unit,
      said.filter(each => each !== refused),
    );
    return { unit, status: "refused", reason: refused, settings, findings };
  }
  const scene = { facts: context.facts, ...(tree === undefined ? {} : { tree }) };
  const traps = context.rulePacks.flatMap(pack => findTraps(unit, settings, pack, scene));
  const assessment = assess(settings, context.pack, context.facts, context.policy);
  return { unit, status: "scored", settings, assessment, findings: inFileOrder(unit, [...said, ...traps]) };
}

/** What keeps a unit from loading comes first. */
function errorsFirst(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === "error";
  return [...diagnostics.filter(isError), ...diagnostics.filter(each => !isError(each))];
}

/** What was noticed while loading, apart from the syntax of the files: that is among what the settings say. */
function loadersOwn(unit: LoadedUnit): readonly Diagnostic[] {
  if (unit.diagnostics.length === 0) return [];
  const syntax = new Set(treesOf(unit).flatMap(tree => tree.diagnostics));
  return unit.diagnostics.filter(diagnostic => !syntax.has(diagnostic));
}

/** As systemd reads the files: fragment, drop-ins, then whatever has no place; shortened where there are very many. */
function inFileOrder(unit: LoadedUnit, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  if (diagnostics.length < 2) return diagnostics;
  const files = [unit.path ?? "", ...unit.dropIns.map(dropIn => dropIn.path)];
  const rankOf = ({ position }: Diagnostic): number => {
    const rank = position === undefined ? -1 : files.indexOf(position.file);
    return rank < 0 ? files.length : rank;
  };
  const sorted = diagnostics.toSorted(
    (a, b) =>
      rankOf(a) - rankOf(b) ||
      (a.position?.line ?? 0) - (b.position?.line ?? 0) ||
      (a.position?.column ?? 0) - (b.position?.column ?? 0),
  );
  return limitDiagnostics(sorted);
}
