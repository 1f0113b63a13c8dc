// After a run that was killed: find what it left, and put it back.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isFileSystemError } from "../host/directory-tree.ts";
import { dropInName } from "../host/drop-in-file.ts";
import { undoState } from "./changes.ts";
import type { LiveContext } from "./live-context.ts";
import { LiveError } from "./live-error.ts";
import { takeLock } from "./lock.ts";
import { restoreFile, tryDropInName } from "./runtime-drop-in.ts";
import { clearState, readState } from "./state.ts";

export interface Recovered {
  /** The unit of the run that was killed, and what it was about to do. */
  readonly run?: { readonly unit: string; readonly command: string; readonly lastStep: string };
  /** Drop-ins of a trial that no state told of; they were removed. */
  readonly strays: readonly string[];
  /** What could not be put back. */
  readonly failures: readonly string[];
}

/**
 * Undoes what a killed run left, as its state tells; drop-ins of trials go even where no state tells of them.
 * @throws {LiveError} where a run is at work: then nothing was left.
 */
export async function recover(context: LiveContext): Promise<Recovered> {
  const lock = takeLock(context.runFolder);
  if (lock.kind === "held") throw new LiveError("machine", "run-under-way", { pid: String(lock.pid) });
  if (lock.kind === "failed")
    throw new LiveError("machine", "no-lock", { folder: context.runFolder, reason: lock.reason });
  try {
    const state = readState(context.runFolder);
    const known = state === "none" || state === "damaged" ? undefined : state;
    const failures = known === undefined ? [] : [...(await undoState(known, context))];
    const strays = findStrays(context.root);
    for (const path of strays) restoreFile({ path, before: null, madeFolders: [join(path, "..")] });
    if (strays.length > 0) {
      const reloaded = await context.undoing.reload();
      if (reloaded.kind === "failed") failures.push(`daemon-reload: ${reloaded.reason || reloaded.because}`);
    }
    if (state === "damaged") clearState(context.runFolder);
    const run = known && {
      unit: known.unit,
      command: known.command,
      lastStep: known.steps.at(-1) ?? "",
    };
    return { strays, failures, ...(run === undefined ? {} : { run }) };
  } finally {
    lock.release();
  }
}

/** In the control folder a drop-in with our name is a trial's: what is applied stands in /etc. */
function findStrays(root: string): readonly string[] {
  const places = [
    { folder: join(root, "run/systemd/system"), own: tryDropInName },
    { folder: join(root, "run/systemd/system.control"), own: dropInName },
  ];
  return places.flatMap(({ folder, own }) =>
    names(folder)
      .filter(name => name.endsWith(".d"))
      .filter(name => names(join(folder, name)).includes(own))
      .map(name => join(folder, name, own)),
  );
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (isFileSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw error;
  }
}
