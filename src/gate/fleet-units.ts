// Profiles of hosts → each unit over all of them, and each check over all units.
import { compareText } from "./finding.ts";
import type { FleetProfile } from "./fleet-profile.ts";
import type { FleetCheck, FleetOutlier, FleetUnit } from "./fleet-report.ts";
import { above, addTo, emptySpread, highest, lowest, median, type Spread, total } from "./fleet-spread.ts";

/** An outlier is at least half a point away from the median … */
const FAR = 5;
/** … with a score that at most a tenth of the hosts have. */
const RARE = 0.1;

/** The highest median first, then by name. */
export function fleetUnits(
  profiles: readonly FleetProfile[],
  names: readonly string[],
  bar: number,
): readonly FleetUnit[] {
  const spreads = new Map<string, { spread: Spread; hosts: number }>();
  for (const { units, hosts } of profiles)
    for (const { unit, results } of units) {
      const known = spreads.get(unit) ?? { spread: emptySpread(), hosts: 0 };
      known.hosts += hosts.length;
      addTo(known.spread, results.exposure, hosts.length);
      spreads.set(unit, known);
    }
  const rare = new Map([...spreads].map(([unit, { spread }]) => [unit, rareScores(spread)]));
  const outliers = hostsOf(profiles, names, rare);
  return [...spreads]
    .map(([unit, { spread, hosts }]) => ({
      unit,
      hosts,
      scored: total(spread),
      lowest: lowest(spread),
      median: median(spread),
      highest: highest(spread),
      above: above(spread, bar),
      outliers: outliers.get(unit) ?? [],
    }))
    .sort((a, b) => (b.median ?? -1) - (a.median ?? -1) || compareText(a.unit, b.unit));
}

/** The furthest from the median first. */
function rareScores(spread: Spread): readonly number[] {
  const [middle, all] = [median(spread), total(spread)];
  if (middle === null) return [];
  return [...spread.entries()]
    .filter(
      ([score, count]) => count > 0 && count <= Math.max(1, all * RARE) && Math.abs(score - middle) >= FAR,
    )
    .map(([score]) => score)
    .sort((a, b) => Math.abs(b - middle) - Math.abs(a - middle) || b - a);
}

function hostsOf(
  profiles: readonly FleetProfile[],
  names: readonly string[],
  rare: ReadonlyMap<string, readonly number[]>,
): ReadonlyMap<string, readonly FleetOutlier[]> {
  const found = new Map<string, Map<number, string[]>>();
  for (const { units, hosts } of profiles)
    for (const { unit, results } of units) {
      const { exposure } = results;
      if (exposure === null || rare.get(unit)?.includes(exposure) !== true) continue;
      const scores = found.get(unit) ?? new Map<number, string[]>();
      const own = scores.get(exposure) ?? [];
      for (const host of hosts) own.push(names[host] ?? "");
      found.set(unit, scores.set(exposure, own));
    }
  return new Map(
    [...found].map(([unit, scores]) => [
      unit,
      (rare.get(unit) ?? []).map(exposure => ({
        exposure,
        hosts: (scores.get(exposure) ?? []).toSorted(compareText),
      })),
    ]),
  );
}

/** The check that fails most often first, then by its id. */
export function fleetChecks(profiles: readonly FleetProfile[]): readonly FleetCheck[] {
  const counts = new Map<string, { failing: number; applying: number }>();
  for (const { units, hosts } of profiles)
    for (const { results } of units)
      for (const [index, id] of results.checks.entries()) {
        const badness = results.badness[index] ?? -1;
        const known = counts.get(id) ?? { failing: 0, applying: 0 };
        if (badness >= 0) known.applying += hosts.length;
        if (badness > 0) known.failing += hosts.length;
        counts.set(id, known);
      }
  return [...counts]
    .map(([id, count]) => ({ id, ...count }))
    .sort((a, b) => b.failing - a.failing || compareText(a.id, b.id));
}
