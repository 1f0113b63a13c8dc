// Every rule of the pack brings units that it must find something in, and units in which it must not.
import { describe, expect, it } from "vitest";
import { loadUnit } from "../../src/host/load-unit.ts";
import { type MemoryEntry, memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import type { Example } from "../../src/rules/pack.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { coversByParts } from "../../src/score/covers-by-parts.ts";
import { type Finding, findTraps } from "../../src/score/find-traps.ts";
import { resolveSettings } from "../../src/settings/resolve-settings.ts";
import type { AddressPrefix } from "../../src/settings/settings.ts";

const traps = loadBuiltInPack("traps");

function findingsIn(example: Example): readonly Finding[] {
  const name = example.name ?? "bakery.service";
  const version = example.systemd ?? 257;
  const scope = example.scope ?? "system";
  const entries = Object.entries({ [`etc/systemd/${scope}/${name}`]: example.unit, ...example.files });
  const tree = memoryTree(
    entries.map(([path, text]): [string, MemoryEntry] => [
      path,
      text.startsWith("-> ") ? { link: text.slice(3) } : text,
    ]),
  );
  const unit = loadUnit(indexUnits({ tree, scope, extraDirectories: [] }), name, {
    defaultInstance: "i",
  });
  expect(unit.status).toBe("loaded");
  const profile = [262, 257, 254].find(each => each <= version) ?? 252;
  const facts = systemdFacts(profile, "x86-64");
  const settings = resolveSettings(unit, { version, profile, scope, arch: "x86-64" }, facts);
  expect(settings.refused).toBeUndefined();
  return findTraps(unit, settings, traps, { facts, tree });
}

describe.each(traps.rules ?? [])("$rule", rule => {
  it.each(rule.examples.bad)("finds something in %j", example => {
    const found = findingsIn(example).filter(finding => finding.rule === rule.rule);
    expect(found.length).toBeGreaterThan(0);
    const always = rule.message.replaceAll(/\{\?\w+:(?:[^{}]|\{\w+\})*\}/g, "");
    const placeholders = [...always.matchAll(/\{(\w+)\}/g)].map(match => match[1] ?? "");
    for (const finding of found)
      expect(Object.keys(finding.args ?? {})).toEqual(expect.arrayContaining(placeholders));
  });

  it.each(rule.examples.good)("finds nothing in %j", example => {
    expect(findingsIn(example).filter(finding => finding.rule === rule.rule)).toEqual([]);
  });
});

describe("a finding", () => {
  it("stands at the line that it is about", () => {
    const unit = "[Service]\nExecStart=/usr/bin/bake\nRestrictNamespaces=yes net ovens\n";
    expect(findingsIn({ unit })).toMatchObject([
      {
        code: "namespaces-line-ignored",
        position: { file: "/etc/systemd/system/bakery.service", line: 3 },
        args: { words: "ovens" },
      },
    ]);
  });
});

describe("coversByParts", () => {
  const prefix = (text: string): AddressPrefix => {
    const [address = "", length = "32"] = text.split("/");
    return { family: 4, address: address.split(".").map(Number), length: Number(length) };
  };
  it.each([
    [["0.0.0.0/1", "128.0.0.0/1"], true],
    [["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"], true],
    [["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"], false],
    [["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1"], false],
    [[], false],
  ])("takes %j for %s", (texts, expected) => expect(coversByParts(texts.map(prefix), 4)).toBe(expected));
});
