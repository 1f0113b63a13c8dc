// A program's profile and command line go in, everything that its configuration sets comes out, and whether that is all of it.

import type { FileTree } from "../../host/file-tree.ts";
import { expandPattern, isPattern, matchesPattern } from "../../host/glob.ts";
import { normalizePath } from "../../host/resolve-path.ts";
import type { ConfigFile, ConfigSyntax } from "../../rules/profiles.ts";
import { type ConfigEntry, type ConfigReader, MAX_VALUE } from "./config-entry.ts";
import { configText, isWholeSystem } from "./config-text.ts";
import { readBlocks } from "./read-blocks.ts";
import { readJson } from "./read-json.ts";
import { readApache, readEquals, readIni, readRsyslog, readShell, readWords } from "./read-lines.ts";
import { readXml } from "./read-xml.ts";
import { readYaml } from "./read-yaml.ts";
import { readVariables, type Variables } from "./variables.ts";

/** One setting, the file that it stands in, and the profile's rule by which the file was read. */
export interface ConfigSetting extends ConfigEntry {
  readonly file: string;
  readonly rule: ConfigFile;
  /** The key as it is compared, and the words joined by blanks as values are. */
  readonly plain: string;
  readonly value: string;
}

export interface ConfigReading {
  readonly settings: readonly ConfigSetting[];
  /** The files that were read. */
  readonly files: readonly string[];
  /** Whether what is not in `settings` is not set: a whole system's files, all found, all read. */
  readonly isComplete: boolean;
}

const READERS: Readonly<Record<ConfigSyntax, ConfigReader>> = {
  words: readWords,
  ini: readIni,
  equals: readEquals,
  yaml: readYaml,
  nginx: readBlocks,
  apache: readApache,
  json: readJson,
  xml: readXml,
  shell: readShell,
  rsyslog: readRsyslog,
};

/** Bounds on what one program's configuration may be made of. */
const MAX_FILES = 500;
const MAX_SETTINGS = 50_000;
const MAX_INCLUDES = 8;

/**
 * Reads a program's configuration: the files of its profile, those that its command line names, and what they include.
 * No file outside of the tree is opened, and nothing is executed.
 * @param args the program's, specifiers and variables of the unit replaced as far as they are known
 */
export function readConfig(
  rules: readonly ConfigFile[],
  args: readonly string[],
  tree: FileTree,
): ConfigReading {
  const byRules = known.get(tree) ?? new Map<readonly ConfigFile[], Map<string, ConfigReading>>();
  known.set(tree, byRules);
  const byArgs = byRules.get(rules) ?? new Map<string, ConfigReading>();
  byRules.set(rules, byArgs);
  const key = args.filter(arg => arg.includes("/")).join("\0");
  const reading = byArgs.get(key) ?? readFiles(rules, args, tree);
  byArgs.set(key, reading);
  return reading;
}

/** A unit names its program in several commands, and a template's instances share it. */
const known = new WeakMap<FileTree, Map<readonly ConfigFile[], Map<string, ConfigReading>>>();

function readFiles(rules: readonly ConfigFile[], args: readonly string[], tree: FileTree): ConfigReading {
  const reader: Reader = { tree, settings: [], files: new Set(), isComplete: isWholeSystem(tree) };
  for (const rule of rules) {
    const variables = readVariables(rule.variables ?? [], tree);
    for (const path of expandPattern(tree, rule.path)) readOne(path, rule, variables, reader, []);
  }
  for (const { path, rule } of namedFiles(rules, args, reader))
    readOne(path, rule, readVariables(rule.variables ?? [], tree), reader, []);
  const { settings, files, isComplete } = reader;
  return { settings, files: [...files], isComplete: isComplete && files.size > 0 };
}

interface Reader {
  readonly tree: FileTree;
  readonly settings: ConfigSetting[];
  /** Real paths, so that links and repeated includes are read once. */
  readonly files: Set<string>;
  isComplete: boolean;
}

