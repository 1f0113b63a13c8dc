// Two sets of units come in; for each unit, what got better and what got worse goes out, with the lines that did it.
import { baseSubject, compareText, type Finding, findingKey, isAtLeast, orderFindings } from "./finding.ts";
import type { CheckSnapshot, DecidingLine, UnitSnapshot } from "./snapshot.ts";

export interface CheckChange {
  readonly id: string;
  readonly direction: "better" | "worse";
  readonly before: number | null;
  readonly after: number | null;
  /** What the change adds to the exposure, in tenths; negative where it takes away. Rounded check by check. */
  readonly difference: number;
  /** The line of the new unit that decides it now. */
  readonly line?: DecidingLine;
  /** The line of the old unit that decided it before, where the new one has another or none. */
  readonly was?: DecidingLine;
}

export interface UnitChange {
  readonly unit: string;
  /** By the exposure; where that is the same, by the findings that came and went. `same`: nothing that counts changed. */
  readonly kind: "better" | "worse" | "same" | "added" | "removed";
  readonly before: Pick<UnitSnapshot, "status" | "exposure" | "level"> | null;
  readonly after: Pick<UnitSnapshot, "status" | "exposure" | "level"> | null;
  /** Worse ones first, those that matter most at the top. */
  readonly checks: readonly CheckChange[];
  readonly appeared: readonly Finding[];
  readonly gone: readonly Finding[];
}

export interface Comparison {
  /** Units that changed, worse ones first, then by name. */
  readonly changes: readonly UnitChange[];
  readonly summary: Readonly<Record<UnitChange["kind"], number>>;
}

/** Units are matched by name; the second of a name in one set is left to the first's place in the other's order. */
export function compareUnits(old: readonly UnitSnapshot[], now: readonly UnitSnapshot[]): Comparison {
  const before = new Map(numbered(old));
  const after = new Map(numbered(now));
  const names = [...new Set([...before.keys(), ...after.keys()])].sort(compareText);
  const all = names.map(name => changeOf(before.get(name), after.get(name)));
  const summary = { better: 0, worse: 0, same: 0, added: 0, removed: 0 };
  for (const { kind } of all) summary[kind]++;
  const rank = { worse: 0, added: 1, removed: 2, better: 3, same: 4 };
  const changes = all
    .filter(each => each.kind !== "same")
    .sort((a, b) => rank[a.kind] - rank[b.kind] || compareText(a.unit, b.unit));
  return { changes, summary };
}

function numbered(units: readonly UnitSnapshot[]): readonly (readonly [string, UnitSnapshot])[] {
  const counts = new Map<string, number>();
  return units.map(unit => {
    const count = (counts.get(unit.name) ?? 0) + 1;
    counts.set(unit.name, count);
    return [count === 1 ? unit.name : `${unit.name}#${count}`, unit];
  });
}

function changeOf(old: UnitSnapshot | undefined, now: UnitSnapshot | undefined): UnitChange {
  const scored = [old, now].map(each =>
    each === undefined ? null : { status: each.status, exposure: each.exposure, level: each.level },
  );
  const [before = null, after = null] = scored;
  const base = { unit: now?.name ?? old?.name ?? "", before, after };
  if (old === undefined || now === undefined) {
    const kind = old === undefined ? "added" : "removed";
    return { ...base, kind, checks: [], appeared: now?.findings ?? [], gone: old?.findings ?? [] };
  }
  const checks = checkChanges(old, now);
  const isCoarse = old.isRecord || now.isRecord;
  const appeared = missingFrom(now.findings, old.findings, isCoarse);
  const gone = missingFrom(old.findings, now.findings, isCoarse);
  return { ...base, kind: kindOf(old, now, appeared, gone), checks, appeared, gone };
}

function kindOf(
  old: UnitSnapshot,
  now: UnitSnapshot,
  appeared: readonly Finding[],
  gone: readonly Finding[],
): UnitChange["kind"] {
  if (old.exposure !== now.exposure) {
    // A unit that systemd refuses now is worse than any score; a masked one runs nothing.
    if (now.exposure === null) return now.status === "masked" ? "better" : "worse";
    if (old.exposure === null) return old.status === "masked" ? "worse" : "better";
    return now.exposure > old.exposure ? "worse" : "better";
  }
  const counts = (each: Finding): boolean => isAtLeast(each.severity, "warning");
  if (appeared.some(counts)) return "worse";
  return gone.some(counts) ? "better" : "same";
}

/** The checks whose badness differs; one that no longer applies counts as good. */
export function checkChanges(old: UnitSnapshot, now: UnitSnapshot): readonly CheckChange[] {
  const before = new Map(old.checks.map(check => [check.id, check]));
  return now.checks
    .flatMap((check): readonly CheckChange[] => {
      const was = before.get(check.id);
      if (was === undefined || was.badness === check.badness) return [];
      const [from, to] = [(was.badness ?? 0) / was.range, (check.badness ?? 0) / check.range];
      if (from === to) return [];
      return [
        {
          id: check.id,
          direction: to > from ? "worse" : "better",
          before: was.badness,
          after: check.badness,
          difference: (check.exposure ?? 0) - (was.exposure ?? 0),
          ...lines(was, check),
        },
      ];
    })
    .sort((a, b) => b.difference - a.difference || compareText(a.id, b.id));
}

function lines(was: CheckSnapshot, check: CheckSnapshot): Pick<CheckChange, "line" | "was"> {
  const isSame = was.line?.text !== undefined && was.line.text === check.line?.text;
  return {
    ...(check.line === undefined ? {} : { line: check.line }),
    ...(was.line === undefined || isSame ? {} : { was: was.line }),
  };
}

/** Those of the first list that the second has not. Earlier audits have no subjects: rules are counted instead. */
function missingFrom(
  some: readonly Finding[],
  others: readonly Finding[],
  isCoarse: boolean,
): readonly Finding[] {
  const coarse = (all: readonly Finding[]): readonly Finding[] =>
    isCoarse ? orderFindings(all.map(each => ({ ...each, subject: "" }))) : all;
  const known = new Set(coarse(others).map(findingKey));
  return coarse(some).filter(each => !known.has(findingKey(each)));
}

/** What a finding is about, as people read it. */
export function findingTitle({ rule, subject }: Finding): string {
  const about = baseSubject(subject);
  return about === "" ? rule : `${rule} ${about}`;
}
