// tightunit as a library: the same steps as the command line's, as functions over plain data. Importing does nothing.
import { basename, dirname, resolve } from "node:path";
import { toolVersion } from "./cli/tool-version.ts";
import { gateUnits, type PolicyOptions, type Verdict } from "./gate-units.ts";
import { hardenUnit } from "./harden/harden-unit.ts";
import type { Level, Proposal } from "./harden/proposal.ts";
import { directoryTree, hostTree } from "./host/directory-tree.ts";
import type { FileTree } from "./host/file-tree.ts";
import { loadUnit as loadFrom } from "./host/load-unit.ts";
import type { LoadedUnit, Scope } from "./host/loaded-unit.ts";
import { memoryTree } from "./host/memory-tree.ts";
import { hostSearchPath } from "./host/search-path.ts";
import { sourceNames } from "./host/source-names.ts";
import { indexUnits } from "./host/unit-index.ts";
import { loadBuiltInPack } from "./rules/built-in-packs.ts";
import { systemdFacts, systemdProfiles } from "./rules/systemd-facts.ts";
import { assess } from "./score/assess.ts";
import { type AuditContext, auditUnit } from "./score/audit-unit.ts";
import type { AuditedUnit } from "./score/audited-unit.ts";
import { resolveSettings } from "./settings/resolve-settings.ts";
import { resolveTarget } from "./settings/resolve-target.ts";
import type { Target } from "./settings/settings.ts";

export type {
  Finding,
  FindingStatus,
  GateResult,
  GateSummary,
  GateUnit,
  JudgedFinding,
  Severity,
  WaiverNote,
} from "./gate/finding.ts";
export { type JudgeInput, judge } from "./gate/judge.ts";
export type { DemandOptions, PolicyOptions, ReportOptions, Verdict } from "./gate-units.ts";
export { formatNames } from "./gate-units.ts";
export type { Level, Proposal, ProposedSetting, Reason, Withheld } from "./harden/proposal.ts";
export type { LoadedUnit, Scope } from "./host/loaded-unit.ts";
export type { Coverage, Evidence, Need } from "./needs/need.ts";
export type { Format, ReportFile, ReportFix, ReportSource } from "./report/formats/format.ts";
export { formats } from "./report/formats/formats.ts";
export type { Assessment, CheckResult } from "./score/assessment.ts";
export type { AuditedUnit, AuditStatus } from "./score/audited-unit.ts";
export type { Setting, Settings, SettingValue, Target } from "./settings/settings.ts";
export { parseUnit } from "./unit/parse-unit.ts";
export { printUnit } from "./unit/print-unit.ts";
export type { Assignment, Diagnostic, Position, UnitNode, UnitTree } from "./unit/tree.ts";

export interface LoadOptions {
  readonly scope?: Scope;
  /** A folder to take for the file system of the machine. */
  readonly root?: string;
}

export interface TargetOptions {
  /** The version to read the unit for, 247 to 262; by default the newest known. */
  readonly systemd?: number | string;
  /** systemd's or the kernel's name of the architecture; "x86-64" by default. */
  readonly arch?: string;
}

export interface ProposeOptions extends TargetOptions {
  /** "balanced" by default. */
  readonly level?: Level;
  /** Tenths of exposure to reach with the least risk. */
  readonly target?: number;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  /** 0…4. */
  readonly maxRisk?: number;
  /** The root that the unit was loaded from, so that its programs and users are evidence too; "/" is this machine. */
  readonly root?: string;
}

/**
 * Loads a unit as systemd would: by name from this machine or `root`, or by path, with the drop-ins that lie beside it.
 * Bad input is a status and diagnostics of the result, not an exception.
 * @throws {SourceError} where `root` is no folder, or a file above 16 MiB.
 */
export function loadUnit(nameOrPath: string, options: LoadOptions = {}): LoadedUnit {
  const { scope = "system", root } = options;
  const tree = root === undefined ? hostTree() : directoryTree(root);
  const isPath = root === undefined && nameOrPath.includes("/");
  const folder = dirname(resolve(nameOrPath));
  const source = isPath
    ? { tree, scope, extraDirectories: [folder], searchPath: [], isSourceTree: true }
    : root === undefined
      ? { tree, scope, extraDirectories: [], searchPath: hostSearchPath(scope, process.env) }
      : { tree, scope, extraDirectories: [], absoluteLinks: "ignore" as const };
  const file = basename(nameOrPath);
  const name = isPath ? (sourceNames(tree, folder)(file) ?? file) : nameOrPath;
  return loadFrom(indexUnits(source), name, {
    defaultInstance: "test_instance",
  });
}

/** A unit from its text alone. @param name with its type: "bakery.service". */
export function loadUnitText(text: string | Uint8Array, name: string, scope: Scope = "system"): LoadedUnit {
  const tree = memoryTree({ [`/etc/systemd/${scope}/${name}`]: text }, name);
  return loadFrom(indexUnits({ tree, scope, extraDirectories: [] }), name, {
    defaultInstance: "test_instance",
  });
}

/**
 * Scores a loaded unit; the checks are systemd's, the arithmetic too.
 * @throws {RangeError} where the version or architecture is not covered.
 */
export function audit(unit: LoadedUnit, options: TargetOptions = {}): AuditedUnit {
  return auditUnit(unit, contextOf(unit, options));
}

export interface GateOptions extends TargetOptions, PolicyOptions {}

/**
 * Judges loaded units by a policy, as `tightunit gate` does; all of them have to be of one scope.
 * @throws {RangeError} where the version or architecture is not covered, or the policy asks for what systemd does not take.
 */
export function gate(units: readonly LoadedUnit[], options: GateOptions = {}): Verdict {
  const [first] = units;
  const context = auditContext(first?.scope ?? "system", options);
  return gateUnits(units, options, context, `tightunit ${toolVersion}`);
}

/**
 * Proposes what may be tightened, and the drop-in that does it; the unit must have loaded.
 * @throws {RangeError} where the version or architecture is not covered.
 */
export function propose(unit: LoadedUnit, options: ProposeOptions = {}): Proposal {
  const { systemd: _, arch: __, root, level = "balanced", ...rest } = options;
  const { target, facts, pack } = contextOf(unit, options);
  const tree: FileTree | undefined = root === undefined ? undefined : directoryTree(root);
  return hardenUnit({
    unit,
    facts,
    resolve: each => resolveSettings(each, target, facts),
    assess: settings => assess(settings, pack, facts),
    options: { ...rest, level },
    ...(tree === undefined ? {} : { tree }),
  });
}

function contextOf(unit: LoadedUnit, options: TargetOptions): AuditContext {
  return auditContext(unit.scope, options);
}

function auditContext(scope: Scope, options: TargetOptions): AuditContext {
  const target = targetOf(scope, options);
  return {
    target,
    facts: systemdFacts(target.profile, target.arch, target.version),
    pack: loadBuiltInPack("systemd-security"),
    rulePacks: [loadBuiltInPack("traps")],
  };
}

function targetOf(scope: Scope, { systemd, arch }: TargetOptions): Target {
  const version = systemd ?? systemdProfiles[systemdProfiles.length - 1] ?? 0;
  const result = resolveTarget({ version, scope, ...(arch === undefined ? {} : { arch }) });
  if (result.kind === "target") return result.target;
  const { code, args = {} } = result.diagnostic;
  throw new RangeError(`${code}: ${Object.values(args).join(", ")}`);
}
