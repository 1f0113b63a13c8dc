// The report's data as the page embeds it: interned, so that thousands of units stay a few megabytes, and with every
// character that could hide or reorder text made visible, since names and lines come out of audited files.
import type { Comparison, UnitChange } from "../../gate/compare.ts";
import { findingTitle } from "../../gate/compare.ts";
import type { DecidingLine } from "../../gate/snapshot.ts";
import { visible } from "../escape-terminal.ts";
import { tenths } from "../paint.ts";
import type {
  ReportCheck,
  ReportData,
  ReportGate,
  ReportProposal,
  ReportSetting,
  ReportUnit,
} from "../report-data.ts";
import { encodeFleet } from "./encode-fleet.ts";
import type {
  PageChange,
  PageComparison,
  PageData,
  PageGate,
  PageOutcome,
  PageProposal,
  PageResult,
  PageSetting,
  PageUnit,
} from "./page-data.ts";

/** Numbers for values, the same number for the same value. */
interface Table<T> {
  readonly values: T[];
  idOf(value: T, key: string): number;
}

function table<T>(): Table<T> {
  const ids = new Map<string, number>();
  const values: T[] = [];
  return {
    values,
    idOf(value, key) {
      const known = ids.get(key);
      if (known !== undefined) return known;
      ids.set(key, values.length);
      values.push(value);
      return values.length - 1;
    },
  };
}

interface Encoder {
  readonly idOf: (text: string) => number;
  readonly checkOf: (id: string) => number;
  readonly resultOf: (check: ReportCheck) => number;
  readonly profileOf: (results: readonly number[]) => number;
  readonly settingOf: (setting: ReportSetting) => number;
  readonly outcomeOf: (badnessAfter: ReportProposal["badnessAfter"]) => number;
}

export function encodePage(data: ReportData): PageData {
  const { head, date = "", subject = "", checks, units, gate, comparison, fleet } = data;
  const strings = table<string>();
  const results = table<PageResult>();
  const profiles = table<readonly number[]>();
  const idOf = (text: string): number => strings.idOf(shown(text), text);
  const positions = new Map(checks.map((check, index) => [check.id, index]));
  const known = new Map<ReportCheck, number>();
  const checkOf = (id: string): number => positions.get(id) ?? -1;
  const resultOf = (check: ReportCheck): number => {
    const { id, badness, range, weight, exposure, directive, impliedBy = [] } = check;
    const number = known.get(check);
    if (number !== undefined) return number;
    const implied = idOf(impliedBy.join(", "));
    const row: PageResult = [checkOf(id), badness, range, weight, exposure, idOf(directive), implied];
    const added = results.idOf(row, row.join());
    known.set(check, added);
    return added;
  };
  const profileOf = (row: readonly number[]): number => profiles.idOf(row, row.join());
  const settings = table<PageSetting>();
  const settingOf = (setting: ReportSetting): number => {
    const row = settingRow(setting, idOf);
    return settings.idOf(row, JSON.stringify(row));
  };
  const outcomes = table<PageOutcome>();
  const outcomeOf = (badnessAfter: ReportProposal["badnessAfter"]): number => {
    const row = Object.entries(badnessAfter).flatMap(([id, badness]) =>
      checkOf(id) < 0 ? [] : [[checkOf(id), badness] as const],
    );
    return outcomes.idOf(row, row.join());
  };
  const encoder = { idOf, checkOf, resultOf, profileOf, settingOf, outcomeOf };
  const encoded = units.map(unit => unitOf(unit, encoder));
  return {
    tool: head.tool,
    systemd: head.systemd,
    arch: head.arch,
    scope: head.scope,
    date,
    subject: visible(subject),
    strings: strings.values,
    checks: checks.map(({ id, name, title, texts, mend = "", meaning, attack, breaks }) => ({
      id,
      name: visible(name),
      title,
      good: texts.good ?? "",
      bad: texts.bad ?? "",
      mend,
      meaning,
      attack,
      breaks,
    })),
    results: results.values,
    profiles: profiles.values,
    settings: settings.values,
    outcomes: outcomes.values,
    units: encoded,
    ...(gate === undefined ? {} : { gate: gateOf(gate) }),
    ...(comparison === undefined ? {} : { comparison: comparisonOf(comparison) }),
    ...(fleet === undefined ? {} : { fleet: encodeFleet(fleet) }),
  };
}

/** Longer texts are cut: a unit may hold a line of megabytes. */
const LONGEST = 2000;

