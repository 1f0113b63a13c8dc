// A document's path goes in, the unit that it is a part of comes out: a fragment with the drop-ins beside it, or a drop-in
// merged with the fragment that it belongs to. Folders that the manager searches count as they do for it; of any other
// folder only what lies beside the document counts.
import { basename, dirname } from "node:path";
import type { FileTree } from "../host/file-tree.ts";
import { loadUnit } from "../host/load-unit.ts";
import { type LoadedUnit, type Scope, treesOf } from "../host/loaded-unit.ts";
import { fillTemplate, type SourceName } from "../host/source-names.ts";
import { indexUnits } from "../host/unit-index.ts";
import type { UnitTree } from "../unit/tree.ts";
import { parseUnitName, type UnitType, unitTypes } from "../unit/unit-name.ts";

/** What a document is, by its path alone. */
export type DocumentSort =
  | { readonly kind: "fragment"; readonly unit: string; readonly folder: string }
  /** `isShared`: of every unit of a type (`service.d`), so of none in particular. */
  | { readonly kind: "drop-in"; readonly unit: string; readonly folder: string; readonly isShared: boolean };

/**
 * @param path absolute.
 * @param nameOf of the document's folder: templates and Debian's files are units of other names.
 * @returns nothing where the file is no part of a unit.
 */
export function sortDocument(path: string, nameOf: SourceName): DocumentSort | undefined {
  const folder = dirname(path);
  const fragment = nameOf(basename(path));
  if (fragment !== undefined) return { kind: "fragment", unit: fragment, folder };
  const owner = basename(folder);
  if (!owner.endsWith(".d")) return undefined;
  const unit = owner.slice(0, -".d".length);
  const place = { kind: "drop-in", folder: dirname(folder) } as const;
  if (parseUnitName(unit) !== undefined) return { ...place, unit, isShared: false };
  return isType(unit) ? { ...place, unit: `every.${unit}`, isShared: true } : undefined;
}

function isType(word: string): word is UnitType {
  return unitTypes.some(type => type === word);
}

/** Units of users lie in folders of that name: systemd.unit(5), "Unit File Load Path". */
export function scopeOfPath(path: string): Scope | undefined {
  if (/\/systemd\/user\//.test(path)) return "user";
  return /\/systemd\/system\//.test(path) ? "system" : undefined;
}

export interface LoadContext {
  /** The machine's files, with what stands in open documents in front of them. */
  readonly tree: FileTree;
  readonly scope: Scope;
  /** Where the manager of this machine looks. */
  readonly searchPath: readonly string[];
  readonly defaultInstance: string;
}

export interface LoadedDocument {
  readonly unit: LoadedUnit;
  /** The document is all that there is of its unit: a drop-in without a fragment, or one that is not read. */
  readonly isAlone: boolean;
  /** The files of the machine are those that the unit runs with. */
  readonly isOfMachine: boolean;
}

/** @param own the document itself, as a tree. */
export function loadDocument(sort: DocumentSort, own: UnitTree, context: LoadContext): LoadedDocument {
  const { tree, scope, searchPath, defaultInstance } = context;
  const isOfMachine = searchPath.includes(sort.folder);
  const index = indexUnits({
    tree,
    scope,
    extraDirectories: [sort.folder],
    searchPath: isOfMachine ? searchPath : [],
    isSourceTree: !isOfMachine,
  });
  const unit = loadUnit(index, sort.unit, { defaultInstance });
  const hasOwn = treesOf(unit).some(each => each.file === own.file);
  const isRead = sort.kind === "fragment" || (!sort.isShared && unit.fragment !== undefined && hasOwn);
  if (isRead) return { unit, isAlone: false, isOfMachine };
  return { unit: alone(sort.unit, fillTemplate(own), scope), isAlone: true, isOfMachine: false };
}

function alone(name: string, own: UnitTree, scope: Scope): LoadedUnit {
  return {
    name,
    requested: name,
    names: [name],
    scope,
    status: "not-found",
    dropIns: [{ path: own.file, tree: own }],
    strayDropIns: [],
    diagnostics: own.diagnostics,
  };
}
