// The corpus of real and generated units with the recorded answers of systemd; it lies beside the repository on some
// machines only.
import { existsSync, lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { FileTree } from "../../src/host/file-tree.ts";
import { type MemoryEntry, memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits, type UnitIndex } from "../../src/host/unit-index.ts";

export const corpusFolder = fileURLToPath(new URL("../../../shared/corpus", import.meta.url));
export const hasCorpus = existsSync(join(corpusFolder, "README.md"));
export const whyNoCorpus = hasCorpus ? "" : " (skipped: no corpus at ../shared/corpus)";

export const versions = [252, 254, 257, 262] as const;
export const kinds = ["alone", "merged", "synth"] as const;

export interface Expected {
  readonly tree: string;
  readonly unit: string;
  readonly status: string;
  readonly exposure?: number;
  readonly level?: string;
  readonly unset?: Readonly<Record<string, number>>;
  readonly na?: readonly string[];
}

export function readLines<T>(path: string): readonly T[] {
  return readFileSync(join(corpusFolder, path), "utf8")
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line));
}

/** Every file and link below a folder, as entries for a tree in memory. */
export function* entriesOf(folder: string, prefix = ""): Generator<[string, MemoryEntry]> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    const stat = lstatSync(path);
    if (stat.isDirectory()) {
      yield [`${prefix}/${name}`, { directory: true }];
      yield* entriesOf(path, `${prefix}/${name}`);
    } else if (stat.isSymbolicLink()) yield [`${prefix}/${name}`, { link: readlinkSync(path) }];
    else {
      // The corpus keeps a symbolic link as a file with the link's target; no unit file looks like that.
      const content = readFileSync(path);
      const text = content.length < 256 ? content.toString("latin1") : "";
      const isLink = /^[^\s=[\]#;]+$/.test(text) && /[./]/.test(text);
      yield [`${prefix}/${name}`, isLink ? { link: text } : content];
    }
  }
}

/** All packages in one tree; the first in sorted order has a path. */
function mergedTree(): FileTree {
  const entries = new Map<string, MemoryEntry>();
  for (const name of readdirSync(join(corpusFolder, "units")).sort()) {
    for (const [path, entry] of entriesOf(join(corpusFolder, "units", name))) {
      if (!entries.has(path)) entries.set(path, entry);
    }
  }
  return memoryTree(entries, "merged");
}

const indexes = new Map<string, UnitIndex>();

export function corpusIndex(kind: (typeof kinds)[number], tree: string): UnitIndex {
  const id = kind === "merged" ? kind : `${kind} ${tree}`;
  const known = indexes.get(id);
  if (known) return known;
  const files =
    kind === "merged"
      ? mergedTree()
      : memoryTree(entriesOf(join(corpusFolder, kind === "alone" ? "units" : "synth", tree)), tree);
  const index = indexUnits({ tree: files, scope: "system", extraDirectories: [], absoluteLinks: "ignore" });
  indexes.set(id, index);
  return index;
}

/** What systemd-analyze names a template's instance when it is given none. */
export function defaultInstance(version: number): string {
  return version >= 257 ? "test_instance" : "i";
}
