// What a proposal promises, on every unit of the corpus, at every level, for every version:
// it never weakens, it gives exactly what it shows, and proposing again proposes nothing.
import { describe, expect, it } from "vitest";
import { addDropIn } from "../../src/harden/add-drop-in.ts";
import { hardenUnit } from "../../src/harden/harden-unit.ts";
import { looserSettings } from "../../src/harden/is-looser.ts";
import type { Level } from "../../src/harden/proposal.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import type { LoadedUnit } from "../../src/host/loaded-unit.ts";
import type { UnitIndex } from "../../src/host/unit-index.ts";
import { collectNeeds } from "../../src/needs/collect-needs.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { loadDirectives } from "../../src/rules/directives.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { assess } from "../../src/score/assess.ts";
import { callSets } from "../../src/settings/call-sets.ts";
import { resolveSettings } from "../../src/settings/resolve-settings.ts";
import type { Settings, Target } from "../../src/settings/settings.ts";
import {
  corpusIndex,
  defaultInstance,
  type Expected,
  hasCorpus,
  readLines,
  versions,
  whyNoCorpus,
} from "../support/corpus.ts";

const levels: readonly Level[] = ["safe", "balanced", "strict"];

/** What is wrong with the proposal for a unit; "" where nothing is. */
function brokenPromise(index: UnitIndex, name: string, version: number, level: Level): string {
  const unit = loadUnit(index, name, { defaultInstance: defaultInstance(version) });
  if (unit.status !== "loaded") return "";
  const target: Target = { version, profile: version, scope: "system", arch: "x86-64" };
  const facts = systemdFacts(version, target.arch);
  const pack = loadBuiltInPack("systemd-security");
  const resolve = (one: LoadedUnit): Settings => resolveSettings(one, target, facts);
  const before = resolve(unit);
  if (before.refused !== undefined) return "";
  const propose = (one: LoadedUnit) =>
    hardenUnit({
      unit: one,
      facts,
      resolve,
      assess: settings => assess(settings, pack, facts),
      tree: index.source.tree,
      options: { level },
    });
  const proposal = propose(unit);
  const hardened = addDropIn(unit, proposal.dropIn);
  const after = resolve(hardened);
  const calls = callSets(facts);
  const { knowledge } = collectNeeds(unit, before, facts, index.source.tree);
  const found = [
    ...(proposal.after.exposure > proposal.before.exposure
      ? [`exposure rises to ${proposal.after.exposure}`]
      : []),
    ...looserSettings(before, after, loadDirectives(), calls, knowledge).map(
      directive => `${directive} gets looser`,
    ),
    ...(assess(after, pack, facts).exposure === proposal.after.exposure
      ? []
      : ["the drop-in gives another exposure than shown"]),
    ...newlyIgnored(before, after),
    ...propose(hardened).settings.map(setting => `${setting.lines.join(" / ")} is proposed again`),
  ];
  return found.join("; ");
}

/** Lines of ours that systemd would ignore, such as a directive that it does not know yet. */
function newlyIgnored(before: Settings, after: Settings): readonly string[] {
  return after.refused !== undefined
    ? ["systemd refuses the result"]
    : after.diagnostics
        .slice(before.diagnostics.length)
        .map(diagnostic => `our lines say ${diagnostic.code}`);
}

describe.skipIf(!hasCorpus)(`proposals for the corpus${whyNoCorpus}`, () => {
  describe.each(versions)("under systemd %i", version => {
    it.each(levels)("at level %s keep their promises", level => {
      const broken = (["merged", "synth"] as const).flatMap(kind =>
        readLines<Expected>(`expected/${kind}.${version}.jsonl`).flatMap(({ tree, unit }) => {
          const found = brokenPromise(corpusIndex(kind, tree), unit, version, level);
          return found === "" ? [] : [`${tree} ${unit}: ${found}`];
        }),
      );
      expect(broken).toEqual([]);
    });
  });
});
