// A program goes in, it and every library that its dynamic loader would load come out. ld.so(8).

import { posix } from "node:path";
import type { FileTree } from "../../host/file-tree.ts";
import { oncePer, oncePerPath } from "../once-per.ts";
import { type ElfFile, readElf } from "./read-elf.ts";
import { MAX_PROGRAM, readProgram } from "./read-program.ts";

export interface ElfObject {
  readonly path: string;
  readonly elf: ElfFile;
}

export interface Closure {
  readonly program: ElfObject;
  readonly libraries: readonly ElfObject[];
  /** Names of libraries that are not in the source. */
  readonly missing: readonly string[];
}

/** The folders of ld.so(8), multi-architecture ones by their usual names; /etc/ld.so.conf.d adds to them. */
const FOLDERS = [
  "/lib/x86_64-linux-gnu",
  "/usr/lib/x86_64-linux-gnu",
  "/lib/aarch64-linux-gnu",
  "/usr/lib/aarch64-linux-gnu",
  "/lib64",
  "/usr/lib64",
  "/lib",
  "/usr/lib",
  "/usr/local/lib",
];

/** Loads a program with its libraries; `undefined` where the path is no ELF file. */
export function loadClosure(path: string, tree: FileTree): Closure | undefined {
  return closureOf(tree.realPath(path) ?? path, tree);
}

const closureOf = oncePerPath((real, tree): Closure | undefined => {
  const elf = readObjectFile(real, tree);
  if (elf === undefined) return undefined;
  const libraries = new Map<string, ElfObject>();
  const missing = new Set<string>();
  const configured = configuredFolders(tree);
  const queue: ElfObject[] = [{ path: real, elf }];
  for (let object = queue.shift(); object !== undefined; object = queue.shift()) {
    for (const name of object.elf.needed) {
      if (libraries.has(name) || missing.has(name)) continue;
      const found = findLibrary(name, object, configured, tree);
      if (found === undefined) missing.add(name);
      else {
        libraries.set(name, found);
        queue.push(found);
      }
    }
  }
  return { program: { path: real, elf }, libraries: [...libraries.values()], missing: [...missing] };
});

/** What an ELF file says of itself; `undefined` where the path is none. */
export function loadElf(path: string, tree: FileTree): ElfFile | undefined {
  return readObjectFile(tree.realPath(path) ?? path, tree);
}

function findLibrary(
  name: string,
  by: ElfObject,
  configured: readonly string[],
  tree: FileTree,
): ElfObject | undefined {
  if (name.includes("/")) return readObject(name, by, tree);
  const own = by.elf.runPath.map(path => path.replaceAll(/\$(ORIGIN|\{ORIGIN\})/g, posix.dirname(by.path)));
  const libraries = librariesOf(tree);
  const id = [name, by.elf.machine, ...own].join("\0");
  if (!libraries.has(id)) libraries.set(id, searchLibrary(name, by, [...own, ...configured], tree));
  return libraries.get(id);
}

/** By the name and by what decides where it is looked for: programs share most of their libraries. */
const librariesOf = oncePer((_: FileTree) => new Map<string, ElfObject | undefined>());

function searchLibrary(
  name: string,
  by: ElfObject,
  folders: readonly string[],
  tree: FileTree,
): ElfObject | undefined {
  for (const folder of [...folders, ...FOLDERS]) {
    const found = readObject(`${folder}/${name}`, by, tree);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A library of another machine is passed over, as the loader does. */
function readObject(path: string, by: ElfObject, tree: FileTree): ElfObject | undefined {
  const real = tree.realPath(path);
  if (real === undefined) return undefined;
  const elf = readObjectFile(real, tree);
  return elf === undefined || elf.machine !== by.elf.machine ? undefined : { path: real, elf };
}

const readObjectFile = oncePerPath((path, tree): ElfFile | undefined => {
  const stat = tree.stat(path);
  if (stat?.kind !== "file" || stat.size > MAX_PROGRAM) return undefined;
  const bytes = readProgram(path, tree);
  return bytes === undefined ? undefined : readElf(bytes);
});

const configuredFolders = oncePer((tree: FileTree): readonly string[] =>
  tree.readDirectory("/etc/ld.so.conf.d").flatMap(name => {
    const bytes = tree.readFile(`/etc/ld.so.conf.d/${name}`);
    return bytes === undefined
      ? []
      : new TextDecoder()
          .decode(bytes)
          .split("\n")
          .map(line => line.trim())
          .filter(line => line.startsWith("/"));
  }),
);
