// Reports of units in memory: audited, hardened, judged and compared as the command line does it.
import { compareUnits } from "../../../src/gate/compare.ts";
import type { FindContext } from "../../../src/gate/find-context.ts";
import { judge } from "../../../src/gate/judge.ts";
import { emptyPolicy } from "../../../src/gate/policy.ts";
import { snapshotOf, type UnitSnapshot } from "../../../src/gate/snapshot.ts";
import { type FoundUnit, findInUnit } from "../../../src/gate/unit-findings.ts";
import { kindsOf } from "../../../src/gate/unit-kinds.ts";
import type { Waiver } from "../../../src/gate/waiver.ts";
import { hardenUnit } from "../../../src/harden/harden-unit.ts";
import type { FileTree } from "../../../src/host/file-tree.ts";
import { loadUnit } from "../../../src/host/load-unit.ts";
import type { LoadedUnit } from "../../../src/host/loaded-unit.ts";
import { memoryTree } from "../../../src/host/memory-tree.ts";
import { indexUnits } from "../../../src/host/unit-index.ts";
import { checkTexts } from "../../../src/report/check-texts.ts";
import { speaker } from "../../../src/report/messages.ts";
import type { ReportUnit } from "../../../src/report/report-data.ts";
import { type ReportData, reportData } from "../../../src/report/report-data.ts";
import { reportProposal } from "../../../src/report/report-proposal.ts";
import { reportUnit } from "../../../src/report/report-unit.ts";
import { loadBuiltInPack } from "../../../src/rules/built-in-packs.ts";
import { loadMessages, messagesOf } from "../../../src/rules/messages.ts";
import { systemdFacts } from "../../../src/rules/systemd-facts.ts";
import { assess, checksFor } from "../../../src/score/assess.ts";
import { auditUnit } from "../../../src/score/audit-unit.ts";
import { resolveSettings } from "../../../src/settings/resolve-settings.ts";
import type { Target } from "../../../src/settings/settings.ts";

const target: Target = { version: 257, profile: 257, scope: "system", arch: "x86-64" };
const facts = systemdFacts(target.profile, target.arch);
const pack = loadBuiltInPack("systemd-security");
const traps = loadBuiltInPack("traps");
const audit = { target, facts, pack, rulePacks: [traps] };
const speak = speaker({ ...loadMessages(), ...messagesOf(pack), ...messagesOf(traps) });

export type Texts = Readonly<Record<string, string>>;

export interface SampleOptions {
  /** Tenths that a unit may have, for a gate; no gate without it. */
  readonly maxExposure?: number;
  readonly waivers?: readonly Waiver[];
  /** Units as they were, by name; no comparison without it. */
  readonly earlier?: Texts;
  readonly subject?: string;
  readonly proposes?: boolean;
}

/** A report of units by name and text. */
export function sampleReport(texts: Texts, options: SampleOptions = {}): ReportData {
  const files = Object.entries(texts).map(([name, text]) => [`/etc/systemd/system/${name}`, text] as const);
  return reportOfTree(memoryTree(Object.fromEntries(files)), Object.keys(texts), options);
}

/** A report of some units of a tree. */
export function reportOfTree(
  tree: FileTree,
  names: readonly string[],
  options: SampleOptions = {},
): ReportData {
  const { maxExposure, earlier, waivers = [], subject, proposes = true } = options;
  const all = maxExposure === undefined ? emptyPolicy.all : { ...emptyPolicy.all, maxExposure };
  const policy = { ...emptyPolicy, all };
  const context: FindContext = { audit, policy, demands: new Map(), packs: [traps] };
  const index = indexUnits({ tree, scope: "system", extraDirectories: [], absoluteLinks: "ignore" });
  const units: ReportUnit[] = [];
  const found: FoundUnit[] = [];
  const now: UnitSnapshot[] = [];
  for (const name of names) {
    const audited = auditUnit(loadUnit(index, name, { defaultInstance: "test_instance" }), audit);
    const finding = findInUnit(audited, context);
    found.push(finding);
    now.push(snapshotOf(audited, finding.findings));
    const { unit, settings, status } = audited;
    units.push(
      reportUnit(audited, {
        speak,
        kinds: settings === undefined ? [] : kindsOf(unit, settings, facts),
        proposal: proposes && status === "scored" ? proposalFor(unit) : undefined,
      }),
    );
  }
  const gate =
    maxExposure === undefined
      ? undefined
      : judge({
          units: found,
          others: [],
          policy,
          waivers,
          badWaivers: [],
          today: "2026-11-23",
          isWhole: true,
        });
  return reportData({
    head: { tool: "tightunit 0.1.0", systemd: "257", profile: "257", arch: "x86-64", scope: "system" },
    texts: checkTexts(checksFor(pack, target)),
    speak,
    units,
    date: "2026-11-23",
    subject,
    gate,
    comparison: earlier === undefined ? undefined : compareUnits(snapshotsOf(earlier, context), now),
  });
}

