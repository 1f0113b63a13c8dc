// The report of many hosts for a person at a terminal: the worst of each table, and how many more there are.
import type { FleetDrift, FleetHost, FleetReport, FleetUnit } from "../gate/fleet-report.ts";
import { clip, padEnd, padStart, shorten } from "./columns.ts";
import { visible } from "./escape-terminal.ts";
import { elsewhere, groupChecks, hereText, someOf } from "./fleet-lines.ts";
import { counted } from "./gate-result-text.ts";
import { type Paint, tenths } from "./paint.ts";

const ROWS = 20;
const CHECKS = 10;
const NAMED = 3;

export interface FleetTextOptions {
  readonly columns: number;
  readonly paint: Paint;
}

export function fleetText(report: FleetReport, { columns, paint }: FleetTextOptions): string {
  const { summary, hosts, units, groups, drift, checks } = report;
  const sizes = new Map(groups.map(each => [each.group, each.hosts]));
  const table = (head: string, lines: readonly string[], all: number): readonly string[] => [
    paint("bold", clip(head, columns)),
    ...lines,
    ...(all > lines.length ? [`… and ${all - lines.length} more`] : []),
    "",
  ];
  const bar = `>${tenths(summary.maxExposure)}`;
  const widthOf = (names: readonly string[]): number =>
    Math.min(columns - 44, Math.max(20, ...names.map(each => visible(each).length)));
  const hostWidth = widthOf(hosts.slice(0, ROWS).map(each => each.host));
  const unitWidth = widthOf(units.slice(0, ROWS).map(each => each.unit));
  const parts = [
    ...table(
      `${padEnd("HOST", hostWidth)}  UNITS  MEDIAN  ${padStart(bar, 5)}  DRIFT  WORST`,
      hosts.slice(0, ROWS).map(each => hostLine(each, hostWidth, columns)),
      hosts.length,
    ),
    ...table(
      `${padEnd("UNIT", unitWidth)}  HOSTS  MEDIAN  RANGE      OUTLIERS`,
      units.slice(0, ROWS).map(each => unitLine(each, unitWidth, columns)),
      units.length,
    ),
    ...(drift.length === 0 ? [] : [paint("bold", "DRIFT")]),
    ...drift.slice(0, ROWS).flatMap(each => driftLines(each, sizes.get(each.group) ?? 0, paint)),
    ...(drift.length > ROWS ? [`… and ${drift.length - ROWS} more`] : []),
    ...(drift.length === 0 ? [] : [""]),
    paint("bold", "FAILS MOST OFTEN"),
    ...checks
      .filter(each => each.failing > 0)
      .slice(0, CHECKS)
      .map(({ id, failing, applying }) =>
        clip(`${padStart(percent(failing, applying), 4)}  ${visible(id)}`, columns),
      ),
    "",
    summaryLine(report),
  ];
  return `${parts.join("\n")}\n`;
}

export function summaryLine({ summary, groups }: FleetReport): string {
  const { hosts, units, unitsOnHosts, median, above, maxExposure, hostsDrifting } = summary;
  const middle = median === null ? "" : `, median exposure ${tenths(median)}`;
  const drifting =
    groups.length === 0
      ? "no hosts that should be alike"
      : `${counted(hostsDrifting, "host")} drifting in ${counted(groups.length, "group")}`;
  return [
    `${counted(hosts, "host")} with ${counted(units, "unit")}${middle}`,
    `${above} of ${unitsOnHosts} above ${tenths(maxExposure)}`,
    drifting,
  ].join("; ");
}

export function percent(part: number, whole: number): string {
  return whole === 0 ? "-" : `${Math.round((part / whole) * 100)}%`;
}

function score(value: number | null): string {
  return value === null ? "-" : tenths(value);
}

function hostLine(
  { host, units, median, above, drifting, worst }: FleetHost,
  width: number,
  columns: number,
) {
  const cells = [
    padEnd(shorten(visible(host), width), width),
    padStart(String(units), 5),
    padStart(score(median), 6),
    padStart(String(above), 5),
    padStart(String(drifting), 5),
    worst === null ? "-" : `${tenths(worst.exposure)} ${visible(worst.unit)}`,
  ];
  return clip(cells.join("  "), columns);
}

function unitLine(unit: FleetUnit, width: number, columns: number): string {
  const { hosts, median, lowest, highest, outliers } = unit;
  const range = lowest === highest ? score(lowest) : `${score(lowest)}–${score(highest)}`;
  const named = outliers.flatMap(each => each.hosts.map(host => `${visible(host)} ${tenths(each.exposure)}`));
  const cells = [
    padEnd(shorten(visible(unit.unit), width), width),
    padStart(String(hosts), 5),
    padStart(score(median), 6),
    padEnd(range, 9),
    someOf(named, NAMED, each => each),
  ];
  return clip(cells.join("  "), columns).trimEnd();
}

function driftLines(drift: FleetDrift, size: number, paint: Paint): readonly string[] {
  const groups = groupChecks(drift.checks);
  return [
    `${visible(drift.unit)}: ${hereText(drift)} on ${someOf(drift.hosts, NAMED, visible)}`,
    `  ${elsewhere(drift, size)} ${paint("dim", `(${visible(drift.group)})`)}`,
    ...groups.slice(0, ROWS).map(({ direction, ids, line, mostLine }) => {
      const sign = direction === "worse" ? paint("bad", "+") : paint("good", "-");
      const here = line === undefined ? "not set" : visible(line);
      const there = mostLine === undefined ? "not set" : visible(mostLine);
      return `  ${sign} ${someOf(ids, NAMED, visible)}: ${here}; elsewhere ${there}`;
    }),
    ...(groups.length > ROWS ? [`  and ${groups.length - ROWS} more`] : []),
  ];
}
