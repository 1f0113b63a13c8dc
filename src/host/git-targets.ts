// A revision and what was typed go in, the units that are meant by it there go out.
import { basename, dirname, resolve } from "node:path";
import type { AuditTarget } from "./audit-target.ts";
import { hostTree } from "./directory-tree.ts";
import { gitTree, pathInRepository } from "./git-tree.ts";
import type { Scope } from "./loaded-unit.ts";
import { sourceNames } from "./source-names.ts";
import { isSystemRoot, unitFolders } from "./unit-folders.ts";

export interface RevisionOptions {
  readonly scope: Scope;
  /** In the repository; what relative paths count from. */
  readonly workingFolder: string;
  readonly revision: string;
  /** Unit files and folders, as they are now; one that the revision does not have means nothing there. */
  readonly paths: readonly string[];
}

/** @throws {SourceError} see `gitTree`. */
export async function revisionTargets(options: RevisionOptions): Promise<readonly AuditTarget[]> {
  const { scope, workingFolder, revision, paths } = options;
  const { tree, top } = await gitTree(workingFolder, revision);
  // git speaks of places without links.
  const here = hostTree().realPath(workingFolder) ?? workingFolder;
  return (paths.length === 0 ? ["."] : paths).flatMap((typed): readonly AuditTarget[] => {
    const path = pathInRepository(top, resolve(here, typed));
    if (path === undefined) return [];
    const common = { arguments: [typed], evidence: "files" } as const;
    const isFile = tree.lstat(path) !== undefined && tree.lstat(path)?.kind !== "directory";
    const name = sourceNames(tree, dirname(path))(basename(path));
    if (isFile || name !== undefined) {
      if (!isFile) return [];
      const source = { tree, scope, extraDirectories: [dirname(path)], searchPath: [], isSourceTree: true };
      return [{ ...common, kind: "file", source, units: { kind: "named", names: [name ?? basename(path)] } }];
    }
    if (path === "/" && isSystemRoot(tree, "")) {
      const source = { tree, scope, extraDirectories: [], absoluteLinks: "ignore" } as const;
      return [{ ...common, kind: "root", source, units: { kind: "all" } }];
    }
    return unitFolders(tree, path).map(folder => ({
      ...common,
      kind: "folder",
      source: { tree, scope, extraDirectories: [folder], searchPath: [], isSourceTree: true },
      units: { kind: "all" },
    }));
  });
}
