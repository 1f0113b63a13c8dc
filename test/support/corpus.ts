import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { MemoryEntry } from "../../src/host/memory-tree.ts";

const corpus = join(dirname(fileURLToPath(import.meta.url)), "../../../shared/corpus");

export const hasCorpus = existsSync(corpus);
/** For titles, so that a skipped test says why. */
export const corpusNote = hasCorpus ? "" : " (skipped: the corpus is not beside the repository)";

export interface ExpectedUnit {
  readonly tree: string;
  readonly unit: string;
  readonly status: "scored" | "refused" | "masked" | "not-found";
  /** Checks that add to the exposure, with their tenths; only of scored units. */
  readonly unset?: Readonly<Record<string, number>>;
}

export function expectedUnits(name: string): readonly ExpectedUnit[] {
  const text = readFileSync(join(corpus, "expected", `${name}.jsonl`), "utf8");
  return text
    .split("\n")
    .filter(Boolean)
    .map(line => JSON.parse(line));
}

/** Every file under a folder of the corpus, by its path below that folder. */
export function* corpusFiles(folder: string): Generator<readonly [string, Uint8Array]> {
  const root = join(corpus, folder);
  const pending = [root];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const name of readdirSync(next)) {
      const path = join(next, name);
      if (statSync(path).isDirectory()) pending.push(path);
      else yield [relative(root, path), readFileSync(path)];
    }
  }
}

/** The entries of one root tree of the corpus. Links were stored as files that hold their target, with no line end. */
export function corpusTree(folder: string): Record<string, MemoryEntry> {
  const entries: Record<string, MemoryEntry> = {};
  for (const [path, bytes] of corpusFiles(folder)) {
    const text = Buffer.from(bytes).toString("utf8");
    entries[`/${path}`] = isStoredLink(text) ? { link: text } : bytes;
  }
  return entries;
}

function isStoredLink(text: string): boolean {
  return /^[^\s=[\]#;]+$/.test(text) && (text.includes("/") || text.includes("."));
}
