// One run of the gate: units are loaded, audited and searched for findings one at a time, then judged together.
import { resolve } from "node:path";
import type { Baseline } from "../gate/baseline.ts";
import type { FindContext } from "../gate/find-context.ts";
import type { Finding, GateResult } from "../gate/finding.ts";
import { judge } from "../gate/judge.ts";
import { own } from "../gate/own-finding.ts";
import type { Policy } from "../gate/policy.ts";
import { type ReadDemands, readDemands } from "../gate/read-demands.ts";
import { chosen, type FoundUnit, findInUnit } from "../gate/unit-findings.ts";
import { commentWaivers, type Waiver } from "../gate/waiver.ts";
import type { AuditTarget } from "../host/audit-target.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { type Speak, speaker } from "../report/messages.ts";
import { loadMessages, messagesOf } from "../rules/messages.ts";
import type { Pack } from "../rules/pack.ts";
import { type AuditContext, auditUnit } from "../score/audit-unit.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import type { Target } from "../settings/settings.ts";
import type { Diagnostic, Position } from "../unit/tree.ts";
import { eachUnit, type UnitWork } from "./each-unit.ts";
import { Failure } from "./failure.ts";
import { gateFiles } from "./gate-files.ts";
import { type GateSetup, gateSetup } from "./gate-setup.ts";
import type { GateOptions } from "./options.ts";
import { shownPath } from "./read-besides.ts";
import { openSession, type Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export interface GateRun {
  readonly session: Session;
  readonly setup: GateSetup;
  readonly context: FindContext;
  readonly units: readonly FoundUnit[];
  readonly others: readonly Finding[];
  readonly baseline?: Baseline;
  /** Where the baseline is, or would be. */
  readonly baselineFile: string;
  /** Of the waivers file and of the units' comments. */
  readonly waivers: readonly Waiver[];
  readonly badWaivers: readonly Diagnostic[];
  readonly isWhole: boolean;
  readonly speak: Speak;
}

/** What the caller may keep of each unit; the run itself keeps only what it found. */
export type Visit = (audited: AuditedUnit, target: AuditTarget, found: FoundUnit) => void;

export interface RunWays {
  readonly visit?: Visit | undefined;
  /** Whether a baseline that is asked for by name has to be there; `baseline` makes it. */
  readonly absentBaseline?: "fails" | "is-made";
}

/** What the gate keeps of one unit. */
export interface GatePiece {
  readonly found: FoundUnit;
  /** Of the unit's comments. */
  readonly waivers: readonly Waiver[];
  readonly badWaivers: readonly Diagnostic[];
}

/** From so many units on a further thread saves more than its start costs. */
const MANY = 200;

/** @throws {Failure} on anything wrong with options, policy, packs, waivers or baseline. */
export async function runGate(
  options: GateOptions,
  terminal: Terminal,
  { visit, absentBaseline = "fails" }: RunWays = {},
): Promise<GateRun> {
  const { session, setup, context, speak, work, makePiece } = await prepareGate(options, terminal);
  const files = gateFiles(options, setup.names, { ...terminal, absentBaseline });
  const units: FoundUnit[] = [];
  const waivers = [...files.waivers];
  const badWaivers = [...files.badWaivers];
  let isWhole = options.units.length === 0 || options.areConfigured === true;
  const add = (piece: GatePiece): void => {
    units.push(piece.found);
    waivers.push(...piece.waivers);
    badWaivers.push(...piece.badWaivers);
  };
  if (visit === undefined) {
    const spread = { task: { command: "gate", options }, from: MANY, at: 8 } as const;
    for await (const { piece, isOfAll } of eachUnit(session, work, terminal, spread)) {
      isWhole ||= isOfAll;
      add(piece);
    }
  } else {
    // The caller wants the unit itself, which stays in the thread that loaded it.
    for (const { unit, target } of session.units()) {
      isWhole ||= target.units.kind === "all";
      const { audited, piece } = makePiece(unit, target);
      add(piece);
      visit(audited, target, piece.found);
    }
  }
  const others = targetFindings(context.audit.target, setup.policy);
  return { session, setup, context, ...files, units, others, waivers, badWaivers, isWhole, speak };
}

/** What a run, or a thread of one, needs before it looks at the first unit. @throws {Failure} on anything wrong with options, policy or packs */
export async function prepareGate(options: GateOptions, terminal: Terminal) {
  const gate = options.configured?.config.gate ?? {};
  const folderPolicy = gate["security-policy"];
  const session = await openSession(
    folderPolicy === undefined || options.securityPolicy !== undefined
      ? options
      : { ...options, securityPolicy: policyPath(options, folderPolicy) },
    terminal,
  );
  const { pack, rulePacks } = session.context;
  const setup = await gateSetup(options, [pack, ...rulePacks], terminal);
  const adding = setup.packs.filter(each => each.rules !== undefined && !rulePacks.includes(each));
  const audit: AuditContext = { ...session.context, rulePacks: [...rulePacks, ...adding] };
  const speak = speaker(sentences([pack, ...rulePacks, ...setup.packs]));
  const demands = demandsOf(setup.policy, audit, speak);
  const context: FindContext = { audit, policy: setup.policy, demands, packs: setup.packs };
  const makePiece = (unit: LoadedUnit, target: AuditTarget) => {
    const audited = auditUnit(unit, audit, target.evidence === "system" ? target.source.tree : undefined);
    const found = nearby(findInUnit(audited, context), target, terminal.cwd);
    const said = commentWaivers(unit, found.name, setup.names);
    const isNear = isOfSourceTree(target);
    const near = (position: Position): Position => (isNear ? nearPosition(position, terminal.cwd) : position);
    const waivers = said.waivers.map(each => ({ ...each, position: near(each.position) }));
    const badWaivers = said.diagnostics.map(each =>
      each.position ? { ...each, position: near(each.position) } : each,
    );
    return { audited, piece: { found, waivers, badWaivers } satisfies GatePiece };
  };
  const work: UnitWork<{ readonly piece: GatePiece; readonly isOfAll: boolean }> = (unit, target) => ({
    piece: makePiece(unit, target).piece,
    isOfAll: target.units.kind === "all",
  });
  return { session, setup, context, speak, work, makePiece };
}

/** What a comparison adds to a run. */
export interface Beside {
  readonly known: Baseline;
  readonly loosened: readonly Finding[];
  readonly before: ReadonlyMap<string, number | null>;
}

/** The verdict about a run. */
export function judgeRun(run: GateRun, beside?: Beside): GateResult {
  const { setup, baseline, units, others, waivers, badWaivers, isWhole } = run;
  return judge({
    units,
    others: [...others, ...(beside?.loosened ?? [])],
    policy: setup.policy,
    waivers,
    badWaivers,
    today: setup.today,
    isWhole,
    ...(baseline === undefined ? {} : { baseline }),
    ...(beside === undefined ? {} : { known: beside.known, before: beside.before }),
  });
}

function policyPath(options: GateOptions, file: string): string {
  return resolve(options.configured?.folder ?? ".", file);
}

/** @throws {Failure} for a value that systemd would not take. */
function demandsOf(policy: Policy, context: AuditContext, speak: Speak): ReadDemands["demands"] {
  const { demands, problems } = readDemands(policy, context);
  const [problem] = problems;
  if (problem !== undefined)
    throw new Failure(`the policy asks for ${problem.written}: ${speak(problem.diagnostic)}`);
  return demands;
}

/** Files of source trees as the working folder sees them: reports and annotations want them so. */
function nearby(found: FoundUnit, target: AuditTarget, cwd: string): FoundUnit {
  if (!isOfSourceTree(target)) return found;
  const near = (position: Position): Position => nearPosition(position, cwd);
  return {
    ...found,
    path: found.path === null ? null : shownPath(found.path, cwd),
    ...(found.place === undefined ? {} : { place: near(found.place) }),
    findings: found.findings.map(each =>
      each.position === undefined ? each : { ...each, position: near(each.position) },
    ),
  };
}

function isOfSourceTree({ kind }: AuditTarget): boolean {
  return kind === "file" || kind === "folder";
}

function nearPosition(position: Position, cwd: string): Position {
  return { ...position, file: shownPath(position.file, cwd) };
}

/** Whether the systemd that units are read for is one that the policy allows. */
function targetFindings({ version }: Target, policy: Policy): readonly Finding[] {
  const { minSystemd, maxSystemd } = policy;
  const at = { name: "systemd" };
  const found: Finding[] = [];
  if (minSystemd !== undefined && version < minSystemd) {
    const args = { version: String(version), minimum: String(minSystemd) };
    found.push(own("systemd-version", "", { code: "gate-systemd-below", args }, undefined, at));
  }
  if (maxSystemd !== undefined && version > maxSystemd) {
    const args = { version: String(version), maximum: String(maxSystemd) };
    found.push(own("systemd-version", "", { code: "gate-systemd-above", args }, undefined, at));
  }
  return found.flatMap(each => chosen(each, undefined, policy));
}

function sentences(packs: readonly Pack[]): Readonly<Record<string, string>> {
  return Object.assign(Object.create(null), loadMessages(), ...packs.map(messagesOf));
}
