// Evidence 3: the program itself. Imports of the program and of its own libraries, the libraries it links, the texts it holds.
//
// What is sound here: a dynamically linked program that imports no function of a group, executes nothing, loads nothing and makes no
// system call by number cannot use the group's calls, as far as its libraries of general use ("quiet" ones) leave them alone.
// What is not: texts are hints; a program that executes others or loads plugins may need what they need.

import type { FileTree } from "../../host/file-tree.ts";
import { matchesPattern } from "../../host/glob.ts";
import type { SymbolTable } from "../../rules/evidence.ts";
import type { Certainty, Coverage, Evidence, Need, Needs } from "../need.ts";
import { formatNeed, parseNeedPattern } from "../need-pattern.ts";
import { childPrograms } from "./child-programs.ts";
import { type TextFinder, textFinder } from "./find-texts.ts";
import { linkedNeeds } from "./linked-needs.ts";
import { type Closure, type ElfObject, loadClosure, loadElf } from "./load-closure.ts";
import { readTexts } from "./read-texts.ts";
import { socketNeeds } from "./socket-needs.ts";

/** What an ELF program says about its needs. */
export interface ElfNeeds extends Needs {
  /** Claims about the program alone, which starts or loads others: worth something where those are known by other means. */
  readonly alone: readonly Coverage[];
}

/** What an ELF program says about its needs; `undefined` where the path is no ELF file. */
export function programNeeds(path: string, tree: FileTree, table: SymbolTable): ElfNeeds | undefined {
  const closure = loadClosure(path, tree);
  if (closure === undefined) return undefined;
  const own = ownObjects(closure, table);
  const imports = importsOf(own);
  const present = [
    ...linkNeeds(closure, table),
    ...own.flatMap(object => [...textNeeds(object, tree, table), ...socketNeeds(object, tree, table)]),
    ...(table.launches.some(name => imports.has(name)) ? childNeeds(closure.program.path, tree, table) : []),
  ];
  const { elf } = closure.program;
  present.push(...abiNeeds(closure.program, tree, table));
  if (elf.hasExecutableStack || elf.hasTextRelocations) {
    const detail = elf.hasTextRelocations ? "has text relocations" : "asks for an executable stack";
    present.push(...toNeeds(["memory-wx"], "inferred", { by: "elf", file: closure.program.path, detail }));
  }
  const linked = own.length === 0 ? undefined : linkedNeeds(closure.program, tree, table);
  present.push(...(linked?.present ?? []));
  const isOpaque = closure.libraries.some(one =>
    table.libraries.some(
      group => group.opaque && group.names.some(glob => matchesPattern(glob, baseName(one.path))),
    ),
  );
  const isReadable =
    own.length > 0 &&
    elf.isDynamic &&
    !elf.isGo &&
    !isOpaque &&
    closure.missing.length === 0 &&
    own.every(object => object.elf.isComplete) &&
    !table.direct.some(name => imports.has(name));
  // What it starts or loads may do what it does not.
  const isClosed = ![...table.launches, ...table.opens].some(name => imports.has(name));
  const claimed = isReadable ? claims(imports, closure.program.path, isClosed, table) : [];
  return {
    present,
    absent: [...(isClosed ? claimed : []), ...(linked?.absent ?? [])],
    alone: isClosed ? [] : claimed,
  };
}

/** A program of another format than the programs that every system has. */
function abiNeeds({ path, elf }: ElfObject, tree: FileTree, table: SymbolTable): readonly Need[] {
  const native = table.abi.native.map(each => loadElf(each, tree)).find(found => found !== undefined);
  if (native === undefined || (native.machine === elf.machine && native.is64 === elf.is64)) return [];
  const detail = "is built for another system call table than the system's own";
  return toNeeds(table.abi.needs, "inferred", { by: "elf", file: path, detail });
}

/**
 * What shell text that nobody can follow may start: where the system has a loader of another format, such programs too.
 */
export function foreignLoaderNeeds(tree: FileTree, table: SymbolTable): readonly Need[] {
  const loader = table.abi.loaders.find(path => tree.stat(path)?.kind === "file");
  if (loader === undefined) return [];
  const detail = "programs of another format are installed, and nobody can tell what this service starts";
  return toNeeds(table.abi.needs, "assumed", { by: "filesystem", file: loader, detail });
}

/**
 * The program and the libraries that it has for itself. What an interpreter imports is what its language offers, and says nothing of
 * what a service does with it: none of its objects count.
 */
function ownObjects({ program, libraries }: Closure, table: SymbolTable): readonly ElfObject[] {
  if (table.interpreters.some(glob => matchesPattern(glob, baseName(program.path)))) return [];
  const isQuiet = (object: ElfObject) =>
    table.quiet.some(glob => matchesPattern(glob, baseName(object.path)));
  return [program, ...libraries.filter(library => !isQuiet(library))];
}

function importsOf(objects: readonly ElfObject[]): ReadonlyMap<string, ElfObject> {
  const imports = new Map<string, ElfObject>();
  for (const object of objects)
    for (const name of object.elf.imports) if (!imports.has(name)) imports.set(name, object);
  return imports;
}

