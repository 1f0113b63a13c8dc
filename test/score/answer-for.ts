import { loadUnit } from "../../src/host/load-unit.ts";
import type { UnitIndex } from "../../src/host/unit-index.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { assess } from "../../src/score/assess.ts";
import { resolveSettings } from "../../src/settings/resolve-settings.ts";
import type { Target } from "../../src/settings/settings.ts";
import { defaultInstance } from "../support/corpus.ts";

export interface Answer {
  readonly status: string;
  readonly exposure?: number;
  readonly level?: string;
  readonly unset?: Readonly<Record<string, number>>;
  readonly na?: readonly string[];
  readonly badness?: Readonly<Record<string, number | null>>;
}

/** Our answer about a unit, in the corpus's shape. */
export function answerFor(index: UnitIndex, name: string, version: number): Answer {
  const unit = loadUnit(index, name, { defaultInstance: defaultInstance(version) });
  if (unit.status !== "loaded") return { status: unit.status === "error" ? "refused" : unit.status };
  const target: Target = { version, profile: version, scope: unit.scope, arch: "x86-64" };
  const facts = systemdFacts(version, target.arch);
  const settings = resolveSettings(unit, target, facts);
  if (settings.refused !== undefined) return { status: "refused" };
  const { exposure, level, checks } = assess(settings, loadBuiltInPack("systemd-security"), facts);
  return {
    status: "scored",
    exposure,
    level,
    unset: Object.fromEntries(checks.filter(each => each.badness).map(each => [each.id, each.exposure ?? 0])),
    na: checks.filter(each => each.badness === null).map(each => each.id),
    badness: Object.fromEntries(checks.map(each => [each.id, each.badness])),
  };
}
