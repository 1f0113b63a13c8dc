// Which units are shown and in which order: search, filters, sort. No page is needed for it.

import type { Fleet, Unit } from "./fleet.ts";
import { levelOf } from "./levels.ts";

export type SortKey = "name" | "host" | "exposure" | "after" | "missing" | "noticed" | "gate";

export interface Selection {
  /** Words that all must occur. */
  readonly search: string;
  /** Levels and statuses; all where empty. */
  readonly levels: readonly string[];
  /** Tenths, both included; from a bar of the chart. */
  readonly range?: readonly [from: number, to: number, side: "today" | "after"] | undefined;
  readonly kind: string;
  readonly host: string;
  /** Position of a check that must be missing, -1 for none. */
  readonly lacks: number;
  /** "failing", "waived", "noticed", "gains"; "" for none. */
  readonly only: string;
  readonly sort: SortKey;
  readonly descending: boolean;
}

export const everything: Selection = {
  search: "",
  levels: [],
  kind: "",
  host: "",
  lacks: -1,
  only: "",
  sort: "exposure",
  descending: true,
};

/** Units that fit, in order; units that are equal stay in the order of their names. */
export function selectUnits(fleet: Fleet, selection: Selection): readonly Unit[] {
  const { levels, range, kind, host, lacks, only, sort, descending } = selection;
  const words = selection.search
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== "");
  const lacking = lacks < 0 ? undefined : lackingProfiles(fleet, lacks);
  const found = fleet.units.filter(
    unit =>
      words.every(word => unit.haystack.includes(word)) &&
      (levels.length === 0 || levels.includes(unit.level)) &&
      (range === undefined || isWithin(unit, range)) &&
      (kind === "" || unit.kinds.split(" ").includes(kind)) &&
      (host === "" || unit.host === host) &&
      (lacking === undefined || lacking.has(unit.raw.profile)) &&
      isOnly(unit, only),
  );
  const direction = descending ? -1 : 1;
  return found.sort(
    (a, b) => direction * compareBy(sort, a, b) || compareText(a.name, b.name) || a.index - b.index,
  );
}

function isWithin(unit: Unit, [from, to, side]: NonNullable<Selection["range"]>): boolean {
  const figure = side === "today" ? unit.exposure : unit.after;
  return unit.exposure >= 0 && figure >= from && figure <= to;
}

function isOnly(unit: Unit, only: string): boolean {
  if (only === "failing") return unit.failing > 0;
  if (only === "waived") return unit.waived > 0;
  if (only === "noticed") return unit.errors + unit.warnings > 0;
  return only !== "gains" || unit.after < unit.exposure;
}

/** Units share results, so a check is looked up once for each set of results. */
function lackingProfiles({ data }: Fleet, position: number): ReadonlySet<number> {
  const lacking = new Set<number>();
  for (const [number, profile] of data.profiles.entries()) {
    const result = profile.map(each => data.results[each]).find(each => each?.[0] === position);
    if ((result?.[1] ?? 0) > 0) lacking.add(number);
  }
  return lacking;
}

function compareBy(key: SortKey, a: Unit, b: Unit): number {
  switch (key) {
    case "name":
      return compareText(a.name, b.name);
    case "host":
      return compareText(a.host, b.host);
    case "exposure":
      return a.exposure - b.exposure;
    case "after":
      return a.after - b.after;
    case "missing":
      return a.missing - b.missing;
    case "noticed":
      return a.errors * 1000 + a.warnings - (b.errors * 1000 + b.warnings);
    case "gate":
      return a.failing * 1000 + a.waived - (b.failing * 1000 + b.waived);
    default: {
      const never: never = key;
      return never;
    }
  }
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Levels and statuses that there are, worst first. */
export function levelsOf(units: readonly Unit[]): readonly string[] {
  const worst = new Map<string, number>();
  for (const { level, exposure } of units) worst.set(level, Math.max(exposure, worst.get(level) ?? -1));
  return [...worst].sort(([a, x], [b, y]) => y - x || compareText(a, b)).map(([level]) => level);
}

/** How many units are of each level, today and with the proposals. */
export function levelCounts(units: readonly Unit[], side: "today" | "after"): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const unit of units) {
    const level = levelOf(side === "today" ? unit.exposure : unit.after);
    counts.set(level, (counts.get(level) ?? 0) + 1);
  }
  return counts;
}
