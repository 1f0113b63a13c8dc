import { describe, expect, test } from "vitest";
import { loadUnit } from "../../src/host/load-unit.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { corpusNote, corpusTree, expectedUnits, hasCorpus } from "../support/corpus.ts";

/** The loader cannot tell refused values from good ones, but a file that systemd cannot read it must refuse. */
const possible = {
  loaded: ["scored", "refused"],
  error: ["refused"],
  masked: ["masked"],
  "not-found": ["not-found"],
} as const;

describe.skipIf(!hasCorpus)(`units of the corpus are found as systemd found them${corpusNote}`, () => {
  test.each([
    ["synth.252", "synth"],
    ["synth.262", "synth"],
    ["alone.252", "units"],
    ["alone.262", "units"],
  ])("%s", (expected, folder) => {
    const wrong: string[] = [];
    for (const { tree, unit, status } of expectedUnits(expected)) {
      const index = indexUnits({
        tree: memoryTree(corpusTree(`${folder}/${tree}`)),
        scope: "system",
        extraDirectories: [],
        absoluteLinks: "ignore",
      });
      const loaded = loadUnit(index, unit, {
        defaultInstance: expected.endsWith("262") ? "test_instance" : "i",
      });
      const allowed: readonly string[] = possible[loaded.status];
      if (!allowed.includes(status)) wrong.push(`${tree}/${unit}: ${loaded.status}, expected ${status}`);
    }
    expect(wrong).toEqual([]);
  });
});