/** @param chain the files that include this one, the outermost first */
function readOne(
  path: string,
  rule: ConfigFile,
  variables: Variables,
  reader: Reader,
  chain: readonly string[],
): void {
  const { tree, files } = reader;
  const real = tree.realPath(path);
  if (real === undefined || tree.stat(real)?.kind !== "file" || files.has(real)) return;
  if (files.size >= MAX_FILES || chain.length > MAX_INCLUDES || reader.settings.length >= MAX_SETTINGS) {
    reader.isComplete = false;
    return;
  }
  const content = configText(real, tree);
  if (content === undefined || content === "unreadable") {
    reader.isComplete = false;
    return;
  }
  files.add(real);
  for (const entry of READERS[rule.syntax](content.text)) {
    const values = entry.values.map(variables.replace);
    const value = values.join(" ").slice(0, MAX_VALUE);
    const setting = { ...entry, values, value, plain: plainKey(entry.key), file: path, rule };
    reader.settings.push(setting);
    if (!(rule.includes ?? []).some(include => matchesKey(include, setting.plain))) continue;
    for (const value of setting.values) {
      if (value.includes("$")) reader.isComplete = false;
      for (const next of includedFiles(value, [...chain, path], tree))
        readOne(next, rule, variables, reader, [...chain, path]);
    }
  }
}

/** A relative name counts from the folder of the file that it stands in, or of the outermost one: daemons differ. A folder means its files. */
function includedFiles(value: string, chain: readonly string[], tree: FileTree): readonly string[] {
  // dnsmasq(8): endings to leave out follow after commas.
  const name = value.split(",")[0] ?? "";
  if (name === "") return [];
  const folders = [chain.at(-1), chain[0]].map(file => file?.slice(0, file.lastIndexOf("/")) ?? "");
  const places = name.startsWith("/") ? [name] : folders.map(folder => `${folder}/${name}`);
  for (const place of places) {
    const found = isPattern(place) ? expandPattern(tree, normalizePath(place)) : [normalizePath(place)];
    const all = found.flatMap(path =>
      tree.stat(path)?.kind === "directory"
        ? tree
            .readDirectory(path)
            .filter(entry => !entry.startsWith("."))
            .map(entry => `${path}/${entry}`)
        : [path],
    );
    if (all.some(path => tree.stat(path) !== undefined)) return all;
  }
  return [];
}

/** Files of the command line that look like configuration, and the rule of the same name or else the first. */
function namedFiles(rules: readonly ConfigFile[], args: readonly string[], reader: Reader) {
  const fallback = rules.find(rule => rule.syntax !== "shell");
  if (fallback === undefined) return [];
  return args.flatMap(arg => {
    const path = /^(?:-[A-Za-z]|-{0,2}[\w.-]+=)?(\/[^\s:,]+)$/.exec(arg)?.[1];
    if (path === undefined) return [];
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (!/\.(?:conf|cfg|cnf|ini|ya?ml|json|xml|config|rc)$/.test(name)) return [];
    // Written when the service starts, or lost: what it says is unknown.
    if (reader.tree.stat(path)?.kind !== "file") reader.isComplete = false;
    const rule = rules.find(each => matchesPattern(each.path.slice(each.path.lastIndexOf("/") + 1), name));
    return [{ path, rule: rule ?? fallback }];
  });
}

/** A key as keys are compared: without regard to case, `-` and `_` are one, and brackets are no pattern. */
export function plainKey(key: string): string {
  return key.toLowerCase().replaceAll("-", "_").replaceAll("[", "(").replaceAll("]", ")");
}

/** A profile's patterns are few and asked for every setting. */
const patterns = new Map<string, { readonly text: string; readonly isGlob: boolean }>();

/** Whether a profile's key means a plain key; `*` stands for any run of characters. */
export function matchesKey(pattern: string, plain: string): boolean {
  const known = patterns.get(pattern) ?? { text: plainKey(pattern), isGlob: isPattern(pattern) };
  patterns.set(pattern, known);
  return known.isGlob ? matchesPattern(known.text, plain) : known.text === plain;
}