/** What imports and libraries say. */
function linkNeeds(closure: Closure, table: SymbolTable): readonly Need[] {
  const imports = importsOf(ownObjects(closure, table));
  return [
    ...table.symbols.flatMap(group => {
      const name = group.names.find(symbol => imports.has(symbol));
      const object = name === undefined ? undefined : imports.get(name);
      return object === undefined
        ? []
        : toNeeds(group.needs, "inferred", { by: "elf", file: object.path, detail: `imports ${name}` });
    }),
    ...table.libraries.flatMap(group => {
      const library = closure.libraries.find(one =>
        group.names.some(glob => matchesPattern(glob, baseName(one.path))),
      );
      if (library === undefined) return [];
      const certainty = group.weak === true ? "assumed" : "inferred";
      return toNeeds(group.needs, certainty, {
        by: "elf",
        file: closure.program.path,
        detail: `links ${baseName(library.path)}`,
      });
    }),
  ];
}

/** A program or script that starts others may need what those need whose paths stand in its text. */
export function childNeeds(parent: string, tree: FileTree, table: SymbolTable): readonly Need[] {
  return childPrograms(parent, tree).flatMap(path => {
    const child = loadClosure(path, tree);
    return child === undefined
      ? []
      : [
          ...linkNeeds(child, table),
          ...childTexts(child, tree, table),
          ...abiNeeds(child.program, tree, table),
        ].flatMap(need =>
          toNeeds([formatNeed(need)], "assumed", {
            ...need.evidence,
            detail: `${baseName(parent)} names ${path}, which ${need.evidence.detail}`.slice(0, 200),
          }),
        );
  });
}

/** The texts of a child itself; an interpreter's say as little as its imports. */
function childTexts(child: Closure, tree: FileTree, table: SymbolTable): readonly Need[] {
  return ownObjects(child, table).length === 0 ? [] : textNeeds(child.program, tree, table);
}

/** A group that no object imports from is known not to be used, unless another group that was found needs it. */
function claims(
  imports: ReadonlyMap<string, ElfObject>,
  path: string,
  isClosed: boolean,
  table: SymbolTable,
): readonly Coverage[] {
  const found = table.symbols
    .filter(group => group.names.some(name => imports.has(name)))
    .flatMap(group => group.covers ?? []);
  return table.symbols.flatMap(group =>
    group.names.some(name => imports.has(name))
      ? []
      : (group.covers ?? [])
          .filter(covers => !found.includes(covers))
          .map(
            (covers): Coverage => ({
              ...parseNeedPattern(covers),
              certainty: isClosed ? "inferred" : "assumed",
              evidence: {
                by: "elf",
                file: path,
                detail: `imports none of ${group.names.slice(0, 4).join(", ")}${group.names.length > 4 ? " …" : ""}`,
              },
            }),
          ),
  );
}

const texts = new WeakMap<FileTree, Map<string, readonly Need[]>>();

function textNeeds(object: ElfObject, tree: FileTree, table: SymbolTable): readonly Need[] {
  const cache = texts.get(tree) ?? new Map<string, readonly Need[]>();
  texts.set(tree, cache);
  const known = cache.get(object.path);
  if (known !== undefined) return known;
  const buffer = readTexts(object.path, object.elf, tree);
  const held = finderOf(table)(buffer);
  const candidates = table.strings.filter(group => group.texts.some(text => held.has(text)));
  const needs = candidates.flatMap(group => {
    const found = group.texts
      .map(text => findText(buffer, text, group.pattern))
      .find(text => text !== undefined);
    return found === undefined
      ? []
      : toNeeds(group.needs, "assumed", {
          by: "elf",
          file: object.path,
          detail: `holds the text "${found}"`.slice(0, 200),
        });
  });
  cache.set(object.path, needs);
  return needs;
}

/** The text as it stands in the program; with a pattern, from where that matches. */
function findText(buffer: Buffer, text: string, pattern: string | undefined): string | undefined {
  let at = buffer.indexOf(text, 0, "latin1");
  if (pattern === undefined) return at < 0 ? undefined : text.replaceAll("\0", "");
  const start = new RegExp(`^${pattern}`);
  for (let tries = 0; at >= 0 && tries < MAX_PLACES; tries++) {
    const end = buffer.indexOf(0, at);
    const word = buffer.toString("latin1", at, Math.min(end < 0 ? buffer.length : end, at + MAX_WORD));
    if (start.test(word)) return word;
    at = buffer.indexOf(text, at + text.length, "latin1");
  }
  return undefined;
}

/** Bounds on the search for a pattern: a program names few places of a kind, and short ones. */
const MAX_PLACES = 500;
const MAX_WORD = 200;

const finders = new WeakMap<SymbolTable, TextFinder>();

function finderOf(table: SymbolTable): TextFinder {
  const finder = finders.get(table) ?? textFinder(table.strings.flatMap(({ texts }) => texts));
  finders.set(table, finder);
  return finder;
}

function toNeeds(patterns: readonly string[], certainty: Certainty, evidence: Evidence): readonly Need[] {
  // A hint is no proof either way: some programs that look like this have the need.
  const sure = certainty === "assumed" ? { certainty, prior: "common" as const } : { certainty };
  return patterns.map(pattern => ({ ...parseNeedPattern(pattern), ...sure, evidence }));
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
