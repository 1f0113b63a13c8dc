// The report of many hosts as Markdown, for a ticket.
import type { FleetReport } from "../gate/fleet-report.ts";
import { elsewhere, groupChecks, hereText, someOf } from "./fleet-lines.ts";
import { percent, summaryLine } from "./fleet-text.ts";
import { markdownCode, markdownText } from "./markdown.ts";
import { tenths } from "./paint.ts";

/** A comment on a ticket holds 65,536 characters. */
const ROWS = 50;
const NAMED = 5;

export function fleetMarkdown(report: FleetReport): string {
  const { summary, hosts, units, groups, drift, checks } = report;
  const sizes = new Map(groups.map(each => [each.group, each.hosts]));
  const parts = [
    "## tightunit: the fleet",
    `${summaryLine(report)}.`,
    ...(drift.length === 0 ? [] : ["### Drift"]),
    ...(drift.length === 0
      ? []
      : [
          shortened(
            drift.map(each => {
              const where = someOf(each.hosts, NAMED, markdownCode);
              const group = markdownText(each.group);
              const there = elsewhere(each, sizes.get(each.group) ?? 0);
              const head = `- ${markdownCode(each.unit)}: ${hereText(each)} on ${where}; ${there} (${group})`;
              return [head, ...groupChecks(each.checks).slice(0, ROWS).map(checkLine)].join("\n");
            }),
          ),
        ]),
    "### Hosts",
    shortened(
      hosts.map(({ host, units: own, median, above, drifting, worst }) =>
        row([
          markdownCode(host),
          own,
          score(median),
          above,
          drifting,
          worst === null ? "-" : `${tenths(worst.exposure)} ${markdownCode(worst.unit)}`,
        ]),
      ),
      `| Host | Units | Median | Above ${tenths(summary.maxExposure)} | Drifting | Worst |\n|---|--:|--:|--:|--:|---|`,
    ),
    "### Units",
    shortened(
      units.map(({ unit, hosts: on, lowest, median, highest, outliers }) => {
        const named = outliers.flatMap(each =>
          each.hosts.map(host => `${markdownCode(host)} ${tenths(each.exposure)}`),
        );
        const outlying = someOf(named, NAMED, each => each);
        return row([markdownCode(unit), on, score(lowest), score(median), score(highest), outlying]);
      }),
      "| Unit | Hosts | Lowest | Median | Highest | Outliers |\n|---|--:|--:|--:|--:|---|",
    ),
    "### Fails most often",
    shortened(
      checks
        .filter(each => each.failing > 0)
        .slice(0, 20)
        .map(({ id, failing, applying }) => row([markdownCode(id), percent(failing, applying)])),
      "| Check | Units |\n|---|--:|",
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

function checkLine({ direction, ids, line, mostLine }: ReturnType<typeof groupChecks>[number]): string {
  const here = line === undefined ? "not set" : markdownCode(line);
  const there = mostLine === undefined ? "not set" : markdownCode(mostLine);
  return `  - ${direction}: ${someOf(ids, NAMED, markdownText)}: ${here}; elsewhere ${there}`;
}

function shortened(lines: readonly string[], head?: string): string {
  const rest = lines.length - ROWS;
  const shown = [...(head === undefined ? [] : [head]), ...lines.slice(0, ROWS)].join("\n");
  return rest > 0 ? `${shown}\n\nand ${rest} more` : shown;
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.join(" | ")} |`;
}

function score(value: number | null): string {
  return value === null ? "-" : tenths(value);
}