function snapshotsOf(texts: Texts, context: FindContext): readonly UnitSnapshot[] {
  const files = Object.entries(texts).map(([name, text]) => [`/etc/systemd/system/${name}`, text] as const);
  const tree = memoryTree(Object.fromEntries(files));
  const index = indexUnits({ tree, scope: "system", extraDirectories: [], absoluteLinks: "ignore" });
  return Object.keys(texts).map(name => {
    const audited = auditUnit(loadUnit(index, name, { defaultInstance: "test_instance" }), audit);
    return snapshotOf(audited, findInUnit(audited, context).findings);
  });
}

function proposalFor(unit: LoadedUnit): ReturnType<typeof reportProposal> {
  const proposal = hardenUnit({
    unit,
    facts,
    resolve: each => resolveSettings(each, target, facts),
    assess: settings => assess(settings, pack, facts),
    options: { level: "balanced" },
  });
  const path = `/etc/systemd/system/${unit.name}.d/50-tightunit.conf`;
  const place = { path, before: "", after: proposal.dropIn };
  return reportProposal(proposal, place, resolveSettings(unit, target, facts));
}

const service = (...lines: readonly string[]): string =>
  ["[Unit]", "Description=Of the bakery", "[Service]", "ExecStart=/usr/bin/oven", ...lines, ""].join("\n");

/** Units of a bakery: open ones, hardened ones, one that is waived, one that systemd refuses, one that is masked. */
export const bakery: Texts = {
  "bakery.service": service(),
  "counter.service": service("User=counter", "ProtectSystem=yes", "PrivateTmp=yes"),
  "delivery.service": service("AmbientCapabilities=CAP_NET_BIND_SERVICE", "PrivateDevices=yes"),
  "mill.service": service("NoNewPrivileges=yes", "ProtectSystem=yess"),
  "oven@.service": service("DynamicUser=yes", "ProtectHome=yes"),
  "refused.service": service("User=ba:ker"),
  "till.service": service("User=till", "NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateNetwork=yes"),
  "vault.service": service(
    "User=vault",
    "NoNewPrivileges=yes",
    "ProtectSystem=strict",
    "ProtectHome=yes",
    "PrivateTmp=yes",
    "PrivateDevices=yes",
    "PrivateNetwork=yes",
    "ProtectKernelTunables=yes",
    "ProtectKernelModules=yes",
    "ProtectControlGroups=yes",
    "RestrictAddressFamilies=AF_UNIX",
    "RestrictNamespaces=yes",
    "CapabilityBoundingSet=",
    "SystemCallFilter=@system-service",
    "SystemCallFilter=~@resources @privileged",
    "MemoryDenyWriteExecute=yes",
  ),
};

/** The bakery as it was at the last audit. */
export const bakeryBefore: Texts = {
  "bakery.service": service("PrivateTmp=yes", "ProtectSystem=strict"),
  "counter.service": service(),
  "mixer.service": service(),
};

/** Everything that a report can say. */
export function bakeryReport(): ReportData {
  const waiver: Waiver = {
    unit: "mill.service",
    rule: "exposure",
    reason: "replaced in spring",
    until: "2027-03-31",
    position: { file: "tightunit.waivers", line: 4, column: 1 },
    kind: "file",
  };
  return sampleReport(bakery, {
    maxExposure: 80,
    waivers: [waiver],
    earlier: bakeryBefore,
    subject: "the bakery",
  });
}

/** The same units again and again under names of their own, until there are `count`. */
export function multiplied(data: ReportData, count: number): ReportData {
  const units = Array.from({ length: count }, (_, index): ReportUnit => {
    const unit = data.units[index % data.units.length];
    if (unit === undefined) throw new Error("there is nothing to multiply");
    const round = Math.floor(index / data.units.length);
    return round === 0 ? unit : { ...unit, name: unit.name.replace(/(\.[a-z]+)$/, `-${round}$1`) };
  });
  return { ...data, units };
}
