// What a run has changed, on disk before it changes it, so that whoever comes after a killed run can put it back.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isFileSystemError } from "../host/directory-tree.ts";
import { removeAtomic, writeAtomic } from "../host/write-atomic.ts";
import { runFolder } from "./lock.ts";

/** A file that a run writes, and what was there before. */
export interface SavedFile {
  readonly path: string;
  /** The bytes in base64; `null` where there was no file. */
  readonly before: string | null;
  /** Folders that were made for it, the innermost first: they go with the file where nothing else is in them. */
  readonly madeFolders: readonly string[];
}

/** All that is needed to put a unit back as it was. */
export interface RunState {
  readonly format: 1;
  readonly command: string;
  readonly unit: string;
  /** ISO 8601. */
  readonly began: string;
  readonly pid: number;
  /** Whether the unit ran, and so shall run in the end. */
  readonly wasActive: boolean;
  /** Whether the run may have started, stopped or restarted the unit by now. */
  readonly isTouched: boolean;
  readonly files: readonly SavedFile[];
  /** What was done, each noted before it was done; the last may not have happened. */
  readonly steps: readonly string[];
}

/** Writes the state, on disk before this returns. @throws {SourceError} `write-failed` and others of `writeAtomic`. */
export function writeState(state: RunState, folder: string = runFolder): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeAtomic(place(folder), Buffer.from(`${JSON.stringify(state)}\n`), { mode: 0o600 });
}

/** The state that a run left: nothing, or what cannot be understood. */
export function readState(folder: string = runFolder): RunState | "none" | "damaged" {
  let text: string;
  try {
    text = readFileSync(place(folder), "utf8");
  } catch (error) {
    if (isFileSystemError(error) && error.code === "ENOENT") return "none";
    throw error;
  }
  return parseState(text) ?? "damaged";
}

/** Forgets it: everything is as it was, or as it was meant to be. */
export function clearState(folder: string = runFolder): void {
  try {
    removeAtomic(place(folder));
  } catch (error) {
    if (!isFileSystemError(error) || error.code !== "ENOENT") throw error;
  }
}

function place(folder: string): string {
  return join(folder, "state.json");
}

function parseState(text: string): RunState | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isState(value) ? value : undefined;
}

/** The file is root's own, so this asks for the shape and trusts the words. */
function isState(value: unknown): value is RunState {
  if (typeof value !== "object" || value === null) return false;
  const of = (name: string): unknown => new Map(Object.entries(value)).get(name);
  const files = of("files");
  return (
    of("format") === 1 &&
    typeof of("unit") === "string" &&
    typeof of("wasActive") === "boolean" &&
    typeof of("isTouched") === "boolean" &&
    Array.isArray(of("steps")) &&
    Array.isArray(files) &&
    files.every(isSavedFile)
  );
}

function isSavedFile(value: unknown): value is SavedFile {
  if (typeof value !== "object" || value === null) return false;
  const path: unknown = "path" in value ? value.path : undefined;
  const before: unknown = "before" in value ? value.before : undefined;
  const madeFolders: unknown = "madeFolders" in value ? value.madeFolders : undefined;
  return (
    typeof path === "string" &&
    path.startsWith("/") &&
    (before === null || typeof before === "string") &&
    Array.isArray(madeFolders) &&
    madeFolders.every(folder => typeof folder === "string" && folder.startsWith("/"))
  );
}
