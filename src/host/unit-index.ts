// The folders of a search path go in, a map of what stands in them comes out: which file or alias each unit name is,
// and which drop-in folders there are. Read once, so that loading a unit looks at its own files only.
// Rules: systemd.unit(5), "Unit File Load Path" and "Aliases"; the first folder that has a name decides about it.

import type { Scope } from "../rules/scope.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { parseUnitName, templateOf, withInstance } from "../unit/unit-name.ts";
import { checkAlias } from "./check-alias.ts";
import type { DirectoryEntry, FileStat, FileTree } from "./file-tree.ts";
import { baseOf, lexicalPath, linkTarget, lookAt } from "./link-target.ts";
import { searchPath } from "./search-path.ts";
import { sourceNames } from "./source-names.ts";

/** Where units come from. */
export interface UnitSource {
  readonly tree: FileTree;
  readonly scope: Scope;
  /** Searched before everything else, in order: the folders of units that were named by path. */
  readonly extraDirectories: readonly string[];
  /** Replaces the default search path of the scope. */
  readonly searchPath?: readonly string[];
  /**
   * What an absolute link that leads out of the search path is worth, for units and drop-ins alike. `follow` (default):
   * the file at that place in the tree, as a system booted from the tree would read it; `ignore`: nothing, as
   * `systemd-analyze --root=` has it (252 to 262), which looks for the place outside the root.
   */
  readonly absoluteLinks?: "follow" | "ignore";
  /** The folders are those of a source tree: templates of units and Debian's names for them count as the units they become. */
  readonly isSourceTree?: boolean;
}

export type UnitEntry =
  /** A fragment: a regular file, or a link that leads out of the search path (a linked unit, a mask). */
  | { readonly kind: "file"; readonly path: string; readonly isLink: boolean }
  /** A link inside the search path: another name of `target`, which need not exist. */
  | { readonly kind: "alias"; readonly path: string; readonly target: string };

export interface UnitIndex {
  readonly source: UnitSource;
  /** The units of files that are called otherwise, by path; only in source trees. */
  readonly ownNames: ReadonlyMap<string, string>;
  /** The folders that were searched, highest priority first, each once. */
  readonly directories: readonly string[];
  readonly units: ReadonlyMap<string, UnitEntry>;
  /** Name of a fragment (with the instance, where an instance leads to a template) → every alias that leads to it; most have none. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  /** `foo.service.d` → the folders of that name, in the order of `directories`. */
  readonly dropInFolders: ReadonlyMap<string, readonly string[]>;
  /** Links that systemd ignores, by the name that they would have given a unit. */
  readonly refusedLinks: ReadonlyMap<string, Diagnostic>;
}

/** Linear in the number of files in the search path; none of them is opened. */
export function indexUnits(source: UnitSource): UnitIndex {
  const { tree } = source;
  const directories = searchedDirectories(source);
  const units = new Map<string, UnitEntry>();
  const dropInFolders = new Map<string, string[]>();
  const refusedLinks = new Map<string, Diagnostic>();
  const ownNames = new Map<string, string>();
  for (const directory of directories) {
    const nameOf = source.isSourceTree ? sourceNames(tree, directory) : undefined;
    const files = entriesOf(tree, directory);
    // What was built from a template stands beside it, and is nearer to what will run.
    const sorted = nameOf === undefined ? files : files.toSorted((a, b) => rankOf(a.name) - rankOf(b.name));
    for (const { name: file, kind } of sorted) {
      const path = `${directory}/${file}`;
      const name = nameOf?.(file) ?? file;
      if (name !== file) ownNames.set(path, name);
      if (name.endsWith(".d")) dropInFolders.set(name, [...(dropInFolders.get(name) ?? []), path]);
      else if (!units.has(name) && parseUnitName(name)) {
        const entry = entryOf(tree, directories, name, path, kind ?? tree.lstat(path)?.kind);
        if (entry?.kind === "refused") refusedLinks.set(name, entry.diagnostic);
        else if (entry) units.set(name, entry);
      }
    }
  }
  const names = namesByFragment(source, units, ownNames);
  return { source, ownNames, directories, units, names, dropInFolders, refusedLinks };
}

