// Puts our lines into a drop-in of a file system and takes them out again. The vendor's unit is never touched, and
// what others wrote into the file stays.
import { mkdirSync, rmdirSync } from "node:fs";
import { dirname } from "node:path";
import { directoryTree, isFileSystemError } from "./directory-tree.ts";
import { type BrokenBlock, type ManagedText, putManagedBlock, removeManagedBlock } from "./managed-block.ts";
import { normalizePath } from "./resolve-path.ts";
import { SourceError } from "./source-error.ts";
import { removeAtomic, writeAtomic } from "./write-atomic.ts";

/** systemd.unit(5): files in NAME.d are read in the order of their names; 50 leaves room on both sides. */
export const dropInName = "50-tightunit.conf";

/** A drop-in file: `path` is absolute inside the file system at `root` ("/" for this machine). */
export interface DropInPlace {
  readonly root: string;
  readonly path: string;
}

export type WriteOutcome = "written" | "unchanged";
/** `kept`: our lines are gone, lines of others remain in the file. */
export type UndoOutcome = "removed" | "kept" | "absent";

/**
 * Writes `block` (section headers and assignments) as our part of the drop-in; folders that are missing are made.
 * The same block again changes nothing, not even the file's time.
 * @throws {SourceError} `drop-in-broken` where our markers were damaged by hand, and what `writeAtomic` throws.
 */
export function writeDropIn(place: DropInPlace, block: string): WriteOutcome {
  const { file, text } = read(place);
  const isNew = !directoryTree(place.root).stat(dirname(normalizePath(place.path)));
  const next = sound(
    putManagedBlock(text ?? "", latin1Of(block), isNew ? "new-folder" : "old-folder"),
    place,
  );
  if (next.text === text) return "unchanged";
  makeFolder(dirname(file));
  writeAtomic(file, Buffer.from(next.text, "latin1"));
  return "written";
}

/**
 * Takes our part out of the drop-in; the file goes when nothing else is in it, and its folder when it was made for it.
 * @throws {SourceError} as `writeDropIn`.
 */
export function undoDropIn(place: DropInPlace): UndoOutcome {
  const { file, text } = read(place);
  if (text === undefined) return "absent";
  const next = sound(removeManagedBlock(text), place);
  if (!next.hadBlock) return "absent";
  if (next.text.trim() !== "") {
    writeAtomic(file, Buffer.from(next.text, "latin1"));
    return "kept";
  }
  removeAtomic(file);
  if (next.hasOwnFolder) removeFolder(dirname(file));
  return "removed";
}

/** The text that `writeDropIn` would leave in the file, for a diff: what is there, and what would be. */
export function previewDropIn(
  place: DropInPlace,
  block: string,
): { readonly before: string; readonly after: string } {
  const { text } = read(place);
  const isNew = !directoryTree(place.root).stat(dirname(normalizePath(place.path)));
  const next = sound(
    putManagedBlock(text ?? "", latin1Of(block), isNew ? "new-folder" : "old-folder"),
    place,
  );
  return { before: utf8Of(text ?? ""), after: utf8Of(next.text) };
}

/** The file's place on this machine and its text, one character per byte; `undefined` where there is no file. */
function read(place: DropInPlace): { readonly file: string; readonly text: string | undefined } {
  const tree = directoryTree(place.root);
  const path = normalizePath(place.path);
  if (tree.lstat(path)?.kind === "symlink") throw new SourceError("write-onto-link", { file: path });
  const bytes = tree.readFile(path);
  return { file: machinePath(place.root, path), text: bytes && Buffer.from(bytes).toString("latin1") };
}

/**
 * Where a path of the tree lies on this machine. Links on the way are resolved inside the root, as the tree does, so
 * that /etc being a link to /usr/etc leads to ROOT/usr/etc and never to this machine's.
 */
function machinePath(root: string, path: string): string {
  const tree = directoryTree(root);
  const missing: string[] = [];
  let known = path;
  while (known !== "/" && tree.realPath(known) === undefined) {
    if (tree.lstat(known) !== undefined) throw new SourceError("write-into-link", { file: known });
    missing.unshift(known.slice(known.lastIndexOf("/")));
    known = dirname(known);
  }
  const real = tree.realPath(known) ?? "/";
  return normalizePath(`${tree.machineRoot}/${real}${missing.join("")}`);
}

function sound(result: ManagedText | BrokenBlock, place: DropInPlace): ManagedText {
  if (result.kind === "text") return result;
  throw new SourceError("drop-in-broken", { file: place.path, line: String(result.line) });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o755 });
  } catch (error) {
    if (!isFileSystemError(error)) throw error;
    throw new SourceError("write-failed", { file: folder, reason: error.code });
  }
}

function removeFolder(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    // Somebody else put a file there since: then it is no longer ours.
    if (!isFileSystemError(error) || !["ENOTEMPTY", "EEXIST", "ENOENT"].includes(error.code)) throw error;
  }
}

function latin1Of(text: string): string {
  return Buffer.from(text).toString("latin1");
}

function utf8Of(text: string): string {
  return Buffer.from(text, "latin1").toString();
}
