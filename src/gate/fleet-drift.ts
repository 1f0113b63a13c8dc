// Hosts that should be alike come in; the units that are not goes out, with the checks and lines that make the difference.
import { compareText } from "./finding.ts";
import type { UnitResults } from "./fleet-digest.ts";
import type { GroupMembers } from "./fleet-groups.ts";
import type { DriftedCheck, FleetDrift, FleetGroup, UnitStand } from "./fleet-report.ts";

export interface Drifts {
  readonly groups: readonly FleetGroup[];
  readonly drift: readonly FleetDrift[];
  readonly leftOut: number;
  /** Names of drifting units, for each host by its position. */
  readonly byHost: ReadonlyMap<number, ReadonlySet<string>>;
}

/** What some hosts of a group have in place of a unit; `undefined` is nothing. */
interface Variant {
  readonly results: UnitResults | undefined;
  /** Lists of hosts as their profiles have them: copies for each unit would be most of what is in memory. */
  readonly hosts: (readonly number[])[];
}

function countOf({ hosts }: Variant): number {
  return hosts.reduce((sum, some) => sum + some.length, 0);
}

interface Difference {
  readonly group: string;
  readonly unit: string;
  readonly most: Variant;
  readonly here: Variant;
}

/** Beyond these, differences are counted only. */
const MAX_LISTED = 10_000;

/** @param names of all hosts, by position. */
export function fleetDrift(groups: readonly GroupMembers[], names: readonly string[]): Drifts {
  const differences: Difference[] = [];
  const byHost = new Map<number, Set<string>>();
  const described = groups.map(each => {
    const own = differencesIn(each);
    for (const difference of own) {
      differences.push(difference);
      for (const host of difference.here.hosts.flat()) {
        const units = byHost.get(host);
        if (units === undefined) byHost.set(host, new Set([difference.unit]));
        else units.add(difference.unit);
      }
    }
    return {
      group: each.group,
      kind: each.kind,
      hosts: each.profiles.reduce((sum, { hosts }) => sum + hosts.length, 0),
      drifting: new Set(own.map(({ unit }) => unit)).size,
    };
  });
  const sorted = differences.sort(
    (a, b) => worseness(b) - worseness(a) || compareText(a.unit, b.unit) || compareText(a.group, b.group),
  );
  return {
    groups: described,
    drift: sorted.slice(0, MAX_LISTED).map(each => describe(each, names)),
    leftOut: Math.max(0, sorted.length - MAX_LISTED),
    byHost,
  };
}

/** Above all what is more exposed than elsewhere; what is less so is still a difference. */
function worseness({ most, here }: Difference): number {
  return (here.results?.exposure ?? 0) - (most.results?.exposure ?? 0);
}

function differencesIn({ group, profiles }: GroupMembers): readonly Difference[] {
  const all = profiles.reduce((sum, { hosts }) => sum + hosts.length, 0);
  const variants = new Map<string, Map<string, Variant>>();
  for (const { units, hosts } of profiles)
    for (const { unit, results } of units) {
      const known = variants.get(unit) ?? new Map<string, Variant>();
      if (known.size === 0) variants.set(unit, known);
      const variant = known.get(results.key);
      if (variant === undefined) known.set(results.key, { results, hosts: [hosts] });
      else variant.hosts.push(hosts);
    }
  const differences: Difference[] = [];
  for (const [unit, known] of variants) {
    const own = [...known.values()];
    if (own.reduce((sum, each) => sum + countOf(each), 0) < all) {
      const having = new Set(own.flatMap(each => each.hosts));
      const others = profiles.flatMap(({ hosts }) => (having.has(hosts) ? [] : [hosts]));
      own.push({ results: undefined, hosts: others });
    }
    if (own.length < 2) continue;
    const [most, ...others] = own.sort(
      (a, b) =>
        countOf(b) - countOf(a) ||
        (a.results?.exposure ?? 101) - (b.results?.exposure ?? 101) ||
        compareText(a.results?.key ?? "", b.results?.key ?? ""),
    );
    if (most !== undefined) for (const here of others) differences.push({ group, unit, most, here });
  }
  return differences;
}

function describe({ group, unit, most, here }: Difference, names: readonly string[]): FleetDrift {
  const kind = here.results === undefined ? "missing" : most.results === undefined ? "extra" : "different";
  return {
    group,
    unit,
    kind,
    hosts: here.hosts
      .flat()
      .map(host => names[host] ?? "")
      .sort(compareText),
    mostHosts: countOf(most),
    most: standOf(most.results),
    here: standOf(here.results),
    checks:
      here.results === undefined || most.results === undefined
        ? []
        : driftedChecks(most.results, here.results),
  };
}

function standOf(results: UnitResults | undefined): UnitStand | null {
  return results === undefined ? null : { status: results.status, exposure: results.exposure };
}

function driftedChecks(most: UnitResults, here: UnitResults): readonly DriftedCheck[] {
  const positions = new Map(most.checks.map((id, index) => [id, index]));
  return here.checks.flatMap((id, index): readonly DriftedCheck[] => {
    const position = positions.get(id) ?? -1;
    const [was, is] = [badnessAt(most, position), badnessAt(here, index)];
    if (was === is) return [];
    const [mostLine, line] = [most.lines.get(position), here.lines.get(index)];
    return [
      {
        id,
        most: was,
        here: is,
        ...(mostLine === undefined ? {} : { mostLine }),
        ...(line === undefined ? {} : { line }),
      },
    ];
  });
}

function badnessAt({ badness }: UnitResults, index: number): number | null {
  const value = badness[index] ?? -1;
  return value < 0 ? null : value;
}