function shown(text: string): string {
  return visible(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

function unitOf(unit: ReportUnit, encoder: Encoder): PageUnit {
  const { idOf, resultOf, profileOf, checkOf } = encoder;
  const checks = unit.checks.filter(check => checkOf(check.id) >= 0);
  return {
    name: visible(unit.name),
    ...(unit.host === undefined ? {} : { host: visible(unit.host) }),
    path: idOf(unit.path ?? ""),
    files: unit.files.map(idOf),
    status: idOf(unit.status),
    message: idOf(unit.message ?? ""),
    exposure: unit.exposure,
    level: idOf(unit.level ?? ""),
    kinds: idOf(unit.kinds.join(" ")),
    profile: profileOf(checks.map(resultOf)),
    lines: checks.flatMap(({ line }, index) =>
      line === undefined ? [] : [[index, idOf(line.file), line.line, idOf(line.text ?? "")] as const],
    ),
    findings: unit.findings.map(
      ({ code, severity, message, file = "", line = 0 }) =>
        [idOf(code), idOf(severity), idOf(message), idOf(file), line] as const,
    ),
    ...(unit.proposal === undefined ? {} : { proposal: proposalOf(unit.proposal, encoder) }),
  };
}

function proposalOf(proposal: ReportProposal, { idOf, settingOf, outcomeOf }: Encoder): PageProposal {
  const lines = (text: string): readonly number[] =>
    text === "" ? [] : text.replace(/\n$/, "").split("\n").map(idOf);
  return {
    level: idOf(proposal.level),
    exposureAfter: proposal.exposureAfter,
    levelAfter: idOf(proposal.levelAfter),
    settings: proposal.settings.map(settingOf),
    withheld: proposal.withheld.map(
      ({ directive, value, because }) => [idOf(directive), idOf(value), idOf(because)] as const,
    ),
    outcome: outcomeOf(proposal.badnessAfter),
    today: proposal.today.map(
      ({ directive, file, line, text }) => [idOf(directive), idOf(file), line, idOf(text)] as const,
    ),
    path: idOf(proposal.path),
    before: lines(proposal.before),
    after: lines(proposal.after),
  };
}

function settingRow(setting: ReportSetting, idOf: Encoder["idOf"]): PageSetting {
  const { directive, lines, gain, risk, confidence, certainty, evidence, unknown, exceptions, symptom } =
    setting;
  return [
    idOf(directive),
    lines.map(idOf),
    gain,
    risk,
    idOf(confidence),
    idOf(certainty),
    evidence.map(idOf),
    unknown.map(idOf),
    exceptions.map(({ line, because }) => [idOf(line), idOf(because)] as const),
    idOf(symptom),
  ];
}

function gateOf({ verdict, failOn, summary, findings }: ReportGate): PageGate {
  return {
    verdict,
    failOn,
    units: summary.units,
    unitsFailed: summary.unitsFailed,
    failing: summary.failing,
    waived: summary.byStatus.waived,
    known: summary.byStatus.baseline,
    findings: findings.map(each => ({
      unit: visible(each.unit),
      rule: visible(each.rule),
      severity: each.severity,
      status: each.status,
      isFailing: each.isFailing,
      text: shown(each.text),
      place: each.position === undefined ? "" : `${visible(each.position.file)}:${each.position.line}`,
      ...(each.waiver === undefined ? {} : { reason: shown(each.waiver.reason), until: each.waiver.until }),
    })),
  };
}

function comparisonOf({ changes, summary }: Comparison): PageComparison {
  return { ...summary, changes: changes.map(changeOf) };
}

type Side = UnitChange["before"];

function figure(side: Side): string {
  if (side === null) return "–";
  return side.exposure === null ? side.status : tenths(side.exposure);
}

function changeOf({ unit, kind, before, after, checks, appeared, gone }: UnitChange): PageChange {
  const isWhole = kind === "added" || kind === "removed";
  const [was, now] = [before?.exposure ?? null, after?.exposure ?? null];
  return {
    unit: visible(unit),
    kind,
    before: figure(before),
    after: figure(after),
    difference: was === null || now === null ? null : now - was,
    details: isWhole
      ? []
      : [
          ...checks.map(each => ({
            sign: each.direction === "worse" ? ("+" as const) : ("-" as const),
            what: visible(each.id),
            now: each.line === undefined ? "" : lineText(each.line),
            was: each.was === undefined ? "" : lineText(each.was),
          })),
          ...appeared.map(each => ({
            sign: "+" as const,
            what: visible(findingTitle(each)),
            now: each.position === undefined ? "" : `${visible(each.position.file)}:${each.position.line}`,
            was: "",
          })),
          ...gone.map(each => ({ sign: "-" as const, what: visible(findingTitle(each)), now: "", was: "" })),
        ],
  };
}

function lineText({ position, text }: DecidingLine): string {
  const place = `${visible(position.file)}:${position.line}`;
  return text === undefined ? place : `${shown(text)}  (${place})`;
}
