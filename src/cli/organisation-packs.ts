// [gate] packs[]: JSON files, or npm packages that are installed from the configuration's folder upwards. A package says
// in its package.json which of its files are packs; they are read as JSON, and nothing of it is ever run.
import { dirname, join, normalize, resolve } from "node:path";
import { hostTree } from "../host/directory-tree.ts";
import { SourceError } from "../host/source-error.ts";
import { builtInPackNames, loadBuiltInPack } from "../rules/built-in-packs.ts";
import type { Pack } from "../rules/pack.ts";
import { readBesides, sayAll } from "./read-besides.ts";

/** @throws {Failure} with everything that is wrong with a pack. @throws {SourceError} where there is none. */
export async function loadOrganisationPacks(
  named: readonly string[],
  folder: string,
  warn: (line: string) => void,
): Promise<readonly Pack[]> {
  const packs: Pack[] = [];
  for (const name of named) {
    if (builtInPackNames().includes(name)) packs.push(loadBuiltInPack(name));
    else for (const file of packFiles(name, folder)) packs.push(await readPack(file, folder, warn));
  }
  return packs;
}

/** npm's own rule for names, as far as it matters: no dots or slashes that lead elsewhere. */
const PACKAGE = /^(@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i;

function packFiles(name: string, folder: string): readonly string[] {
  const file = resolve(folder, name);
  if (name.endsWith(".json") || /^\.{0,2}\//.test(name) || !PACKAGE.test(name)) return [file];
  const installed = findPackage(name, folder);
  if (installed === undefined) throw new SourceError("installed-pack-missing", { pack: name, folder });
  const manifest = readJson(join(installed, "package.json"));
  const listed = fieldOf(fieldOf(manifest, "tightunit"), "packs");
  const files = Array.isArray(listed) ? listed.filter(each => typeof each === "string") : [];
  if (files.length === 0) throw new SourceError("installed-pack-none", { pack: name });
  return files.map(each => inPackage(name, installed, each));
}

/** The nearest node_modules/NAME, in the folder or above it, as node looks for it. */
function findPackage(name: string, folder: string): string | undefined {
  const tree = hostTree();
  for (let at = resolve(folder); ; at = dirname(at)) {
    const candidate = join(at, "node_modules", name);
    if (tree.stat(join(candidate, "package.json"))?.kind === "file") return candidate;
    if (at === dirname(at)) return undefined;
  }
}

function inPackage(pack: string, installed: string, file: string): string {
  const inside = normalize(file);
  if (inside.startsWith("..") || inside.startsWith("/"))
    throw new SourceError("installed-pack-outside", { pack, file });
  if (!inside.endsWith(".json")) throw new SourceError("installed-pack-no-json", { pack, file });
  // A link in the package may lead out of it as well.
  const tree = hostTree();
  const [real, base] = [tree.realPath(join(installed, inside)), tree.realPath(installed)];
  if (real !== undefined && base !== undefined && !real.startsWith(`${base}/`))
    throw new SourceError("installed-pack-outside", { pack, file });
  return join(installed, inside);
}

function readJson(path: string): unknown {
  const bytes = hostTree().readFile(path, 1 << 20);
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    // A package.json that is no JSON names no packs.
    return undefined;
  }
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

async function readPack(path: string, cwd: string, warn: (line: string) => void): Promise<Pack> {
  const read = readBesides(path, true, cwd);
  const { loadPack } = await import("../rules/load-pack.ts");
  const { pack, diagnostics } = loadPack(read?.text ?? "", read?.shown ?? path);
  sayAll(diagnostics, warn);
  if (pack === undefined) throw new SourceError("installed-pack-missing", { pack: path, folder: cwd });
  return pack;
}
