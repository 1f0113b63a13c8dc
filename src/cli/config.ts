// tightunit.conf: found, read, checked. Every problem has its file and line.
import { dirname, resolve } from "node:path";
import { parse } from "ini";
import { hostTree } from "../host/directory-tree.ts";
import type { FileTree } from "../host/file-tree.ts";
import { SourceError } from "../host/source-error.ts";
import { type Config, validateConfig } from "../rules/validate-config.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { keyPlace, readConfigLines } from "./config-lines.ts";
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
  const { lineOf, entries, diagnostics } = readConfigLines(text, file);
  if (diagnostics.length > 0) return { config: {}, diagnostics };
  const parsed: Record<string, unknown> = parse(text);
  const at = (line: number) => ({ position: { file, line, column: 1 } });
  // The ini package leaves out names such as __proto__, which would do harm; they are unknown keys like any other.
  const dropped = entries
    .filter(({ section, key }) => !hasOwn(hasOwn(parsed, section) ? parsed[section] : undefined, key))
    .map(
      ({ section, key, line }): Diagnostic => ({
        code: "config-unknown-key",
        severity: "error",
        ...at(line),
        args: { section, key, hint: "" },
      }),
    );
  if (dropped.length > 0) return { config: {}, diagnostics: dropped };
  const checked = validateConfig(parsed);
  if (checked.kind === "valid") return { config: checked.config, diagnostics: [] };
  const problems = checked.problems.map(({ section, key, code, args }): Diagnostic => {
    const line = lineOf.get(key === undefined ? section : keyPlace(section, key)) ?? lineOf.get(section) ?? 1;
    return { code, severity: "error", ...at(line), args };
  });
  return {
    config: {},
    diagnostics: problems.sort((a, b) => (a.position?.line ?? 0) - (b.position?.line ?? 0)),
  };
}

function hasOwn(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}
