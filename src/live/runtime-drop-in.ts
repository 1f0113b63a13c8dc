// A drop-in that is gone after the next boot, whatever happens: /run/systemd/system/UNIT.d/.
import { existsSync, mkdirSync, readFileSync, rmdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { isFileSystemError } from "../host/directory-tree.ts";
import { SourceError } from "../host/source-error.ts";
import { removeAtomic, writeAtomic } from "../host/write-atomic.ts";
import type { SavedFile } from "./state.ts";

/** systemd.unit(5): read in the order of names over all folders; this one stands just before ours in /etc. */
export const tryDropInName = "50-tightunit-try.conf";

/** @param root "/" for this machine. */
export function runtimeDropInPath(unit: string, root = "/"): string {
  return join(root, "run/systemd/system", `${unit}.d`, tryDropInName);
}

/**
 * Where a runtime drop-in replaces the one of the same name in /etc: systemd.unit(5), the control folders are read before /etc.
 * @param name the base name of the drop-in to replace
 */
export function replacingDropInPath(unit: string, name: string, root = "/"): string {
  return join(root, "run/systemd/system.control", `${unit}.d`, name);
}

/** What stands at `path` now, and which folders are missing above it: to be saved before the file is written. */
export function saveFile(path: string): SavedFile {
  const madeFolders: string[] = [];
  for (let folder = dirname(path); !existsSync(folder); folder = dirname(folder)) madeFolders.push(folder);
  return { path, before: read(path)?.toString("base64") ?? null, madeFolders };
}

/** Writes the text with the folders above. @throws {SourceError} as `writeAtomic`. */
export function putFile(path: string, text: string | Uint8Array): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new SourceError("write-failed", { file: path, reason: error.code });
  }
  writeAtomic(path, typeof text === "string" ? Buffer.from(text) : text);
}

/** Puts back what was saved; what is in place already is left alone. @throws {SourceError} as `writeAtomic`. */
export function restoreFile(saved: SavedFile): void {
  if (saved.before === null) {
    if (existsSync(saved.path)) removeAtomic(saved.path);
  } else {
    const bytes = Buffer.from(saved.before, "base64");
    if (read(saved.path)?.equals(bytes) !== true) putFile(saved.path, bytes);
  }
  for (const folder of saved.madeFolders) removeFolder(folder);
}

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isFileSystemError(error) && (error.code === "ENOENT" || error.code === "ENOTDIR")) return undefined;
    if (!isFileSystemError(error)) throw error;
    throw new SourceError("file-unreadable", { file: path, reason: error.code });
  }
}

function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    // Somebody else's file is in it by now: then it stays.
    if (!isFileSystemError(error) || !["ENOTEMPTY", "EEXIST", "ENOENT"].includes(error.code)) throw error;
  }
}
