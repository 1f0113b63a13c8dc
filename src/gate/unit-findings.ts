// An audited unit and a policy come in; everything that is wrong with it goes out as findings, and the bar that holds.
// Nothing is decided here about what is accepted: that is judge.ts.
import { assignmentsOf, type LoadedUnit } from "../host/loaded-unit.ts";
import { gateRuleOf } from "../rules/gate-rules.ts";
import { keysOfSection } from "../rules/systemd-facts.ts";
import type { AuditContext } from "../score/audit-unit.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import type { Settings } from "../settings/settings.ts";
import type { Diagnostic, Position } from "../unit/tree.ts";
import { forbiddenSetting, lastWritten, missedRequirement } from "./check-demand.ts";
import { checkFindings } from "./check-findings.ts";
import { demandsOn } from "./demands-on.ts";
import type { FindContext } from "./find-context.ts";
import type { Finding } from "./finding.ts";
import { LONGEST_SUBJECT, own } from "./own-finding.ts";
import type { Policy, SeverityChoice } from "./policy.ts";

export interface FoundUnit {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly path: string | null;
  readonly status: AuditedUnit["status"];
  readonly exposure: number | null;
  readonly level: string | null;
  readonly maxExposure: number | null;
  /** Where a finding about the unit as a whole stands. */
  readonly place?: Position;
  readonly findings: readonly Finding[];
}

/** What a unit is called everywhere in the gate: a template as itself, whatever instance it was read as. */
export function gateName({ unit, status }: AuditedUnit): string {
  const { name, requested } = unit;
  if (/@\.[a-z]+$/.test(requested)) return requested;
  return requested === "" || status === "scored" ? name : requested;
}

/** Everything that is wrong with a unit, in no particular order. */
export function findInUnit(audited: AuditedUnit, context: FindContext): FoundUnit {
  const { unit, status, assessment, settings } = audited;
  const name = gateName(audited);
  const demands = demandsOn(audited, name, context);
  const exposure = assessment?.exposure ?? null;
  const scene: Scene = { ...context, name, unit, anchor: anchorOf(unit) };
  const findings: Finding[] = [...saidFindings(audited, scene)];
  const bar = demands.maxExposure;
  if (exposure === null) {
    if (status !== "masked") findings.push(unscored(audited, scene));
  } else if (bar !== undefined && exposure > bar) {
    const args = { unit: name, exposure: tenths(exposure), max: tenths(bar) };
    findings.push(own("exposure", "", { code: "gate-exposure", args }, scene.anchor, scene, exposure));
  }
  if (settings !== undefined && status === "scored") {
    findings.push(...demandFindings(demands, settings, scene));
    findings.push(...versionFindings(scene));
    findings.push(...checkFindings(assessment, settings, scene, context));
  }
  return {
    name,
    aliases: unit.names.filter(each => each !== name),
    path: unit.path ?? null,
    status,
    exposure,
    level: assessment?.level ?? null,
    maxExposure: bar ?? null,
    ...(scene.anchor === undefined ? {} : { place: scene.anchor }),
    findings: findings.flatMap(finding => chosen(finding, packOf(finding.rule, context), context.policy)),
  };
}

interface Scene extends FindContext {
  readonly name: string;
  readonly unit: LoadedUnit;
  /** Where what is missing would go. */
  readonly anchor: Position | undefined;
}

/** The header of the unit's own section in the fragment, else the fragment's first line. */
function anchorOf(unit: LoadedUnit): Position | undefined {
  const type = unit.name.slice(unit.name.lastIndexOf(".") + 1).toLowerCase();
  const header = unit.fragment?.nodes.find(
    node => node.kind === "section" && node.name.toLowerCase() === type,
  );
  if (header !== undefined) return header.position;
  return unit.path === undefined ? undefined : { file: unit.path, line: 1, column: 1 };
}

/** What was noticed while reading, each counted as one of the gate's rules, or as itself. */
function saidFindings({ findings, reason }: AuditedUnit, scene: Scene): readonly Finding[] {
  const isTrap = (each: Diagnostic): boolean => "rule" in each;
  // A rule of a pack that speaks about a line says more than that systemd ignores something in it.
  const explained = new Set(
    findings.flatMap(each => (isTrap(each) && each.position ? [placeKey(each.position)] : [])),
  );
  return findings
    .filter(
      each =>
        each !== reason &&
        (explained.size === 0 ||
          each.position === undefined ||
          isTrap(each) ||
          !explained.has(placeKey(each.position))),
    )
    .map((each): Finding => {
      const { code, args = {}, position } = each;
      const rule = isTrap(each) ? undefined : gateRuleOf(code);
      return {
        unit: scene.name,
        rule: rule?.rule ?? code,
        subject: subjectOf(args),
        severity: rule?.severity ?? each.severity,
        message: { code, args },
        ...(position === undefined ? {} : { position }),
      };
    });
}

