// Evidence 3 for programs that are text: what a script and the modules beside it name. A hint, as a program's own texts are.

import { posix } from "node:path";
import type { FileTree } from "../host/file-tree.ts";
import { matchesPattern } from "../host/glob.ts";
import type { SymbolTable } from "../rules/evidence.ts";
import { loadProfiles } from "../rules/profiles.ts";
import { workingFolder } from "../settings/run-identity.ts";
import type { Settings } from "../settings/settings.ts";
import { childNeeds } from "./elf/program-needs.ts";
import { findProfile } from "./find-profile.ts";
import type { Need } from "./need.ts";
import { parseNeedPattern } from "./need-pattern.ts";
import { oncePerPath } from "./once-per.ts";
import { packageFiles } from "./package-files.ts";
import type { Program } from "./programs.ts";
import { scriptWrites } from "./script-writes.ts";
import { wordPattern } from "./word-pattern.ts";

/** A service's own code is small; what is larger is data or a bundle, of which the beginning will do. */
const MAX_FILE = 512 * 1024;
const MAX_FILES = 150;
const MAX_DEPTH = 3;

/**
 * The needs that the texts of a service's scripts hint at. Read are the files that its commands name, if an interpreter or the
 * kernel runs them as scripts, and those of the same ending beside and below them. What other files of the unit's package say is less
 * sure: modules of the same language, and what the scripts name without its folder.
 */
export function scriptNeeds(
  programs: readonly Program[],
  unit: { readonly name: string; readonly path?: string },
  settings: Settings,
  tree: FileTree,
  table: SymbolTable,
): readonly Need[] {
  const start = workingFolder(settings);
  const files = new Set<string>();
  for (const program of programs) {
    // Its profile speaks for a script that has one; an interpreter's says nothing of the script.
    const isInterpreter = table.interpreters.some(glob => matchesPattern(glob, program.name));
    if (!isInterpreter && findProfile(program, unit.name, loadProfiles()) !== undefined) continue;
    for (const word of [program.path, ...program.args]) {
      if (word.startsWith("-") || word === "") continue;
      const path = posix.resolve(start, word);
      const ending = posix.extname(path);
      if (!table.scripts.endings.includes(ending) && !hasShebang(path, tree)) continue;
      if (tree.stat(path)?.kind !== "file") continue;
      files.add(path);
      // Beside a script in a folder of programs lie other programs.
      if (!/\/s?bin$/.test(posix.dirname(path)) && ending !== "")
        collect(posix.dirname(path), ending, tree, files, 0);
    }
  }
  const needsOf = (path: string) => [...textNeeds(path, tree, table), ...childNeeds(path, tree, table)];
  return [
    ...[...files].flatMap(needsOf),
    ...packageScripts(programs, [...files], unit.path, tree, table)
      .flatMap(needsOf)
      .map((need): Need => ({ ...need, certainty: "assumed", prior: "common" })),
  ];
}

/** A file's base name in a script's text; shorter ones are words of the language. */
const MIN_NAME = 5;

/** The files of a unit's package that its scripts may load: not those that are known already. */
function packageScripts(
  programs: readonly Program[],
  files: readonly string[],
  unitPath: string | undefined,
  tree: FileTree,
  table: SymbolTable,
): readonly string[] {
  const list = files.length === 0 || unitPath === undefined ? undefined : packageFiles(unitPath, tree);
  if (list === undefined) return [];
  const endings = table.scripts.modules
    .filter(({ interpreters }) =>
      programs.some(({ name }) => interpreters.some(glob => matchesPattern(glob, name))),
    )
    .flatMap(language => language.endings);
  const texts = files.map(path => textOf(path, tree) ?? "").join("\n");
  const isNamed = (path: string) => {
    const name = posix.basename(path);
    return (
      name.length >= MIN_NAME &&
      !/\.(service|socket|timer|gz|\d)$/.test(name) &&
      wordPattern(name).test(texts)
    );
  };
  return list.paths
    .filter(
      path =>
        !/^\/usr\/share\/(?:doc|man|locale)\/|\/tests?\//.test(path) &&
        !files.includes(path) &&
        (endings.includes(posix.extname(path)) || isNamed(path)) &&
        isText(path, tree),
    )
    .slice(0, MAX_FILES);
}

const isText = oncePerPath((path, tree): boolean => {
  const stat = tree.stat(path);
  if (stat?.kind !== "file" || stat.size > MAX_FILE) return false;
  return tree.readFile(path, MAX_FILE)?.subarray(0, 512).includes(0) === false;
});

const hasShebang = oncePerPath((path, tree): boolean => {
  const stat = tree.stat(path);
  if (stat?.kind !== "file" || stat.size > MAX_FILE) return false;
  const bytes = tree.readFile(path, MAX_FILE);
  return bytes !== undefined && bytes[0] === 0x23 && bytes[1] === 0x21;
});

function collect(folder: string, ending: string, tree: FileTree, files: Set<string>, depth: number): void {
  if (depth > MAX_DEPTH) return;
  for (const name of tree.readDirectory(folder)) {
    if (files.size >= MAX_FILES) return;
    // Dependencies offer far more than a service uses of them.
    if (name.startsWith(".") || SKIPPED.includes(name)) continue;
    const path = `${folder}/${name}`;
    const kind = tree.lstat(path)?.kind;
    if (kind === "directory") collect(path, ending, tree, files, depth + 1);
    else if (kind === "file" && name.endsWith(ending)) files.add(path);
  }
}

const SKIPPED = ["node_modules", "site-packages", "dist-packages", "venv", "test", "tests", "__pycache__"];

/** A script without its comment lines, whose newlines stay for counting. */
function textOf(path: string, tree: FileTree): string | undefined {
  const stat = tree.stat(path);
  const bytes = stat === undefined || stat.size > MAX_FILE ? undefined : tree.readFile(path, MAX_FILE);
  if (bytes === undefined) return undefined;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString("latin1")
    .replace(/^[ \t]*(#|\/\/|\*).*$/gm, "");
}

const textNeeds = oncePerPath((path, tree, table: SymbolTable): readonly Need[] => {
  const text = textOf(path, tree);
  if (text === undefined) return [];
  const writes = scriptWrites(text, table.scripts.writes).map(({ kind, subject, line }): Need => {
    const evidence = { by: "script", file: path, line, detail: `names ${subject} and writes` } as const;
    return {
      kind,
      ...(subject === undefined ? {} : { subject }),
      certainty: "assumed",
      prior: "common",
      evidence,
    };
  });
  const named = table.scripts.texts.flatMap(group => {
    const found = group.texts
      .map(word => ({ word, at: text.search(textPattern(word, group.pattern)) }))
      .find(({ at }) => at >= 0);
    if (found === undefined) return [];
    const line = text.slice(0, found.at).split("\n").length;
    const evidence = { by: "script", file: path, line, detail: `names ${found.word}` };
    return group.needs.map((need): Need => ({ ...parseNeedPattern(need), certainty: "inferred", evidence }));
  });
  return [...named, ...writes];
});

const patterns = new Map<string, RegExp>();

/** A word alone; with a pattern, what has to stand where it begins. */
function textPattern(word: string, pattern: string | undefined): RegExp {
  if (pattern === undefined) return wordPattern(word);
  const known = patterns.get(pattern) ?? new RegExp(pattern);
  patterns.set(pattern, known);
  return known;
}
