// gate --fix: the safe proposals for the units that fail, as patches.
import { resolve } from "node:path";
import type { AuditTarget } from "../host/audit-target.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { writeIntoFolder } from "../host/write-into-folder.ts";
import { visible } from "../report/escape-terminal.ts";
import { unifiedDiff } from "../report/unified-diff.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import { proposeDropIn } from "./propose-drop-in.ts";
import { shownPath } from "./read-besides.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/** A unit that may turn out to fail. */
export interface Fixable {
  readonly name: string;
  readonly audited: AuditedUnit;
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
  for (const { name, audited, target } of units) {
    const patch = patchOf(audited.unit, target, session, terminal.cwd);
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
  const proposed = proposeDropIn(unit, target, "safe", session, cwd);
  if (proposed === undefined || proposed.proposal.dropIn === "") return "";
  const { shown, before, after } = proposed;
  return unifiedDiff(shown, before, after);
}
