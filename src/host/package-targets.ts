import type { Scope } from "../rules/scope.ts";
import type { Diagnostic } from "../unit/tree.ts";
import type { AuditTarget } from "./audit-target.ts";
import type { FileTree } from "./file-tree.ts";
import { listUnits } from "./list-units.ts";
import { overlayTree } from "./overlay-tree.ts";
import { SourceError } from "./source-error.ts";
import { indexUnits, type UnitSource } from "./unit-index.ts";

/** Packages that are given together count as installed together: nginx has the program, nginx-common the unit. */
export async function packageTargets(
  paths: readonly string[],
  scope: Scope,
  diagnostics: Diagnostic[],
): Promise<readonly AuditTarget[]> {
  let tree: FileTree | undefined;
  const opened: string[] = [];
  if (paths.length === 0) return [];
  // Three decompressors that most runs do without.
  const { openDeb } = await import("./deb.ts");
  for (const path of paths) {
    try {
      const one = await openDeb(path);
      tree = tree === undefined ? one : overlayTree(tree, one, `${tree.label}, ${one.label}`);
      opened.push(path);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      diagnostics.push(error.diagnostic);
    }
  }
  if (tree === undefined) return [];
  const source: UnitSource = { tree, scope, extraDirectories: [] };
  if (listUnits(indexUnits(source)).length === 0) {
    diagnostics.push({ code: "no-units-in-package", severity: "error", args: { package: tree.label } });
    return [];
  }
  return [{ kind: "package", arguments: opened, source, units: { kind: "all" }, evidence: "system" }];
}
