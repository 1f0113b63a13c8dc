// Findings, waivers and a baseline come in, the verdict goes out. Waived first, then known, then new: what is waived
// stays visible as waived, and a waiver counts as used even where the baseline knows the finding too.
import { isPattern } from "../host/glob.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { type Baseline, type BaselineEntry, entryFor, entrySubject } from "./baseline.ts";
import {
  compareFindings,
  compareText,
  type Finding,
  type FindingStatus,
  type GateResult,
  type GateUnit,
  isAtLeast,
  type JudgedFinding,
  orderFindings,
} from "./finding.ts";
import { own } from "./own-finding.ts";
import type { Policy } from "./policy.ts";
import { chosen, type FoundUnit } from "./unit-findings.ts";
import { concerns, covers, type Waiver } from "./waiver.ts";

export interface JudgeInput {
  readonly units: readonly FoundUnit[];
  /** Findings about no unit in particular. */
  readonly others: readonly Finding[];
  readonly policy: Policy;
  readonly waivers: readonly Waiver[];
  /** Waivers that are not complete. */
  readonly badWaivers: readonly Diagnostic[];
  readonly baseline?: Baseline;
  /** What another revision has already: known as a baseline's entries are, without a file that could be stale. */
  readonly known?: Baseline;
  /** `YYYY-MM-DD`. */
  readonly today: string;
  /** Whether every unit that there is was looked at, so that what is not there is gone. */
  readonly isWhole: boolean;
  /** Tenths at another revision, by unit; absent where there is no comparison. */
  readonly before?: ReadonlyMap<string, number | null>;
}

export function judge(input: JudgeInput): GateResult {
  const { policy } = input;
  const aliases = new Map(input.units.map(each => [each.name, each.aliases]));
  const found = orderFindings([...input.others, ...input.units.flatMap(each => each.findings)]);
  const usedWaivers = new Set<Waiver>();
  const usedEntries = new Set<BaselineEntry>();
  const improved: (readonly [BaselineEntry, number])[] = [];
  const waiverFor = indexWaivers(input.waivers);
  const judged = found.map((finding): JudgedFinding => {
    const others = aliases.get(finding.unit) ?? [];
    const recorded = input.baseline && entryFor(finding, others, input.baseline);
    if (recorded !== undefined) usedEntries.add(recorded);
    const entry = laxer(recorded, input.known && entryFor(finding, others, input.known));
    const waiver = waiverFor(finding, others);
    if (waiver !== undefined) {
      usedWaivers.add(waiver);
      const { reason, until, position, kind } = waiver;
      if (until >= input.today)
        return { ...finding, status: "waived", isFailing: false, waiver: { reason, until, position, kind } };
    }
    const isFailing = isAtLeast(finding.severity, policy.failOn);
    if (entry === undefined) return { ...finding, status: "new", isFailing };
    const [now, accepted] = [finding.measure ?? 0, entry.measure ?? 0];
    if (entry.measure !== undefined && now > accepted)
      return { ...finding, status: "worse", isFailing, accepted };
    if (recorded?.measure !== undefined && now < recorded.measure) improved.push([recorded, now]);
    return { ...finding, status: "baseline", isFailing: false };
  });
  const about = [
    ...waiverFindings(input, usedWaivers),
    ...(input.baseline === undefined ? [] : baselineFindings(input, input.baseline, usedEntries, improved)),
  ];
  const findings = [...judged, ...orderFindings(about)].sort(compareFindings);
  return resultOf(findings, input);
}

/**
 * The waiver of a finding, by any of the unit's names; of several the one that holds longest. Units are many, so waivers of a
 * plain name are looked up and patterns alone are tried.
 */
function indexWaivers(
  waivers: readonly Waiver[],
): (finding: Finding, others: readonly string[]) => Waiver | undefined {
  const byRule = new Map<string, Map<string, Waiver[]>>();
  for (const waiver of waivers) {
    const { rule, unit } = waiver;
    const ofRule = byRule.get(rule) ?? new Map<string, Waiver[]>();
    byRule.set(rule, ofRule);
    const name = isPattern(unit) ? "" : unit;
    const known = ofRule.get(name);
    if (known === undefined) ofRule.set(name, [waiver]);
    else known.push(waiver);
  }
  return (finding, others) => {
    const ofRule = byRule.get(finding.rule);
    if (ofRule === undefined) return undefined;
    const names = [finding.unit, ...others];
    return ["", ...names]
      .flatMap(name => ofRule.get(name) ?? [])
      .filter(each => covers(each, finding, names))
      .sort((a, b) => compareText(b.until, a.until))[0];
  };
}

/** Of two entries for a finding, the one that accepts more. */
function laxer(a: BaselineEntry | undefined, b: BaselineEntry | undefined): BaselineEntry | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (a.measure ?? 0) >= (b.measure ?? 0) ? a : b;
}