export type Found =
  | { readonly kind: "file"; readonly path: string; readonly isLink: boolean }
  | { readonly kind: "missing" }
  /** An alias whose target, at the end of the chain, is in no folder. */
  | { readonly kind: "dangling"; readonly path: string; readonly target: string }
  | { readonly kind: "loop"; readonly path: string };

/** systemd gives up on a chain of more aliases than this. */
const longestChain = 8;

/** Follows aliases to the fragment; an alias of an instance may end at the instance's template. */
export function findFragment(units: ReadonlyMap<string, UnitEntry>, name: string): Found {
  let at = name;
  let path = "";
  for (let hop = 0; hop < longestChain; hop++) {
    let entry = units.get(at);
    if (entry === undefined) {
      if (hop === 0) return { kind: "missing" };
      const template = templateOfName(at);
      entry = template === undefined ? undefined : units.get(template);
      if (entry === undefined) return { kind: "dangling", path, target: at };
    }
    if (entry.kind === "file") return entry;
    path = entry.path;
    at = entry.target;
  }
  return { kind: "loop", path };
}

export function templateOfName(name: string): string | undefined {
  const parsed = parseUnitName(name);
  return parsed && templateOf(parsed);
}

function searchedDirectories({ tree, scope, extraDirectories, searchPath: replaced }: UnitSource): string[] {
  const wanted = [...extraDirectories, ...(replaced ?? searchPath(scope))].map(lexicalPath);
  const unique = [...new Set(wanted)];
  const merged = tree.realPath("/lib") === "/usr/lib";
  return unique.filter(path => !(merged && path.startsWith("/lib/") && unique.includes(`/usr${path}`)));
}

/** The entries of a folder, with their kinds where the tree says them at once. */
function entriesOf(
  tree: FileTree,
  directory: string,
): readonly (Pick<DirectoryEntry, "name"> & Partial<DirectoryEntry>)[] {
  return tree.readEntries?.(directory) ?? tree.readDirectory(directory).map(name => ({ name }));
}

function entryOf(
  tree: FileTree,
  directories: readonly string[],
  name: string,
  path: string,
  kind: FileStat["kind"] | undefined,
): UnitEntry | { readonly kind: "refused"; readonly diagnostic: Diagnostic } | undefined {
  if (kind === "file") return { kind: "file", path, isLink: false };
  const target = kind === "symlink" ? linkTarget(tree, path) : undefined;
  if (target === undefined) return undefined;
  if (!directories.some(directory => target.startsWith(`${directory}/`)))
    return { kind: "file", path, isLink: true };
  const fault = checkAlias(name, baseOf(target));
  if (fault === undefined) return { kind: "alias", path, target: baseOf(target) };
  return {
    kind: "refused",
    diagnostic: {
      code: fault,
      severity: fault === "alias-of-itself" ? "note" : "warning",
      position: { file: path, line: 1, column: 1 },
      args: { name, target },
    },
  };
}

function isMask(source: UnitSource, path: string): boolean {
  return lookAt(source, path) === "mask" || source.tree.stat(path)?.size === 0;
}

const rankOf = (file: string): number => (parseUnitName(file) === undefined ? 1 : 0);

/** The name of the unit that a file of the index is. */
export function nameOfFile({ ownNames }: Pick<UnitIndex, "ownNames">, path: string): string {
  return ownNames.get(path) ?? baseOf(path);
}

function namesByFragment(
  source: UnitSource,
  units: ReadonlyMap<string, UnitEntry>,
  ownNames: ReadonlyMap<string, string>,
): Map<string, string[]> {
  const names = new Map<string, string[]>();
  for (const [name, entry] of units) {
    if (entry.kind === "file") continue;
    const found = findFragment(units, name);
    if (found.kind !== "file" || isMask(source, found.path)) continue;
    const fragment = parseUnitName(nameOfFile({ ownNames }, found.path));
    if (fragment === undefined) continue;
    const instance = parseUnitName(name)?.instance;
    const isTemplateOfInstance = fragment.isTemplate && instance !== undefined;
    const id = (isTemplateOfInstance ? withInstance(fragment, instance)?.name : undefined) ?? fragment.name;
    names.set(id, [...(names.get(id) ?? []), name]);
  }
  return names;
}
