import { readWaiverFile } from "../../src/cli/waiver-file.ts";
import { baselineOf, parseBaseline, renderBaseline, updateBaseline } from "../../src/gate/baseline.ts";
import type { FindContext } from "../../src/gate/find-context.ts";
import { type GateResult, orderFindings } from "../../src/gate/finding.ts";
import { judge } from "../../src/gate/judge.ts";
import { emptyPolicy, type Policy } from "../../src/gate/policy.ts";
import { readDemands } from "../../src/gate/read-demands.ts";
import { ruleNames } from "../../src/gate/rule-names.ts";
import { type FoundUnit, findInUnit } from "../../src/gate/unit-findings.ts";
import { commentWaivers } from "../../src/gate/waiver.ts";
import { listUnits } from "../../src/host/list-units.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import { type MemoryEntry, memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import type { Pack } from "../../src/rules/pack.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { type AuditContext, auditUnit } from "../../src/score/audit-unit.ts";
import { resolveTarget } from "../../src/settings/resolve-target.ts";

export interface Scene {
  /** Files of /etc/systemd/system by name. */
  readonly units: Readonly<Record<string, MemoryEntry>>;
  readonly policy?: Partial<Policy>;
  readonly packs?: readonly Pack[];
  readonly baseline?: string;
  readonly waivers?: string;
  readonly today?: string;
  readonly isWhole?: boolean;
  readonly systemd?: number;
  readonly scope?: "system" | "user";
}

export function policyOf(policy: Partial<Policy> = {}): Policy {
  return { ...emptyPolicy, ...policy };
}

function contextOf({ policy, packs = [], systemd = 257, scope = "system" }: Scene): FindContext {
  const resolved = resolveTarget({ version: systemd, scope, arch: "x86-64" });
  if (resolved.kind === "error") throw new Error(resolved.diagnostic.code);
  const { target } = resolved;
  const audit: AuditContext = {
    target,
    facts: systemdFacts(target.profile, target.arch),
    pack: loadBuiltInPack("systemd-security"),
    rulePacks: [loadBuiltInPack("traps"), ...packs.filter(pack => pack.rules !== undefined)],
  };
  const whole = policyOf(policy);
  return {
    audit,
    policy: whole,
    packs,
    demands: readDemands(whole, audit).demands,
  };
}

export interface Gated {
  readonly result: GateResult;
  readonly found: readonly FoundUnit[];
  /** The text that `baseline` would write from nothing. */
  readonly fresh: string;
  /** The text that `baseline --update` would write. */
  updated(mode: "remove" | "add"): string;
}

/** The whole gate over units that are given as texts. */
export function gateOf(scene: Scene): Gated {
  const context = contextOf(scene);
  const { scope = "system" } = scene;
  const folder = `/etc/systemd/${scope}`;
  const tree = memoryTree(
    Object.entries(scene.units).map(([name, entry]) => [`${folder}/${name}`, entry] as const),
  );
  const index = indexUnits({ tree, scope, extraDirectories: [] });
  const names = ruleNames([context.audit.pack, ...context.audit.rulePacks, ...context.packs]);
  const audited = listUnits(index, { types: ["service"] }).map(name =>
    auditUnit(loadUnit(index, name, { defaultInstance: "i" }), context.audit),
  );
  const found = audited.map(each => findInUnit(each, context));
  const comments = audited.map((each, at) => commentWaivers(each.unit, found[at]?.name ?? "", names));
  const file =
    scene.waivers === undefined ? undefined : readWaiverFile(scene.waivers, "tightunit.waivers", names);
  const read = [...comments, ...(file === undefined ? [] : [file])];
  const baseline =
    scene.baseline === undefined ? undefined : parseBaseline(scene.baseline, "tightunit.baseline", names);
  const result = judge({
    units: found,
    others: [],
    policy: context.policy,
    waivers: read.flatMap(each => each.waivers),
    badWaivers: read.flatMap(each => each.diagnostics),
    today: scene.today ?? "2026-11-23",
    isWhole: scene.isWhole ?? true,
    ...(baseline === undefined ? {} : { baseline }),
  });
  const kept = result.findings.filter(
    each => ["new", "worse", "baseline"].includes(each.status) && !names.isAboutGate(each.rule),
  );
  const aliasesOf = new Map(found.map(each => [each.name, each.aliases]));
  return {
    result,
    found,
    fresh: renderBaseline(baselineOf(orderFindings(found.flatMap(each => each.findings))).entries.values()),
    updated: mode =>
      updateBaseline(baseline ?? baselineOf([]), { findings: kept, aliasesOf, isCovered: () => true, mode })
        .text,
  };
}

/** Each finding as `status unit rule subject`, failing ones with a `!`. */
export function linesOf({ result }: Pick<Gated, "result">): readonly string[] {
  return result.findings.map(({ status, unit, rule, subject, isFailing }) =>
    `${isFailing ? "!" : ""}${status} ${unit} ${rule} ${subject}`.trim(),
  );
}
