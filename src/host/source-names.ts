// Files of source trees that become units when they are built or packaged, by other names than systemd knows them by.
import { basename } from "node:path";
import { templateFacts } from "../rules/templates.ts";
import { fillPlaceholders } from "../unit/fill-placeholders.ts";
import type { UnitTree } from "../unit/tree.ts";
import { parseUnitName, unitTypes } from "../unit/unit-name.ts";
import type { FileTree } from "./file-tree.ts";

/** The name of the unit that a file becomes; nothing where it becomes none. */
export type SourceName = (file: string) => string | undefined;

/** 1 MiB: the longest debian/control there is has a third of it. */
const largestControl = 1024 * 1024;

/** A file's name without what marks it as a template; nothing where nothing does. */
function withoutTemplateSuffix(file: string): string | undefined {
  const suffix = templateFacts().suffixes.find(each => file.endsWith(each));
  return suffix === undefined ? undefined : file.slice(0, -suffix.length);
}

/** The tree of a template with stand-ins for what a build fills in; the tree itself where its file is none. */
export function fillTemplate(tree: UnitTree): UnitTree {
  const isTemplate = withoutTemplateSuffix(basename(tree.file)) !== undefined;
  return isTemplate ? fillPlaceholders(tree, templateFacts()) : tree;
}

/**
 * How the files of a folder are named: `bakery.service`, templates (`bakery@.service.in`), and below `debian/` what
 * dh_installsystemd(1) makes of `PACKAGE.service`, `PACKAGE.NAME.service` and, for the first package, `service`.
 */
export function sourceNames(tree: FileTree, folder: string): SourceName {
  let packages: readonly string[] | undefined;
  const isDebian = basename(folder) === "debian";
  return file => {
    let stem = file;
    for (let next = withoutTemplateSuffix(stem); next !== undefined; next = withoutTemplateSuffix(stem))
      stem = next;
    if (isDebian) {
      packages ??= debianPackages(tree, folder);
      const own = debianName(stem, packages);
      if (own !== undefined) return own;
    }
    return parseUnitName(stem)?.name;
  };
}

function debianName(stem: string, packages: readonly string[]): string | undefined {
  const [first] = packages;
  if (first !== undefined && unitTypes.some(type => type === stem)) return `${first}.${stem}`;
  for (const name of packages.toSorted((a, b) => b.length - a.length)) {
    if (!stem.startsWith(`${name}.`)) continue;
    const rest = parseUnitName(stem.slice(name.length + 1));
    if (rest !== undefined) return rest.name;
  }
  return undefined;
}

/** The binary packages of debian/control, in its order. */
function debianPackages(tree: FileTree, folder: string): readonly string[] {
  const control = readControl(tree, `${folder}/control`);
  const fields = control.matchAll(/^Package:[ \t]*([a-z0-9][a-z0-9+.-]*)[ \t]*$/gim);
  return [...fields].map(([, name = ""]) => name);
}

function readControl(tree: FileTree, path: string): string {
  const stat = tree.stat(path);
  if (stat?.kind !== "file" || stat.size > largestControl) return "";
  return new TextDecoder().decode(tree.readFile(path, largestControl) ?? new Uint8Array());
}