function resultOf(findings: readonly JudgedFinding[], { units, policy, before }: JudgeInput): GateResult {
  const failing = findings.filter(each => each.isFailing);
  const failed = new Set(failing.map(each => each.unit));
  const byStatus: Record<FindingStatus, number> = { new: 0, worse: 0, baseline: 0, waived: 0, notice: 0 };
  for (const { status } of findings) byStatus[status]++;
  const judgedUnits = units
    .map(({ findings: _, ...unit }): GateUnit => {
      const was = before?.get(unit.name);
      return {
        ...unit,
        hasPassed: !failed.has(unit.name),
        ...(was === undefined ? {} : { exposureBefore: was }),
      };
    })
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.path ?? "", b.path ?? ""));
  return {
    verdict: failing.length === 0 ? "passed" : "failed",
    findings,
    units: judgedUnits,
    summary: {
      units: units.length,
      unitsFailed: judgedUnits.filter(each => !each.hasPassed).length,
      byStatus,
      failing: failing.length,
    },
    failOn: policy.failOn,
  };
}

/** What is wrong with the waivers themselves: not complete or expired fails, unused is a notice. */
function waiverFindings(input: JudgeInput, used: ReadonlySet<Waiver>): readonly JudgedFinding[] {
  const { policy, today } = input;
  const bad = distinctPlaces(input.badWaivers).map(({ code, args = {}, position }) =>
    own("bad-waiver", args.rule ?? "", { code, args }, position, { name: args.unit ?? "" }),
  );
  const names = input.units.map(unit => [unit.name, ...unit.aliases]);
  const usedPlaces = new Set([...used].map(placeOf));
  const rest = distinctPlaces(input.waivers).flatMap((waiver): readonly Finding[] => {
    const { unit, rule, subject, until, reason, position } = waiver;
    const about = subject === undefined ? rule : `${rule} ${subject}`;
    const args = { unit, rule, until, reason };
    if (until < today) {
      // A waiver of units that nobody looked at now is theirs to find.
      if (!input.isWhole && !names.some(each => concerns(waiver, each))) return [];
      return [own("expired-waiver", about, { code: "gate-waiver-expired", args }, position, { name: unit })];
    }
    if (usedPlaces.has(placeOf(waiver))) return [];
    if (!input.isWhole && !names.some(each => concerns(waiver, each))) return [];
    return [own("unused-waiver", about, { code: "gate-waiver-unused", args }, position, { name: unit })];
  });
  return [...bad, ...rest]
    .flatMap(each => chosen(each, undefined, policy))
    .map(each => aboutGate(each, policy));
}

/** A comment in a drop-in that many units read is one waiver, however often it was met. */
function distinctPlaces<T extends Waiver | Diagnostic>(all: readonly T[]): readonly T[] {
  return [...new Map(all.map(each => [placeOf(each), each])).values()];
}

function placeOf(each: Waiver | Diagnostic): string {
  const { file = "", line = 0 } = each.position ?? {};
  const rule = "rule" in each ? each.rule : (each.args?.rule ?? "");
  return `${file}\0${line}\0${rule}`;
}

function aboutGate(finding: Finding, policy: Policy): JudgedFinding {
  const isNotice = finding.rule === "unused-waiver" || finding.rule === "stale-baseline";
  if (isNotice && finding.severity !== "error") return { ...finding, status: "notice", isFailing: false };
  return { ...finding, status: "new", isFailing: isAtLeast(finding.severity, policy.failOn) };
}

/** Entries whose finding is gone, or has become better than what is accepted. */
function baselineFindings(
  input: JudgeInput,
  baseline: Baseline,
  used: ReadonlySet<BaselineEntry>,
  improved: readonly (readonly [BaselineEntry, number])[],
): readonly JudgedFinding[] {
  const seen = new Set(input.units.flatMap(unit => [unit.name, ...unit.aliases]));
  const at = (entry: BaselineEntry) => ({ file: baseline.file, line: entry.line, column: 1 });
  const about = (entry: BaselineEntry, code: string, more: Readonly<Record<string, string>>): Finding => {
    const { unit, rule, subject } = entry;
    const args = { unit, rule, subject: entrySubject(entry), ...more };
    return own("stale-baseline", `${rule} ${subject}`.trim(), { code, args }, at(entry), { name: unit });
  };
  const gone = [...baseline.entries.values()]
    .filter(entry => !used.has(entry) && (input.isWhole || seen.has(entry.unit)))
    .map(entry => about(entry, "gate-baseline-stale", {}));
  const better = improved.map(([entry, now]) =>
    about(entry, "gate-baseline-improved", { now: String(now), accepted: String(entry.measure) }),
  );
  return [...gone, ...better]
    .flatMap(each => chosen(each, undefined, input.policy))
    .map(each => aboutGate(each, input.policy));
}
