// The page's data as the views use it: numbers looked up, sums made once.
import type { PageCheck, PageData, PageProposal, PageUnit } from "../page-data.ts";

export interface CheckState {
  readonly check: PageCheck;
  /** Index into the checks of the report. */
  readonly position: number;
  readonly badness: number | null;
  readonly range: number;
  readonly weight: number;
  readonly exposure: number | null;
  readonly directive: string;
  readonly impliedBy: string;
  readonly line?: Place;
}

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

export interface Noticed {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly place: string;
}

export interface Unit {
  /** Its place among all, and its address in the page. */
  readonly index: number;
  readonly name: string;
  readonly host: string;
  readonly path: string;
  readonly status: string;
  readonly message: string;
  /** -1 where there is no score. */
  readonly exposure: number;
  readonly level: string;
  readonly kinds: string;
  /** With the proposal in place; as today where there is none. */
  readonly after: number;
  /** Checks that fail, of those that apply. */
  readonly missing: number;
  readonly applying: number;
  readonly errors: number;
  readonly warnings: number;
  /** Findings of the gate that fail. */
  readonly failing: number;
  readonly waived: number;
  /** What a search looks in, in lower case. */
  readonly haystack: string;
  readonly raw: PageUnit;
}

/** How one check stands over all units. */
export interface CheckSum {
  readonly check: PageCheck;
  readonly position: number;
  /** Units where it fails, now and with the proposals, and where it applies. */
  readonly missing: number;
  readonly missingAfter: number;
  readonly applying: number;
  /** Tenths that it adds to all units together. */
  readonly weight: number;
}

export interface Fleet {
  readonly data: PageData;
  readonly units: readonly Unit[];
  readonly scored: readonly Unit[];
  readonly checks: readonly CheckSum[];
  readonly hasProposals: boolean;
  readonly hosts: readonly string[];
  readonly kinds: readonly string[];
  readonly text: (id: number) => string;
}

export function readFleet(data: PageData): Fleet {
  const text = (id: number): string => data.strings[id] ?? "";
  const failing = new Map<string, number>();
  const waived = new Map<string, number>();
  for (const { unit, isFailing, status } of data.gate?.findings ?? []) {
    if (isFailing) failing.set(unit, (failing.get(unit) ?? 0) + 1);
    if (status === "waived") waived.set(unit, (waived.get(unit) ?? 0) + 1);
  }
  const counts = data.profiles.map(profile => countOf(profile, data));
  const units = data.units.map((raw, index): Unit => {
    const { missing, applying } = counts[raw.profile] ?? { missing: 0, applying: 0 };
    const exposure = raw.exposure ?? -1;
    const severities = raw.findings.map(([, severity]) => text(severity));
    const host = raw.host ?? "";
    return {
      index,
      name: raw.name,
      host,
      path: text(raw.path),
      status: text(raw.status),
      message: text(raw.message),
      exposure,
      level: text(raw.level) || text(raw.status),
      kinds: text(raw.kinds),
      after: raw.proposal?.exposureAfter ?? exposure,
      missing,
      applying,
      errors: severities.filter(each => each === "error").length,
      warnings: severities.filter(each => each === "warning").length,
      failing: failing.get(raw.name) ?? 0,
      waived: waived.get(raw.name) ?? 0,
      haystack: `${raw.name}\n${host}\n${text(raw.path)}`.toLowerCase(),
      raw,
    };
  });
  return {
    data,
    units,
    scored: units.filter(each => each.exposure >= 0),
    checks: checkSums(data),
    hasProposals: data.units.some(each => each.proposal !== undefined),
    hosts: hostsOf(units),
    kinds: [...new Set(units.flatMap(each => each.kinds.split(" ").filter(kind => kind !== "")))].sort(),
    text,
  };
}

/** A host is worth a column where there are several. */
function hostsOf(units: readonly Unit[]): readonly string[] {
  const hosts = [...new Set(units.map(each => each.host).filter(host => host !== ""))].sort();
  return hosts.length > 1 ? hosts : [];
}

function countOf(profile: readonly number[], { results }: PageData): { missing: number; applying: number } {
  let missing = 0;
  let applying = 0;
  for (const number of profile) {
    const badness = results[number]?.[1] ?? null;
    if (badness === null) continue;
    applying++;
    if (badness > 0) missing++;
  }
  return { missing, applying };
}

function checkSums(data: PageData): readonly CheckSum[] {
  const sums = data.checks.map(() => ({ missing: 0, missingAfter: 0, applying: 0, weight: 0 }));
  for (const unit of data.units) {
    const changed = changesOf(unit.proposal, data);
    for (const number of data.profiles[unit.profile] ?? []) {
      const result = data.results[number];
      if (result === undefined) continue;
      const [check, badness, , , exposure] = result;
      const sum = sums[check];
      if (sum === undefined) continue;
      const after = changed.get(check);
      if (badness !== null) sum.applying++;
      if (badness !== null && badness > 0) {
        sum.missing++;
        sum.weight += exposure ?? 0;
      }
      if (((after === undefined ? badness : after) ?? 0) > 0) sum.missingAfter++;
    }
  }
  return data.checks.map((check, position) => ({
    check,
    position,
    ...(sums[position] ?? { missing: 0, missingAfter: 0, applying: 0, weight: 0 }),
  }));
}

/** Badness with the proposal, by the check's position. */
export function changesOf(
  proposal: PageProposal | undefined,
  { outcomes }: PageData,
): ReadonlyMap<number, number | null> {
  return new Map(proposal === undefined ? [] : outcomes[proposal.outcome]);
}

/** Every check of one unit, with the line that set it. */
export function checksOf(unit: Unit, { data, text }: Fleet): readonly CheckState[] {
  const lines = new Map(
    unit.raw.lines.map(([at, file, line, said]) => [at, { file: text(file), line, text: text(said) }]),
  );
  return (data.profiles[unit.raw.profile] ?? []).flatMap((number, index): readonly CheckState[] => {
    const result = data.results[number];
    const check = result && data.checks[result[0]];
    if (result === undefined || check === undefined) return [];
    const [position, badness, range, weight, exposure, directive, impliedBy] = result;
    const line = lines.get(index);
    return [
      {
        check,
        position,
        badness,
        range,
        weight,
        exposure,
        directive: text(directive),
        impliedBy: text(impliedBy),
        ...(line === undefined ? {} : { line }),
      },
    ];
  });
}

/** How bad each check is in a unit: 0…1, -1 where it does not apply, by the check's position; `after`: with the proposal. */
export function badnessOf(unit: Unit, { data }: Fleet, side: "today" | "after"): Float32Array {
  const row = new Float32Array(data.checks.length).fill(-1);
  const changed = side === "after" ? changesOf(unit.raw.proposal, data) : new Map<number, number | null>();
  for (const number of data.profiles[unit.raw.profile] ?? []) {
    const result = data.results[number];
    if (result === undefined) continue;
    const [position, today, range] = result;
    const after = changed.get(position);
    const badness = after === undefined ? today : after;
    row[position] = badness === null ? -1 : badness / range;
  }
  return row;
}

export function noticedOf(unit: Unit, { text }: Fleet): readonly Noticed[] {
  return unit.raw.findings.map(([code, severity, message, file, line]) => ({
    code: text(code),
    severity: text(severity),
    message: text(message),
    place: text(file) === "" ? "" : `${text(file)}:${line}`,
  }));
}
