// Audits of many hosts come in, one host at a time; one report of them all goes out. What is held of a host is a pointer
// for each of its units, and nothing but its name where another host is just like it.
import { compareText } from "./finding.ts";
import type { UnitDigest } from "./fleet-digest.ts";
import { fleetDrift } from "./fleet-drift.ts";
import { type GroupPattern, groupHosts } from "./fleet-groups.ts";
import { inOrder, keyOfResults, keyOfUnits, type OpenProfile } from "./fleet-profile.ts";
import type { FleetHost, FleetReport, FleetVariant } from "./fleet-report.ts";
import { above, addTo, emptySpread, highest, median, type Spread, total } from "./fleet-spread.ts";
import { fleetChecks, fleetUnits } from "./fleet-units.ts";

export interface FleetOptions {
  /** Units above it are counted; tenths. */
  readonly maxExposure: number;
  /** Hosts that should be alike; without any, those that have the same units. */
  readonly groups: readonly GroupPattern[];
}

export interface FleetTally {
  /** @returns false, and nothing is added, where the host is in it already. */
  add(host: string, units: readonly UnitDigest[]): boolean;
  report(options: FleetOptions): FleetReport;
  /** Each unit once for each way in which it stands on hosts, the most exposed first. */
  variants(): readonly FleetVariant[];
}

export function fleetTally(): FleetTally {
  const names: string[] = [];
  const known = new Set<string>();
  const profiles = new Map<string, OpenProfile>();
  return {
    add(host, all) {
      if (known.has(host)) return false;
      known.add(host);
      const units = inOrder(all);
      const key = keyOfResults(units);
      const profile = profiles.get(key) ?? { units, unitsKey: keyOfUnits(units), hosts: [] };
      profile.hosts.push(names.length);
      profiles.set(key, profile);
      names.push(host);
      return true;
    },
    variants: () => fleetVariants([...profiles.values()], names),
    report: options => fleetReport([...profiles.values()], names, options),
  };
}

function fleetReport(
  profiles: readonly OpenProfile[],
  names: readonly string[],
  { maxExposure, groups }: FleetOptions,
): FleetReport {
  const drifts = fleetDrift(groupHosts(groups, profiles, names), names);
  const all = emptySpread();
  const levels = new Map<string, number>();
  const hosts: FleetHost[] = [];
  let unitsOnHosts = 0;
  for (const { units, hosts: positions } of profiles) {
    const own = emptySpread();
    for (const { results } of units) {
      addTo(own, results.exposure, 1);
      const level = results.level ?? results.status;
      levels.set(level, (levels.get(level) ?? 0) + positions.length);
    }
    for (const [exposure, count] of own.entries()) addTo(all, exposure, count * positions.length);
    unitsOnHosts += units.length * positions.length;
    const shared = sharedBy(units, own, maxExposure);
    for (const position of positions)
      hosts.push({
        host: names[position] ?? "",
        ...shared,
        drifting: drifts.byHost.get(position)?.size ?? 0,
      });
  }
  const units = fleetUnits(profiles, names, maxExposure);
  return {
    summary: {
      hosts: names.length,
      units: units.length,
      unitsOnHosts,
      scored: total(all),
      median: median(all),
      worst: highest(all),
      maxExposure,
      above: above(all, maxExposure),
      levels: Object.fromEntries([...levels].sort(([a], [b]) => compareText(a, b))),
      hostsDrifting: drifts.byHost.size,
      driftingUnits: drifts.groups.reduce((sum, { drifting }) => sum + drifting, 0),
      driftsLeftOut: drifts.leftOut,
    },
    hosts: hosts.sort(worstFirst),
    units,
    groups: drifts.groups,
    drift: drifts.drift,
    checks: fleetChecks(profiles),
  };
}

function fleetVariants(profiles: readonly OpenProfile[], names: readonly string[]): readonly FleetVariant[] {
  const found = new Map<string, { readonly digest: UnitDigest; readonly hosts: (readonly number[])[] }>();
  for (const { units, hosts } of profiles)
    for (const digest of units) {
      const known = found.get(digest.results.key);
      if (known === undefined) found.set(digest.results.key, { digest, hosts: [hosts] });
      else known.hosts.push(hosts);
    }
  return [...found.values()]
    .map(({ digest, hosts }) => ({
      digest,
      hosts: hosts
        .flat()
        .map(host => names[host] ?? "")
        .sort(compareText),
    }))
    .sort(
      (a, b) =>
        (b.digest.results.exposure ?? -1) - (a.digest.results.exposure ?? -1) ||
        compareText(a.digest.unit, b.digest.unit) ||
        compareText(a.hosts[0] ?? "", b.hosts[0] ?? ""),
    );
}

/** What is the same for every host of a profile. */
function sharedBy(
  units: readonly UnitDigest[],
  spread: Spread,
  bar: number,
): Omit<FleetHost, "host" | "drifting"> {
  const worst = highest(spread);
  const unit = units.find(({ results }) => results.exposure !== null && results.exposure === worst)?.unit;
  return {
    units: units.length,
    scored: total(spread),
    worst: worst === null || unit === undefined ? null : { unit, exposure: worst },
    median: median(spread),
    above: above(spread, bar),
    errors: units.reduce((sum, each) => sum + each.errors, 0),
    warnings: units.reduce((sum, each) => sum + each.warnings, 0),
  };
}

function worstFirst(a: FleetHost, b: FleetHost): number {
  return (
    (b.worst?.exposure ?? -1) - (a.worst?.exposure ?? -1) ||
    b.above - a.above ||
    (b.median ?? -1) - (a.median ?? -1) ||
    compareText(a.host, b.host)
  );
}
