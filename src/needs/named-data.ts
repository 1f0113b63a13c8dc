// The places for data, homes and devices that a service is told of: by its package's configuration, its environment, its command lines.

import { posix } from "node:path";
import type { FileTree } from "../host/file-tree.ts";
import { loadPlaces } from "../rules/places.ts";
import { configText } from "./config/config-text.ts";
import { plainPath } from "./config/paths-in.ts";
import type { Evidence, Need } from "./need.ts";
import { isBelow } from "./need-pattern.ts";
import { packageFiles } from "./package-files.ts";

/** Bounds for packages whose configuration is a catalogue. */
const MAX_FILES = 60;
const MAX_PATHS = 60;
const MAX_LINE = 4096;

/** Paths below places for data in words of the unit itself: a hint that they are written. */
export function namedData(words: readonly string[], evidence: Evidence): readonly Need[] {
  const { data } = loadPlaces();
  return words
    .flatMap(word => pathsBelow(word, data))
    .map(path => hint(path, { ...evidence, detail: `${evidence.detail}: names ${path}`.slice(0, 200) }));
}

/** Paths below places for data in the configuration below /etc that the unit's package owns, comments left out. */
export function packageConfigData(unitPath: string | undefined, tree: FileTree): readonly Need[] {
  const { data } = loadPlaces();
  return namedBelow(unitPath, tree, data).map(({ path, evidence }) => hint(path, evidence));
}

/** Homes and device nodes in that configuration. They are hidden from services first: whoever names one there means it. */
export function packageConfigApart(unitPath: string | undefined, tree: FileTree): readonly Need[] {
  const { hidden, pseudoDevices } = loadPlaces();
  return namedBelow(unitPath, tree, [...hidden, "/dev"])
    .filter(({ path }) => !pseudoDevices.some(place => isBelow(path, place)))
    .map(
      ({ path, evidence }): Need => ({
        kind: isBelow(path, "/dev") ? "device" : "read",
        subject: path,
        certainty: "assumed",
        prior: "universal",
        evidence,
      }),
    );
}

/** The paths below some places that the configuration of the unit's package names, each where it first stands. */
function namedBelow(
  unitPath: string | undefined,
  tree: FileTree,
  places: readonly string[],
): readonly { readonly path: string; readonly evidence: Evidence }[] {
  const found = new Map<string, Evidence>();
  for (const file of configFiles(unitPath, tree)) {
    const content = configText(file, tree);
    if (typeof content !== "object") continue;
    for (const [index, line] of content.text.split("\n").entries()) {
      if (line.length > MAX_LINE || !line.includes("/") || /^\s*(?:[#;*]|\/\/)/.test(line)) continue;
      for (const path of pathsBelow(line, places))
        if (found.size < MAX_PATHS && !found.has(path))
          found.set(path, { by: "config", file, line: index + 1, detail: `names ${path}` });
    }
  }
  return [...found].map(([path, evidence]) => ({ path, evidence }));
}

/** The package's files below /etc, and what people put beside them in folders that are the package's alone. */
function configFiles(unitPath: string | undefined, tree: FileTree): readonly string[] {
  const list = unitPath === undefined ? undefined : packageFiles(unitPath, tree);
  if (list === undefined) return [];
  const name = posix.basename(list.file).replace(/(:[a-z0-9]+)?\.list$/, "");
  const { others } = loadPlaces();
  const files = new Set<string>();
  for (const path of list.paths) {
    const folder = /^\/etc\/([^/]+)/.exec(path)?.[1];
    if (folder === undefined || others.includes(`/etc/${folder}`)) continue;
    const kind = tree.stat(path)?.kind;
    if (kind === "file") files.add(path);
    if (kind !== "directory" || !(name.startsWith(folder) || folder.startsWith(name))) continue;
    for (const entry of tree.readDirectory(path))
      if (tree.stat(`${path}/${entry}`)?.kind === "file") files.add(`${path}/${entry}`);
  }
  return [...files].slice(0, MAX_FILES);
}

function pathsBelow(text: string, places: readonly string[]): readonly string[] {
  return [...text.matchAll(/(?<![\w./$}-])(\/[a-z][\w.+@-]*(?:\/[\w.+@-]+)+)/gi)].flatMap(([, word]) => {
    const path = plainPath(word ?? "");
    return path !== undefined && places.some(place => isBelow(path, place)) ? [path] : [];
  });
}

function hint(subject: string, evidence: Evidence): Need {
  return { kind: "write", subject, certainty: "assumed", prior: "common", evidence };
}
