// A name and an index go in; what systemd would load under that name comes out: fragment, drop-ins, names, or why not.
// As `systemd-analyze security --offline` finds units (252 to 262); see systemd.unit(5). Never throws on bad input.
import { didYouMean } from "../rules/did-you-mean.ts";
import { parseUnit } from "../unit/parse-unit.ts";
import type { Diagnostic, UnitTree } from "../unit/tree.ts";
import { parseUnitName, type UnitName, type UnitType, withInstance } from "../unit/unit-name.ts";
import { findDropIns } from "./find-drop-ins.ts";
import { baseOf, lookAt } from "./link-target.ts";
import type { DropIn, LoadedUnit } from "./loaded-unit.ts";
import { FileTooLarge, SourceError } from "./source-error.ts";
import { fillTemplate } from "./source-names.ts";
import { type Found, findFragment, templateOfName, type UnitIndex, type UnitSource } from "./unit-index.ts";
import { namesOf } from "./unit-names.ts";

export interface LoadOptions {
  /** What a template that is named alone is loaded as: systemd-analyze takes "i" up to 256, "test_instance" from 257. */
  readonly defaultInstance: string;
}

/**
 * @param nameOrPath a unit's name (`.service` may be left out) or a path, of which only the last part counts: its folder
 *   has to be among the index's folders to be searched.
 */
export function loadUnit(index: UnitIndex, nameOrPath: string, options: LoadOptions): LoadedUnit {
  const base = baseOf(nameOrPath);
  const { scope } = index.source;
  const asked = unitNameOf(base);
  const requested = asked?.name ?? base;
  const nothing = { requested, scope, dropIns: [], strayDropIns: [] };
  const name = asked?.isTemplate ? withInstance(asked, options.defaultInstance) : asked;
  if (name === undefined) {
    const diagnostics: Diagnostic[] = [
      { code: "no-unit-name", severity: "error", args: { name: nameOrPath } },
    ];
    return { ...nothing, name: requested, names: [requested], status: "error", diagnostics };
  }
  // Scopes are made by programs, never from files.
  const found: Found = name.type === "scope" ? { kind: "missing" } : findWithTemplate(index, name.name);
  if (found.kind === "missing" && needsNoFile.includes(name.type)) {
    const names = [name.name];
    return { ...nothing, name: name.name, names, ...withDropIns(index, name.name, names) };
  }
  if (found.kind !== "file") {
    const diagnostics = [
      ...refusalsOf(index, name.name),
      ...faultOf(name.name, found),
      ...(found.kind === "missing" ? slipOf(index, name) : []),
    ];
    return { ...nothing, name: name.name, names: [name.name], status: "not-found", diagnostics };
  }
  const names = namesOf(index, name.name, found.path);
  const id = names[0] ?? name.name;
  const identity = { ...nothing, name: id, names, path: found.path };
  const look = found.isLink ? lookAt(index.source, found.path) : "file";
  const fragment: Read =
    look === "file"
      ? readUnit(index, found.path, largestUnit)
      : { kind: look === "mask" ? "empty" : "missing" };
  switch (fragment.kind) {
    case "empty":
      return { ...identity, status: "masked", diagnostics: [] };
    case "missing": {
      const code = look === "away" ? "fragment-outside-root" : "fragment-missing";
      const diagnostics: Diagnostic[] = [{ code, severity: "error", args: { path: found.path } }];
      return { ...identity, status: "not-found", diagnostics };
    }
    case "error":
      return { ...identity, status: "error", diagnostics: [fragment.diagnostic] };
    case "tree":
      return { ...identity, ...withDropIns(index, name.name, names, fragment) };
  }
}

/** systemd.slice(5), systemd.device(5): units that are there without a file of their own. */
const needsNoFile: readonly UnitType[] = ["slice", "device"];

type Outcome = Pick<LoadedUnit, "status" | "fragment" | "dropIns" | "strayDropIns" | "diagnostics">;

function withDropIns(
  index: UnitIndex,
  name: string,
  names: readonly string[],
  fragment?: Extract<Read, { readonly kind: "tree" }>,
): Outcome {
  const own = fragment && { fragment: fragment.tree };
  const syntax = fragment?.tree.diagnostics ?? [];
  if (syntax.some(diagnostic => diagnostic.severity === "error"))
    return { status: "error", ...own, dropIns: [], strayDropIns: [], diagnostics: syntax };
  const { dropIns, stray, diagnostics } = loadDropIns(index, names, fragment?.length ?? 0);
  return {
    status: "loaded",
    ...own,
    dropIns,
    strayDropIns: stray,
    diagnostics: [...refusalsOf(index, name), ...syntax, ...diagnostics],
  };
}

