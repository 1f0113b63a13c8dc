import { describe, expect, test } from "vitest";
import { loadUnit } from "../../src/host/load-unit.ts";
import { assignmentsOf, type LoadedUnit } from "../../src/host/loaded-unit.ts";
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

/** Booleans that nothing else implies, so that the last word that systemd understands decides. */
const plainBooleans = [
  "LockPersonality",
  "MemoryDenyWriteExecute",
  "PrivateNetwork",
  "RestrictRealtime",
  "ProtectKernelTunables",
];

function setBooleans(unit: LoadedUnit): string[] {
  const last = new Map<string, boolean>();
  for (const { section, key, value } of assignmentsOf(unit)) {
    if (section !== "Service") continue;
    if (/^(1|yes|y|true|t|on)$/i.test(value)) last.set(key, true);
    else if (/^(0|no|n|false|f|off)$/i.test(value)) last.set(key, false);
  }
  return plainBooleans.filter(name => last.get(name));
}

describe.skipIf(!hasCorpus)(`units of the corpus are loaded as systemd loaded them${corpusNote}`, () => {
  test.each([
    ["synth.252", "synth"],
    ["synth.254", "synth"],
    ["synth.257", "synth"],
    ["synth.262", "synth"],
    ["alone.252", "units"],
    ["alone.262", "units"],
  ])("%s", (expected, folder) => {
    const version = Number(expected.slice(-3));
    const defaultInstance = version < 257 ? "i" : "test_instance";
    const wrong: string[] = [];
    for (const { tree, unit, status, unset = {} } of expectedUnits(expected)) {
      const source = {
        tree: memoryTree(corpusTree(`${folder}/${tree}`)),
        scope: "system",
        extraDirectories: [],
        absoluteLinks: "ignore",
      } as const;
      const loaded = loadUnit(indexUnits(source), unit, { defaultInstance });
      const allowed: readonly string[] = possible[loaded.status];
      if (!allowed.includes(status)) wrong.push(`${tree}/${unit}: ${loaded.status}, expected ${status}`);
      if (status !== "scored") continue;
      const ours = setBooleans(loaded).join();
      const theirs = plainBooleans.filter(name => !Object.hasOwn(unset, name)).join();
      if (ours !== theirs) wrong.push(`${tree}/${unit}: ${ours}, expected ${theirs}`);
    }
    expect(wrong).toEqual([]);
  });
});
