// Files of earlier audits, as they are typed: files, folders of them, patterns.
import { resolve } from "node:path";
import type { Diagnostic } from "../unit/tree.ts";
import type { FileTree } from "./file-tree.ts";
import { expandPattern, isPattern } from "./glob.ts";

const AUDIT = /\.(?:json|ndjson|jsonl)(?:\.gz)?$/;
/** A folder for each host, and some above them. */
const MAX_DEPTH = 8;
const MAX_FILES = 1_000_000;

export interface AuditFiles {
  /** Absolute paths, in the order of the arguments, those of a folder in byte order; none twice. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** @param tree of this machine. */
export function auditFiles(typed: readonly string[], workingFolder: string, tree: FileTree): AuditFiles {
  const files = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const complain = (code: string, args: Readonly<Record<string, string>>): void => {
    diagnostics.push({ code, severity: "error", args });
  };
  for (const argument of typed) {
    const path = argument === "-" ? "/dev/stdin" : resolve(workingFolder, argument);
    const kind = tree.stat(path)?.kind;
    if (kind === "directory") {
      const before = files.size;
      filesBelow(tree, path, files, 0);
      if (files.size === before) complain("no-audits-in-folder", { folder: argument });
    } else if (kind !== undefined || argument === "-") files.add(path);
    else if (isPattern(argument)) {
      const found = expandPattern(tree, path).filter(each => tree.stat(each)?.kind === "file");
      if (found.length === 0) complain("pattern-matches-nothing", { pattern: argument });
      for (const each of found) files.add(each);
    } else complain("no-such-file", { file: argument });
  }
  return { files: [...files], diagnostics };
}

/** Links to folders are not followed: they could lead around in circles. */
function filesBelow(tree: FileTree, folder: string, files: Set<string>, depth: number): void {
  for (const name of tree.readDirectory(folder)) {
    if (name.startsWith(".") || files.size >= MAX_FILES) continue;
    const path = folder === "/" ? `/${name}` : `${folder}/${name}`;
    const kind = tree.lstat(path)?.kind;
    if (kind === "directory") {
      if (depth < MAX_DEPTH) filesBelow(tree, path, files, depth + 1);
    } else if (AUDIT.test(name) && tree.stat(path)?.kind === "file") files.add(path);
  }
}

/** What a file's name says of its host: "web1" of "collected/web1.ndjson.gz". */
export function hostOfFile(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.replace(AUDIT, "") || name;
}
