import { describe, expect, test } from "vitest";
import { loadUnit } from "../../src/host/load-unit.ts";
import { assignmentsOf, type LoadedUnit } from "../../src/host/loaded-unit.ts";
import {
  corpusIndex,
  defaultInstance,
  type Expected,
  hasCorpus,
  readLines,
  whyNoCorpus,
} from "../support/corpus.ts";

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

describe.skipIf(!hasCorpus)(`units of the corpus are loaded as systemd loaded them${whyNoCorpus}`, () => {
  test.each([
    ["synth", 252],
    ["synth", 254],
    ["synth", 257],
    ["synth", 262],
    ["alone", 252],
    ["alone", 262],
  ] as const)("%s, systemd %i", (kind, version) => {
    const wrong: string[] = [];
    const recorded = readLines<Expected>(`expected/${kind}.${version}.jsonl`);
    for (const { tree, unit, status, unset = {} } of recorded) {
      const options = { defaultInstance: defaultInstance(version) };
      const loaded = loadUnit(corpusIndex(kind, tree), unit, options);
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
