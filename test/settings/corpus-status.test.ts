import { describe, expect, test } from "vitest";
import { loadUnit } from "../../src/host/load-unit.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { resolveSettings } from "../../src/settings/resolve-settings.ts";
import { corpusNote, corpusTree, expectedUnits, hasCorpus } from "../support/corpus.ts";

const versions = [252, 254, 257, 262];

describe.skipIf(!hasCorpus)(`the corpus's units are refused when systemd refuses them${corpusNote}`, () => {
  test.each(versions)("each package alone, systemd %d", version => {
    expect(wrongStatuses(`alone.${version}`, "units", version)).toEqual([]);
  });
  test.each(versions)("generated trees, systemd %d", version => {
    expect(wrongStatuses(`synth.${version}`, "synth", version)).toEqual([]);
  });
});

function wrongStatuses(expected: string, folder: string, version: number): readonly string[] {
  const facts = systemdFacts(version, "x86-64");
  const target = { version, profile: version, scope: "system", arch: "x86-64" } as const;
  const wrong: string[] = [];
  let last: { tree: string; index: ReturnType<typeof indexUnits> } | undefined;
  for (const { tree, unit, status } of expectedUnits(expected)) {
    if (last?.tree !== tree) {
      const files = memoryTree(corpusTree(`${folder}/${tree}`));
      const index = indexUnits({
        tree: files,
        scope: "system",
        extraDirectories: [],
        absoluteLinks: "ignore",
      });
      last = { tree, index };
    }
    const loaded = loadUnit(last.index, unit, { defaultInstance: version >= 257 ? "test_instance" : "i" });
    const { refused } = resolveSettings(loaded, target, facts);
    const found =
      loaded.status === "error" || refused
        ? "refused"
        : loaded.status === "loaded"
          ? "scored"
          : loaded.status;
    if (found !== status)
      wrong.push(`${tree}/${unit}: ${found} (${refused?.code ?? "-"}), expected ${status}`);
  }
  return wrong;
}
