// What was typed goes in, the units that are meant and where they come from go out.
//
// A name is a unit of the system (or of --root). A path is a file: its unit is loaded from its own folder, with the
// drop-ins that lie there (NAME.d), and from nowhere else. systemd-analyze would mix in what this machine has under the
// same name in /etc and /usr/lib; a unit of a source tree is not meant to be judged by that, so it takes an option.
import { basename, dirname, resolve } from "node:path";
import type { Scope } from "../rules/scope.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { parseUnitName, templateOf } from "../unit/unit-name.ts";
import { type AuditTarget, noMatch } from "./audit-target.ts";
import { type DirectoryTree, directoryTree, hostTree } from "./directory-tree.ts";
import type { FileTree } from "./file-tree.ts";
import { expandPattern, isPattern } from "./glob.ts";
import { memoryTree } from "./memory-tree.ts";
import { overlayTree } from "./overlay-tree.ts";
import { packageTargets } from "./package-targets.ts";
import { type Environment, hostSearchPath } from "./search-path.ts";
import { SourceError } from "./source-error.ts";
import { sourceNames } from "./source-names.ts";
import { isSystemRoot, unitFolders } from "./unit-folders.ts";
import type { UnitSource } from "./unit-index.ts";

export interface ArgumentOptions {
  readonly scope: Scope;
  /** Of the process: what it says about where this machine's units are. Nothing where it is absent. */
  readonly env?: Environment;
  /** The folder that relative paths count from. */
  readonly workingFolder: string;
  /** A folder to take for the file system of the machine. */
  readonly root?: string;
  /** Units given by path also get what the system (or `root`) has for their name, as systemd-analyze does it. */
  readonly hasHostDropIns?: boolean;
  /** The bytes that came in on standard input; asked for only where `-` was typed. */
  readonly readStandardInput: () => Promise<Uint8Array>;
  /** What the unit on standard input is called, by default stdin.service. */
  readonly standardInputName?: string;
}

