// A unit and what it is read for → the drop-in that would tighten it, with the file's text before and after.
import { hardenUnit } from "../harden/harden-unit.ts";
import type { Level, Proposal } from "../harden/proposal.ts";
import { withoutManagedBlock } from "../harden/without-managed-block.ts";
import type { AuditTarget } from "../host/audit-target.ts";
import { dropInName, previewDropIn } from "../host/drop-in-file.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { assess } from "../score/assess.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { dropInPlace } from "./drop-in-place.ts";
import { shownPath } from "./read-besides.ts";
import type { Session } from "./session.ts";

export interface DropInProposal {
  readonly proposal: Proposal;
  /** As a diff names it. */
  readonly shown: string;
  /** As findings name files: relative to the working folder in a source tree, else absolute inside the system. */
  readonly file: string;
  /** Absent where there is no such file yet. */
  readonly before?: string;
  /** The same as `before` where there is nothing to add. */
  readonly after: string;
}

/** @returns `undefined` where the unit cannot be hardened: it did not load, or systemd would refuse it. */
export function proposeDropIn(
  unit: LoadedUnit,
  target: AuditTarget,
  level: Level,
  session: Pick<Session, "context" | "machineRoot">,
  cwd: string,
): DropInProposal | undefined {
  const { target: systemd, facts, pack, policy } = session.context;
  const resolved = (each: LoadedUnit) => resolveSettings(each, systemd, facts);
  if (unit.status !== "loaded" || resolved(unit).refused !== undefined) return undefined;
  const proposal = hardenUnit({
    unit: withoutManagedBlock(unit, dropInName),
    facts,
    resolve: resolved,
    assess: settings => assess(settings, pack, facts, policy),
    options: { level },
    ...(target.evidence === "system" ? { tree: target.source.tree } : {}),
  });
  const { writable, shown } = dropInPlace(unit, target, session.machineRoot, cwd);
  const isNear = target.kind === "file" || target.kind === "folder";
  const file = isNear && writable !== undefined ? shownPath(writable.path, cwd) : `/${shown}`;
  if (writable === undefined || proposal.dropIn === "")
    return { proposal, shown, file, after: proposal.dropIn };
  const { before, after } = previewDropIn(writable, proposal.dropIn);
  return { proposal, shown, file, after, ...(before === "" ? {} : { before }) };
}
