// One side of a comparison, as it was typed: an earlier audit, a folder, a root, a package, or a git revision.
import { resolve } from "node:path";
import type { FindContext } from "../gate/find-context.ts";
import { snapshotOf, snapshotOfRecord, type UnitSnapshot } from "../gate/snapshot.ts";
import { findInUnit } from "../gate/unit-findings.ts";
import type { AuditTarget } from "../host/audit-target.ts";
import { hostTree } from "../host/directory-tree.ts";
import { revisionTargets } from "../host/git-targets.ts";
import { isRevisionName } from "../host/git-tree.ts";
import type { ListOptions } from "../host/list-units.ts";
import type { Scope } from "../host/loaded-unit.ts";
import { resolveArguments } from "../host/resolve-arguments.ts";
import { SourceError } from "../host/source-error.ts";
import { readAudit } from "../rules/read-audit.ts";
import { auditTargets } from "./audit-targets.ts";
import { Failure } from "./failure.ts";
import { shownPath } from "./read-besides.ts";

export interface SideOptions {
  readonly scope: Scope;
  readonly workingFolder: string;
  readonly readStandardInput: () => Promise<Uint8Array>;
  /** Services alone where absent. */
  readonly listed?: ListOptions;
}

/** An audit of 10,000 units is 200 MiB of JSON. */
const AUDIT_LIMIT = 512 * 1024 * 1024;

/** @throws {Failure} where it is nothing that can be compared. @throws {SourceError} where it cannot be read. */
export async function compareSide(
  typed: string,
  context: FindContext,
  options: SideOptions,
): Promise<readonly UnitSnapshot[]> {
  const { scope, workingFolder, listed } = options;
  const path = resolve(workingFolder, typed);
  const kind = hostTree().stat(path)?.kind;
  if (kind === "file" && /\.(json|ndjson|jsonl)$/.test(typed)) return recordsOf(path, typed);
  if (kind === undefined && isRevisionName(typed)) {
    const targets = await revisionTargets({ scope, workingFolder, revision: typed, paths: [] });
    return snapshots(targets, context, workingFolder, listed);
  }
  if (kind === undefined) throw new Failure(`${typed} is neither a file, a folder nor a revision of git`);
  const { targets, diagnostics } = await resolveArguments([path], options);
  const [problem] = diagnostics;
  if (problem !== undefined) throw new SourceError(problem.code, problem.args ?? {});
  return snapshots(targets, context, workingFolder, listed);
}

/** The units of an earlier audit. @throws {SourceError} where it cannot be read or is none. */
export function recordsOf(path: string, typed: string): readonly UnitSnapshot[] {
  const text = new TextDecoder().decode(hostTree().readFile(path, AUDIT_LIMIT));
  const read = readAudit(text, typed);
  if (read.kind === "problem") throw new SourceError(read.diagnostic.code, read.diagnostic.args ?? {});
  return read.units.map(snapshotOfRecord);
}

/** The units of some targets, with what is found in each by the same rules. */
export function snapshots(
  targets: readonly AuditTarget[],
  context: FindContext,
  workingFolder: string,
  listed?: ListOptions,
): readonly UnitSnapshot[] {
  return targets.flatMap(target => {
    // A revision's and a package's paths start at their own root, which has no place on this machine.
    const shown = (file: string): string =>
      target.machineRoot === "/" ? shownPath(file, workingFolder) : file.replace(/^\/+/, "");
    return [...auditTargets([target], context.audit, listed)].map(audited =>
      snapshotOf(audited, findInUnit(audited, context).findings, shown),
    );
  });
}