function placeKey({ file, line }: Position): string {
  return `${file}\0${line}`;
}

function subjectOf(args: Readonly<Record<string, string>>): string {
  const thing = args.directive ?? args.key ?? args.section ?? args.path ?? args.text ?? "";
  const word = args.word ?? args.words ?? args.specifier;
  return (word === undefined ? thing : `${thing}=${word}`).slice(0, LONGEST_SUBJECT);
}

function unscored({ status, reason }: AuditedUnit, scene: Scene): Finding {
  const message =
    reason === undefined
      ? { code: "gate-unscored", args: { status } }
      : { code: reason.code, args: reason.args ?? {} };
  return own("unscored", "", message, reason?.position ?? scene.anchor, scene);
}

function demandFindings(
  demands: ReturnType<typeof demandsOn>,
  settings: Settings,
  scene: Scene,
): readonly Finding[] {
  const { unit, audit } = scene;
  const required = demands.require.flatMap(demand => {
    const read = scene.demands.get(demand.written);
    const actual = read && missedRequirement(read, unit, settings, audit);
    if (actual === undefined) return [];
    const args = { wanted: demand.written, actual: settingText(demand.directive, actual) };
    const at = lastWritten(unit, demand.directive)?.position ?? scene.anchor;
    return [own("required-setting", demand.written, { code: "gate-required", args }, at, scene)];
  });
  const forbidden = demands.forbid.flatMap(demand => {
    const read = scene.demands.get(demand.written);
    const actual = read && forbiddenSetting(read, unit, settings, audit);
    if (actual === undefined) return [];
    const args = { unwanted: demand.written, actual: settingText(demand.directive, actual) };
    const at = lastWritten(unit, demand.directive)?.position ?? scene.anchor;
    return [own("forbidden-setting", demand.written, { code: "gate-forbidden", args }, at, scene)];
  });
  return [...required, ...forbidden];
}

function settingText(directive: string, value: string): string {
  return `${directive}=${value}`;
}

/** Lines that one of the supported versions of systemd would ignore. */
function versionFindings(scene: Scene): readonly Finding[] {
  const { minSystemd, maxSystemd } = scene.policy;
  if (minSystemd === undefined && maxSystemd === undefined) return [];
  const found: Finding[] = [];
  for (const { section, key, position } of assignmentsOf(scene.unit)) {
    const fact = keysOfSection(section)?.get(key);
    const { since = 0, until = Number.POSITIVE_INFINITY } = fact ?? {};
    if (minSystemd !== undefined && since > minSystemd) {
      const args = { directive: key, since: String(since), minimum: String(minSystemd) };
      found.push(own("unsupported-directive", key, { code: "gate-too-new", args }, position, scene));
    } else if (maxSystemd !== undefined && until < maxSystemd) {
      const args = { directive: key, until: String(until), maximum: String(maxSystemd) };
      found.push(own("unsupported-directive", key, { code: "gate-removed", args }, position, scene));
    }
  }
  return found;
}

const owners = new WeakMap<AuditContext, ReadonlyMap<string, string>>();

/** The pack that a rule or a check is of; none for the gate's own. */
function packOf(rule: string, { audit, packs }: FindContext): string | undefined {
  let byRule = owners.get(audit);
  if (byRule === undefined) {
    byRule = new Map(
      [audit.pack, ...audit.rulePacks, ...packs].flatMap(pack =>
        [...(pack.checks ?? []).map(check => check.id), ...(pack.rules ?? []).map(each => each.rule)].map(
          id => [id, pack.pack] as const,
        ),
      ),
    );
    owners.set(audit, byRule);
  }
  return byRule.get(rule);
}

/** The finding with the severity that the policy gives it, or none where it is turned off. */
export function chosen(finding: Finding, pack: string | undefined, policy: Policy): readonly Finding[] {
  const ofPack = pack === undefined ? undefined : policy.packs.get(pack);
  const choice: SeverityChoice | "on" | undefined = policy.rules.get(finding.rule) ?? ofPack;
  if (choice === undefined || choice === "on") return [finding];
  return choice === "off" ? [] : [{ ...finding, severity: choice }];
}

/** Tenths as people write them: 92 is 9.2. */
export function tenths(value: number): string {
  return (value / 10).toFixed(1);
}
