// tightunit.conf: found, read, checked. Every problem has its file and line.
import { dirname, resolve } from "node:path";
import { unsafe } from "ini";
import { hostTree } from "../host/directory-tree.ts";
import type { FileTree } from "../host/file-tree.ts";
import { SourceError } from "../host/source-error.ts";
import { type Config, type ConfigDemands, validateConfig } from "../rules/validate-config.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { type ConfigLines, keyPlace, readConfigLines } from "./config-lines.ts";
import { findConfig } from "./find-config.ts";

export type { Config };

/** 1 MiB: a configuration is a few lines. */
const sizeLimit = 1024 * 1024;

export interface LoadedConfig {
  /** Empty where there is no file, or a wrong one. */
  readonly config: Config;
  /** The file that was read. */
  readonly file?: string;
  /** Any of them means that the configuration must not be used. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads the file that was asked for, else the nearest tightunit.conf in the working folder or above it.
 * @param tree the machine's files.
 */
export function loadConfig(workingFolder: string, asked?: string, tree: FileTree = hostTree()): LoadedConfig {
  const file = asked === undefined ? findConfig(workingFolder, tree) : resolve(workingFolder, asked);
  if (file === undefined) return { config: {}, diagnostics: [] };
  const failed = (code: string, args: Readonly<Record<string, string>>): LoadedConfig => ({
    config: {},
    file,
    diagnostics: [{ code, severity: "error", args }],
  });
  let bytes: Uint8Array | undefined;
  try {
    bytes = tree.readFile(file, sizeLimit);
  } catch (error) {
    if (error instanceof SourceError) return failed(error.diagnostic.code, error.diagnostic.args ?? {});
    throw error;
  }
  if (bytes === undefined) return failed("config-missing", { file });
  const text = new TextDecoder().decode(bytes);
  const result = parseConfig(text, file);
  const root = result.config.audit?.root;
  if (root === undefined) return { ...result, file };
  const audit = { ...result.config.audit, root: resolve(dirname(file), root) };
  return { ...result, config: { ...result.config, audit }, file };
}

/** The text of a configuration, checked: the configuration, or what is wrong with it, in the order of the lines. */
export function parseConfig(text: string, file: string): Omit<LoadedConfig, "file"> {
  const lines = readConfigLines(text, file);
  const { lineOf, quoted, diagnostics } = lines;
  if (diagnostics.length > 0) return { config: {}, diagnostics };
  const checked = validateConfig(sectionsOf(lines));
  if (checked.kind === "valid") return { config: withParts(checked.config, quoted), diagnostics: [] };
  const problems = checked.problems.map(({ section, key, code, args }): Diagnostic => {
    const line = lineOf.get(key === undefined ? section : keyPlace(section, key)) ?? lineOf.get(section) ?? 1;
    const name = quoted.get(section);
    const shown = name === undefined ? args : { ...args, section: `${section.split(":")[0]} "${name}"` };
    return { code, severity: "error", position: { file, line, column: 1 }, args: shown };
  });
  return {
    config: {},
    diagnostics: problems.sort((a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0)),
  };
}

/** Sections and their values, texts and lists of texts. Without prototypes: `__proto__` is an unknown key like any other. */
function sectionsOf({ lineOf, entries }: ConfigLines): Readonly<Record<string, object>> {
  const sections: Record<string, Record<string, string | string[]>> = Object.create(null);
  const names = [...lineOf.keys()].filter(place => !place.includes("\0"));
  for (const name of names) sections[name] = Object.create(null);
  for (const { section, key, isList, value } of entries) {
    const own = sections[section];
    if (own === undefined) continue;
    const text = String(unsafe(value));
    const before = own[key];
    if (!isList) own[key] = text;
    else if (Array.isArray(before)) before.push(text);
    else own[key] = [text];
  }
  return sections;
}

/** The configuration with its `unit:0` … and `kind:0` … as lists, each with the name that it is about. */
function withParts(config: Config, quoted: ReadonlyMap<string, string>): Config {
  const plain = Object.fromEntries(Object.entries(config).filter(([section]) => !quoted.has(section)));
  const parts = (word: string): readonly (ConfigDemands & { readonly name: string })[] =>
    [...quoted]
      .filter(([section]) => section.startsWith(`${word}:`))
      .map(([section, name]) => ({
        ...Object.entries(config).find(([each]) => each === section)?.[1],
        name,
      }));
  const [units, kinds] = [parts("unit"), parts("kind")];
  return {
    ...plain,
    ...(units.length > 0 ? { units } : {}),
    ...(kinds.length > 0 ? { kinds } : {}),
  };
}
