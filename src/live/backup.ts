// What `apply` found in its place, kept over boots, so that `revert` can put it back.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isFileSystemError } from "../host/directory-tree.ts";
import { SourceError } from "../host/source-error.ts";
import { removeAtomic, writeAtomic } from "../host/write-atomic.ts";
import type { SavedFile } from "./state.ts";

export interface Backup {
  readonly format: 1;
  readonly unit: string;
  readonly file: SavedFile;
  /** SHA-256 of what was put in its place: what has changed since is somebody else's. */
  readonly written: string;
}

/**
 * Keeps what was there. Over a file that is still as the last `apply` left it, the older backup stands: `revert` goes
 * back to before the first.
 * @throws {SourceError} as `writeAtomic`
 */
export function keepBackup(unit: string, saved: SavedFile, written: Uint8Array, folder: string): void {
  const older = readBackup(unit, folder);
  const isOurs =
    older !== undefined &&
    saved.before !== null &&
    older.written === hashOf(Buffer.from(saved.before, "base64"));
  const backup: Backup = { format: 1, unit, file: isOurs ? older.file : saved, written: hashOf(written) };
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new SourceError("write-failed", { file: folder, reason: error.code });
  }
  writeAtomic(place(unit, folder), Buffer.from(`${JSON.stringify(backup)}\n`), { mode: 0o600 });
}

/** The backup of a unit, if there is one that can be understood. */
export function readBackup(unit: string, folder: string): Backup | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(place(unit, folder), "utf8"));
    return isBackup(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (isFileSystemError(error) && error.code === "ENOENT"))
      return undefined;
    throw error;
  }
}

export function dropBackup(unit: string, folder: string): void {
  removeAtomic(place(unit, folder));
}

export function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A unit's name holds no slash: systemd.unit(5). */
function place(unit: string, folder: string): string {
  return join(folder, `${unit}.backup.json`);
}

function isBackup(value: unknown): value is Backup {
  if (typeof value !== "object" || value === null) return false;
  const of = new Map<string, unknown>(Object.entries(value));
  const file = of.get("file");
  if (of.get("format") !== 1 || typeof of.get("written") !== "string") return false;
  if (typeof file !== "object" || file === null) return false;
  const saved = new Map<string, unknown>(Object.entries(file));
  const before = saved.get("before");
  return (
    typeof saved.get("path") === "string" &&
    (before === null || typeof before === "string") &&
    Array.isArray(saved.get("madeFolders"))
  );
}
