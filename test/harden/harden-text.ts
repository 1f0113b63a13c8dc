import { addDropIn } from "../../src/harden/add-drop-in.ts";
import { hardenUnit } from "../../src/harden/harden-unit.ts";
import type { Proposal, ProposeOptions } from "../../src/harden/proposal.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import type { LoadedUnit, Scope } from "../../src/host/loaded-unit.ts";
import { type MemoryEntry, memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { assess } from "../../src/score/assess.ts";
import { resolveSettings } from "../../src/settings/resolve-settings.ts";
import type { Settings, Target } from "../../src/settings/settings.ts";

export interface HardenTextOptions extends Partial<ProposeOptions> {
  readonly version?: 252 | 254 | 257 | 262;
  readonly scope?: Scope;
  readonly name?: string;
  /** More files of the root: drop-ins, programs, configuration. */
  readonly files?: Readonly<Record<string, MemoryEntry>>;
  /** Whether the root is evidence, as an image is, or only where the unit lies. */
  readonly isSystem?: boolean;
}

export interface Hardened {
  readonly proposal: Proposal;
  /** Every line of the drop-in that is an assignment. */
  readonly lines: readonly string[];
  readonly before: Settings;
  readonly after: Settings;
}

/** What the tool makes of a unit's text in a small root of its own. */
export function hardenText(text: string, options: HardenTextOptions = {}): Hardened {
  const {
    version = 257,
    scope = "system",
    name = "bakery.service",
    files = {},
    isSystem = true,
    level = "balanced",
    ...rest
  } = options;
  const tree = memoryTree({ [`/usr/lib/systemd/${scope}/${name}`]: text, ...files });
  const index = indexUnits({ tree, scope, extraDirectories: [] });
  const unit = loadUnit(index, name, { defaultInstance: "rye" });
  const target: Target = { version, profile: version, scope, arch: "x86-64" };
  const facts = systemdFacts(version, target.arch);
  const pack = loadBuiltInPack("systemd-security");
  const resolve = (one: LoadedUnit): Settings => resolveSettings(one, target, facts);
  const proposal = hardenUnit({
    unit,
    facts,
    resolve,
    assess: settings => assess(settings, pack, facts),
    options: { level, ...rest },
    ...(isSystem ? { tree } : {}),
  });
  const lines = proposal.dropIn.split("\n").filter(line => line.includes("=") && !line.startsWith("#"));
  return { proposal, lines, before: resolve(unit), after: resolve(addDropIn(unit, proposal.dropIn)) };
}