function unitNameOf(text: string) {
  return parseUnitName(text) ?? parseUnitName(`${text}.service`);
}

function findWithTemplate({ units }: UnitIndex, name: string): Found {
  const found = findFragment(units, name);
  const template = templateOfName(name);
  if (template === undefined || found.kind === "file" || found.kind === "loop") return found;
  const general = findFragment(units, template);
  return general.kind === "missing" ? found : general;
}

/**
 * For all files of one unit together, in bytes: systemd has no such limit, and no unit comes near it. A line may have
 * 1 MiB, so that a unit at the limit is still read in two seconds.
 */
const largestUnit = 2 * 1024 * 1024;

/** @param length what the fragment has used up of the unit's limit, in bytes. */
function loadDropIns(index: UnitIndex, names: readonly string[], length: number) {
  const { paths, stray } = findDropIns(index, names);
  const dropIns: DropIn[] = [];
  const diagnostics: Diagnostic[] = [];
  let room = largestUnit - length;
  for (const path of paths) {
    const read = readUnit(index, path, room);
    if (read.kind === "error") diagnostics.push({ ...read.diagnostic, severity: "warning" });
    if (read.kind !== "tree") continue;
    room -= read.length;
    dropIns.push({ path, tree: read.tree });
    // What stops systemd in a fragment ends only the file in a drop-in.
    for (const diagnostic of read.tree.diagnostics) diagnostics.push(diagnostic);
  }
  return { dropIns, stray, diagnostics };
}

type Read =
  | { readonly kind: "tree"; readonly tree: UnitTree; readonly length: number }
  | { readonly kind: "missing" }
  /** An empty file stands for "nothing here": systemd.unit(5). */
  | { readonly kind: "empty" }
  | { readonly kind: "error"; readonly diagnostic: Diagnostic };

function readUnit({ source }: UnitIndex, path: string, limit: number): Read {
  try {
    const bytes = source.tree.readFile(path, limit);
    if (bytes === undefined) return { kind: "missing" };
    const { length } = bytes;
    return length === 0 ? { kind: "empty" } : { kind: "tree", tree: treeOf(bytes, path, source), length };
  } catch (error) {
    if (error instanceof FileTooLarge) return { kind: "error", diagnostic: tooLarge(path) };
    if (error instanceof SourceError) return { kind: "error", diagnostic: error.diagnostic };
    throw error;
  }
}

function treeOf(bytes: Uint8Array, path: string, { isSourceTree }: UnitSource): UnitTree {
  const tree = parseUnit(bytes, path);
  return isSourceTree === true ? fillTemplate(tree) : tree;
}

function tooLarge(file: string): Diagnostic {
  const limit = `${largestUnit / 1024 / 1024} MiB`;
  return { code: "unit-too-large", severity: "error", args: { file, limit } };
}

function refusalsOf(index: UnitIndex, name: string): Diagnostic[] {
  const template = templateOfName(name);
  const refused = [
    index.refusedLinks.get(name),
    template === undefined ? undefined : index.refusedLinks.get(template),
  ];
  return refused.filter(diagnostic => diagnostic !== undefined);
}

/** What was likely meant by the name of a unit that is not there. */
function slipOf({ units }: UnitIndex, { name, type, instance }: UnitName): Diagnostic[] {
  const known = [...units.keys()].flatMap(each => {
    const unit = parseUnitName(each);
    if (unit?.type !== type) return [];
    return unit.isTemplate && instance !== undefined ? (withInstance(unit, instance)?.name ?? []) : each;
  });
  const meant = didYouMean(name, known);
  return meant === undefined
    ? []
    : [{ code: "unit-missing-meant", severity: "error", args: { name, meant } }];
}

function faultOf(name: string, found: Found): Diagnostic[] {
  switch (found.kind) {
    case "dangling":
      return [
        { code: "alias-dangling", severity: "error", args: { name, path: found.path, target: found.target } },
      ];
    case "loop":
      return [{ code: "alias-loop", severity: "error", args: { name, path: found.path } }];
    default:
      return [];
  }
}