export interface ResolvedArguments {
  /** In the order of the arguments; neighbours of the same source are one. */
  readonly targets: readonly AuditTarget[];
  /** Arguments that mean nothing, each with the reason; the others stand. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * @param typed unit names (`nginx`, `ssh*`), unit files, folders, patterns of paths, `.deb` files, `-`; none means
 *   every unit of the system. Without `root`, a bare name that is a file or a folder of
 *   the working folder is that.
 * @throws {SourceError} `root-missing`.
 */
export async function resolveArguments(
  typed: readonly string[],
  options: ArgumentOptions,
): Promise<ResolvedArguments> {
  const { scope } = options;
  const host = hostTree();
  const system: DirectoryTree = options.root === undefined ? host : directoryTree(options.root);
  const systemTarget = (args: readonly string[], units: AuditTarget["units"]): AuditTarget => {
    const isHost = options.root === undefined;
    const source: UnitSource = { tree: system, scope, extraDirectories: [] };
    return {
      kind: isHost ? "system" : "root",
      arguments: args,
      source: isHost
        ? { ...source, searchPath: hostSearchPath(scope, options.env ?? {}) }
        : { ...source, absoluteLinks: "ignore" },
      units,
      machineRoot: system.machineRoot,
      evidence: "system",
    };
  };
  if (typed.length === 0) return { targets: [systemTarget([], { kind: "all" })], diagnostics: [] };
  const targets: AuditTarget[] = [];
  const diagnostics: Diagnostic[] = [];
  const packages: string[] = [];
  for (const argument of typed.flatMap(each => expandArgument(each, host, options, diagnostics))) {
    const path = resolve(options.workingFolder, argument);
    const kind = host.stat(path)?.kind;
    try {
      if (argument === "-") targets.push(await standardInput(options, system));
      else if (argument.endsWith(".deb") && options.root === undefined) packages.push(path);
      else if (isUnitPath(argument, path, host, options))
        targets.push(fileTarget(argument, path, host, system, options));
      else if (kind === "directory" && (options.root === undefined || argument.includes("/")))
        targets.push(...folderTargets(argument, path, host, options));
      else if (argument.includes("/") || (kind === "file" && options.root === undefined))
        diagnostics.push(noUnit(argument, kind));
      else if (isPattern(argument))
        targets.push(systemTarget([argument], { kind: "matching", pattern: argument }));
      else targets.push(systemTarget([argument], { kind: "named", names: [argument] }));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      diagnostics.push(error.diagnostic);
    }
  }
  targets.push(...(await packageTargets(packages, scope, diagnostics)));
  return { targets: merged(targets), diagnostics };
}

/** A pattern of paths becomes the paths; everything else stays. */
function expandArgument(
  argument: string,
  host: FileTree,
  options: ArgumentOptions,
  diagnostics: Diagnostic[],
): readonly string[] {
  const path = resolve(options.workingFolder, argument);
  if (!isPattern(argument) || host.lstat(path) !== undefined) return [argument];
  const isOfPaths = argument.includes("/");
  if (!isOfPaths && options.root !== undefined) return [argument];
  // `**` over a source tree meets files of every kind, so a pattern means the units among what it matches.
  const found = expandPattern(host, path).filter(
    each =>
      sourceNames(host, dirname(each))(basename(each)) !== undefined ||
      each.endsWith(".deb") ||
      host.stat(each)?.kind === "directory",
  );
  const files = found.filter(each => host.stat(each)?.kind !== "directory");
  if (files.length > 0) return files;
  if (found.length > 0) return found;
  if (!isOfPaths) return [argument];
  diagnostics.push(noMatch(argument));
  return [];
}

function isUnitPath(argument: string, path: string, host: FileTree, options: ArgumentOptions): boolean {
  const file = basename(path);
  const own = options.root === undefined ? sourceNames(host, dirname(path))(file) : file;
  const name = parseUnitName(own ?? "");
  if (name === undefined || (!argument.includes("/") && options.root !== undefined)) return false;
  if (options.root !== undefined) return true;
  const template = templateOf(name);
  const candidates = [path, ...(template === undefined ? [] : [`${dirname(path)}/${template}`])];
  return candidates.some(each => {
    const kind = host.lstat(each)?.kind;
    return kind === "file" || kind === "symlink" || kind === "device";
  });
}

function fileTarget(
  argument: string,
  path: string,
  host: FileTree,
  system: DirectoryTree,
  options: ArgumentOptions,
): AuditTarget {
  const { scope } = options;
  const file = basename(path);
  const name = options.root === undefined ? (sourceNames(host, dirname(path))(file) ?? file) : file;
  const units = { kind: "named", names: [name] } as const;
  if (options.root === undefined) {
    const common = { kind: "file", arguments: [argument], units, machineRoot: "/" } as const;
    const own: UnitSource = { tree: host, scope, extraDirectories: [dirname(path)], isSourceTree: true };
    return options.hasHostDropIns === true
      ? { ...common, source: own, evidence: "system" }
      : { ...common, source: { ...own, searchPath: [] }, evidence: "files" };
  }
  // A path counts inside the root; one that was typed with the root in front is meant the same way.
  const source: UnitSource = {
    tree: system,
    scope,
    extraDirectories: [dirname(insideRoot(path, argument, options.root, options))],
    absoluteLinks: "ignore",
  };
  return {
    kind: "root",
    arguments: [argument],
    source,
    units,
    machineRoot: system.machineRoot,
    evidence: "system",
  };
}

function insideRoot(path: string, argument: string, root: string, options: ArgumentOptions): string {
  const base = resolve(options.workingFolder, root);
  if (path.startsWith(`${base}/`)) return path.slice(base.length);
  return argument.startsWith("/") ? argument : `/${argument}`;
}

function folderTargets(
  argument: string,
  path: string,
  host: DirectoryTree,
  options: ArgumentOptions,
): readonly AuditTarget[] {
  const { scope, root } = options;
  const common = { arguments: [argument], units: { kind: "all" } } as const;
  if (root !== undefined) {
    const folder = insideRoot(path, argument, root, options);
    const tree = directoryTree(root);
    const source: UnitSource = {
      tree,
      scope,
      extraDirectories: [folder],
      searchPath: [],
      absoluteLinks: "ignore",
    };
    return [{ ...common, kind: "root", source, machineRoot: tree.machineRoot, evidence: "system" }];
  }
  if (isSystemRoot(host, path)) {
    const tree = directoryTree(path, argument);
    const source: UnitSource = { tree, scope, extraDirectories: [], absoluteLinks: "ignore" };
    return [{ ...common, kind: "root", source, machineRoot: tree.machineRoot, evidence: "system" }];
  }
  const folders = unitFolders(host, path);
  if (folders.length === 0) throw new SourceError("no-units-in-folder", { folder: argument });
  return folders.map(folder => ({
    ...common,
    kind: "folder",
    source: { tree: host, scope, extraDirectories: [folder], searchPath: [], isSourceTree: true },
    machineRoot: "/",
    evidence: "files",
  }));
}

/** What came in lies nowhere; messages name this folder, so that nobody takes it for a file of the machine. */
const inputFolder = "/standard-input";

async function standardInput(options: ArgumentOptions, system: FileTree): Promise<AuditTarget> {
  const name = options.standardInputName ?? "stdin.service";
  const given = memoryTree(
    { [`${inputFolder}/${name}`]: await options.readStandardInput() },
    "standard input",
  );
  const hasSystem = options.root !== undefined || options.hasHostDropIns === true;
  const tree = hasSystem ? overlayTree(given, system, "standard input") : given;
  return {
    kind: "standard-input",
    arguments: ["-"],
    source: {
      tree,
      scope: options.scope,
      extraDirectories: [inputFolder],
      ...(options.root !== undefined && { absoluteLinks: "ignore" }),
    },
    units: { kind: "named", names: [name] },
    evidence: hasSystem ? "system" : "files",
  };
}

/** Neighbours of one source as one target, so that its folders are read once. */
function merged(targets: readonly AuditTarget[]): readonly AuditTarget[] {
  const result: AuditTarget[] = [];
  for (const target of targets) {
    const last = result.at(-1);
    if (last?.units.kind === "named" && target.units.kind === "named" && isSameSource(last, target)) {
      const names = [...last.units.names, ...target.units.names];
      result[result.length - 1] = {
        ...last,
        arguments: [...last.arguments, ...target.arguments],
        units: { kind: "named", names: [...new Set(names)] },
      };
    } else result.push(target);
  }
  return result;
}

function isSameSource(one: AuditTarget, other: AuditTarget): boolean {
  return (
    one.kind === other.kind &&
    one.source.tree === other.source.tree &&
    one.source.extraDirectories.join("\0") === other.source.extraDirectories.join("\0")
  );
}

function noUnit(argument: string, kind: string | undefined): Diagnostic {
  const code = kind === undefined ? "no-such-file" : "no-unit-file";
  return { code, severity: "error", args: { file: argument } };
}
