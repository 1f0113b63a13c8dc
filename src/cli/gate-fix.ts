// gate --fix: the safe proposals for the units that fail, as patches.
import { resolve } from "node:path";
import { hardenUnit } from "../harden/harden-unit.ts";
import { withoutManagedBlock } from "../harden/without-managed-block.ts";
import type { AuditTarget } from "../host/audit-target.ts";
import { dropInName, previewDropIn } from "../host/drop-in-file.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { writeIntoFolder } from "../host/write-into-folder.ts";
import { visible } from "../report/escape-terminal.ts";
import { unifiedDiff } from "../report/unified-diff.ts";
import { assess } from "../score/assess.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { dropInPlace } from "./drop-in-place.ts";
import { shownPath } from "./read-besides.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/** A unit that may turn out to fail. */
export interface Fixable {
  readonly name: string;
  readonly unit: LoadedUnit;
  readonly target: AuditTarget;
}

/**
 * Writes `UNIT.patch` into a folder, or every patch to the output where the folder is `-`. A unit with nothing that is
 * safe to propose is said.
 */
export async function writePatches(
  units: readonly Fixable[],
  folder: string,
  session: Session,
  terminal: Terminal,
): Promise<void> {
  const used = new Map<string, number>();
  for (const { name, unit, target } of units) {
    const patch = unit.status === "loaded" ? patchOf(unit, target, session, terminal.cwd) : "";
    if (patch === "") {
      terminal.warn(`tightunit: ${visible(name)}: there is nothing that is safe to propose`);
      continue;
    }
    if (folder === "-") {
      await terminal.write(patch);
      continue;
    }
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    const file = `${name}${count === 1 ? "" : `-${count}`}.patch`;
    const path = writeIntoFolder(resolve(terminal.cwd, folder), file, patch);
    terminal.warn(`tightunit: wrote ${visible(shownPath(path, terminal.cwd))}`);
  }
}

function patchOf(unit: LoadedUnit, target: AuditTarget, session: Session, cwd: string): string {
  const { target: systemd, facts, pack, policy } = session.context;
  const resolved = (each: LoadedUnit) => resolveSettings(each, systemd, facts);
  if (resolved(unit).refused !== undefined) return "";
  const { dropIn } = hardenUnit({
    unit: withoutManagedBlock(unit, dropInName),
    facts,
    resolve: resolved,
    assess: settings => assess(settings, pack, facts, policy),
    options: { level: "safe" },
    ...(target.evidence === "system" ? { tree: target.source.tree } : {}),
  });
  if (dropIn === "") return "";
  const { writable, shown } = dropInPlace(unit, target, session.machineRoot, cwd);
  if (writable === undefined) return unifiedDiff(shown, undefined, dropIn);
  const { before, after } = previewDropIn(writable, dropIn);
  return unifiedDiff(shown, before === "" ? undefined : before, after);
}
