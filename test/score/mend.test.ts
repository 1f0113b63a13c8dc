// What the pack says mends a check does mend it, on a unit that has nothing else.
import { describe, expect, it } from "vitest";
import { loadUnit } from "../../src/host/load-unit.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { systemdFacts, systemdProfiles } from "../../src/rules/systemd-facts.ts";
import { assess } from "../../src/score/assess.ts";
import { resolveSettings } from "../../src/settings/resolve-settings.ts";

const pack = loadBuiltInPack("systemd-security");

describe.each(systemdProfiles)("under systemd %i", version => {
  const facts = systemdFacts(version, "x86-64");
  it.each(pack.checks ?? [])("$id is mended by $mend", check => {
    const text = `[Service]\nExecStart=/usr/bin/bake\nUser=baker\n${check.mend.join("\n")}\n`;
    const tree = memoryTree({ "etc/systemd/system/bakery.service": text });
    const unit = loadUnit(indexUnits({ tree, scope: "system", extraDirectories: [] }), "bakery", {
      defaultInstance: "i",
    });
    const settings = resolveSettings(
      unit,
      { version, profile: version, scope: "system", arch: "x86-64" },
      facts,
    );
    expect(settings.diagnostics).toEqual([]);
    const result = assess(settings, pack, facts).checks.find(each => each.id === check.id);
    expect(result?.badness).toBe(0);
  });
});
