// What a page says of many hosts: by host, by unit, what drifts.
import type { FleetDrift, FleetReport, FleetUnit, UnitStand } from "../../gate/fleet-report.ts";
import { levelOf } from "../../score/level.ts";
import { visible } from "../escape-terminal.ts";
import { tenths } from "../paint.ts";
import type { PageDrift, PageFleet, PageFleetUnit } from "./page-data.ts";

/** Hosts and lines named for one difference; the machine formats have them all. */
const NAMED = 20;

export function encodeFleet({ summary, hosts, units, groups, drift }: FleetReport): PageFleet {
  return {
    summary,
    hosts: hosts.map(({ host, worst, median, ...rest }) => ({
      name: visible(host),
      worst: worst === null ? "" : visible(worst.unit),
      highest: worst?.exposure ?? -1,
      median: median ?? -1,
      ...rest,
    })),
    units: units.map(unitOf),
    groups: groups.map(({ group, ...rest }) => ({ name: visible(group), ...rest })),
    drift: drift.map(driftOf),
  };
}

function unitOf({ unit, lowest, median, highest, outliers, ...rest }: FleetUnit): PageFleetUnit {
  return {
    name: visible(unit),
    lowest: lowest ?? -1,
    median: median ?? -1,
    highest: highest ?? -1,
    outliers: outliers.map(each => `${tenths(each.exposure)} on ${named(each.hosts)}`),
    ...rest,
  };
}

function driftOf({ group, unit, kind, hosts, mostHosts, most, here, checks }: FleetDrift): PageDrift {
  return {
    group: visible(group),
    unit: visible(unit),
    kind,
    hosts: shortened(hosts),
    mostHosts,
    most: standOf(most),
    here: standOf(here),
    checks: checks.slice(0, NAMED).map(each => ({
      id: visible(each.id),
      most: `${worded(each.most)}${placed(each.mostLine)}`,
      here: `${worded(each.here)}${placed(each.line)}`,
    })),
  };
}

function standOf(stand: UnitStand | null): string {
  if (stand === null) return "absent";
  return stand.exposure === null ? stand.status : `${tenths(stand.exposure)} ${levelOf(stand.exposure)}`;
}

function worded(badness: number | null): string {
  return badness === null ? "does not apply" : badness === 0 ? "in place" : "missing";
}

function placed(line: string | undefined): string {
  return line === undefined ? "" : ` (${visible(line)})`;
}

function shortened(names: readonly string[]): readonly string[] {
  const rest = names.length - NAMED;
  const shown = names.slice(0, NAMED).map(visible);
  return rest > 0 ? [...shown, `and ${rest} more`] : shown;
}

function named(names: readonly string[]): string {
  return shortened(names).join(", ");
}
