// Which hosts should be alike: those that a pattern names, or else those with exactly the same units.
import { matchesPattern } from "../host/glob.ts";
import type { FleetProfile } from "./fleet-profile.ts";

export interface GroupPattern {
  readonly label: string;
  readonly pattern: string;
}

/** What is known of a group's hosts: their profiles, each with those of its hosts that belong to the group. */
export interface GroupMembers {
  readonly group: string;
  readonly kind: "pattern" | "same-units";
  readonly profiles: readonly FleetProfile[];
}

/** "web*", or "web servers=web*" with a name for the group. */
export function parseGroup(text: string): GroupPattern {
  const equals = text.indexOf("=");
  return equals > 0
    ? { label: text.slice(0, equals), pattern: text.slice(equals + 1) }
    : { label: text, pattern: text };
}

/** In the order of the patterns; without any, the largest group first, and groups of a single host left out. */
export function groupHosts(
  patterns: readonly GroupPattern[],
  profiles: readonly FleetProfile[],
  hosts: readonly string[],
): readonly GroupMembers[] {
  if (patterns.length === 0) return alike(profiles, hosts);
  return patterns.map(({ label, pattern }) => {
    const members = hosts.map(host => matchesPattern(pattern, host));
    return {
      group: label,
      kind: "pattern" as const,
      profiles: profiles.flatMap(profile => {
        const own = profile.hosts.filter(host => members[host] === true);
        return own.length === 0 ? [] : [{ ...profile, hosts: own }];
      }),
    };
  });
}

function alike(profiles: readonly FleetProfile[], hosts: readonly string[]): readonly GroupMembers[] {
  const groups = new Map<string, FleetProfile[]>();
  for (const profile of profiles) {
    const known = groups.get(profile.unitsKey);
    if (known === undefined) groups.set(profile.unitsKey, [profile]);
    else known.push(profile);
  }
  const size = (some: readonly FleetProfile[]): number =>
    some.reduce((sum, { hosts }) => sum + hosts.length, 0);
  return [...groups.values()]
    .filter(some => size(some) > 1)
    .map(some => ({
      group: `hosts with the units of ${firstOf(some, hosts)}`,
      kind: "same-units" as const,
      profiles: some,
    }))
    .sort((a, b) => size(b.profiles) - size(a.profiles) || (a.group < b.group ? -1 : 1));
}

/** The first name in order, so that a group is called the same in whatever order its files come. */
function firstOf(some: readonly FleetProfile[], hosts: readonly string[]): string {
  let first: string | undefined;
  for (const profile of some)
    for (const each of profile.hosts) {
      const name = hosts[each] ?? "";
      if (first === undefined || name < first) first = name;
    }
  return first ?? "";
}
