// Back to what was there before `apply`.
import { readFileSync } from "node:fs";
import { isFileSystemError } from "../host/directory-tree.ts";
import { dropBackup, hashOf, readBackup } from "./backup.ts";
import { note, undoOnError, withLock } from "./changes.ts";
import { checkUnit, reload } from "./check-unit.ts";
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import { reasonOf } from "./observe.ts";
import { restoreFile } from "./runtime-drop-in.ts";
import { isRunning } from "./unit-state.ts";
import { waitForRest } from "./wait-for-rest.ts";

export interface RevertResult {
  readonly path: string;
  /** Why the unit is not up with its old settings; absent where it is, or did not run. */
  readonly notUp?: string;
}

/**
 * Puts the backup of `apply` in place again, reloads, and restarts the unit if it runs.
 * @throws {LiveError} `no-backup` where there is none, `changed-since` where the file is no longer as it was written.
 */
export async function revertDropIn(unit: string, context: LiveContext): Promise<RevertResult> {
  return withLock(context, async begin => {
    const backup = readBackup(unit, context.backupFolder);
    if (backup === undefined) throw new LiveError("nothing", "no-backup", { unit });
    const { path } = backup.file;
    const today = read(path);
    if (today !== undefined && hashOf(today) !== backup.written)
      throw new LiveError("machine", "changed-since", { unit, path });
    const { state, startedBy } = await checkUnit(unit, "no-probe", context);
    const wasActive = isRunning(state);
    const changes = begin({ command: "revert", unit, wasActive });
    return undoOnError(changes, context, async () => {
      context.say(note("revert-restores", { unit, path }));
      changes.write(path, () => restoreFile(backup.file));
      await reload(context);
      dropBackup(unit, context.backupFolder);
      changes.keep();
      if (!wasActive || startedBy !== "manager") return { path };
      context.say(note("apply-restarts", { unit }));
      await context.undoing.resetFailed(unit);
      await context.undoing.restart(unit);
      const rest = await waitForRest(context.undoing, unit);
      return rest.isUp ? { path } : { path, notUp: reasonOf(rest.state) };
    });
  });
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isFileSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    throw error;
  }
}
