// The report of many hosts as a page. A unit that stands the same on many hosts is there once, with how many they are.
import type { FleetReport, FleetVariant } from "../gate/fleet-report.ts";
import type { Check } from "../rules/pack.ts";
import type { CheckText } from "./check-text.ts";
import { checkTexts } from "./check-texts.ts";
import { someOf } from "./fleet-lines.ts";
import { counted } from "./gate-result-text.ts";
import { htmlReport } from "./html/html-report.ts";
import type { ReportCheck, ReportUnit } from "./report-data.ts";

/** What a browser holds with ease; the most exposed are shown. */
const SHOWN = 5000;
const NAMED = 2;

/** @param checks of the pack that the hosts were scored by; a check that it does not know goes by its id. */
export function fleetHtml(
  report: FleetReport,
  variants: readonly FleetVariant[],
  checks: readonly Check[],
  tool: string,
): string {
  const { summary } = report;
  const shown = variants.slice(0, SHOWN);
  const known = checkTexts(checks);
  const facts = new Map(checks.map(check => [check.id, check]));
  const ids = new Set(shown.flatMap(({ digest }) => digest.results.checks));
  const ordered = [...known.keys()].filter(id => ids.has(id));
  const unknown = [...ids].filter(id => !known.has(id)).sort();
  const rest = variants.length - shown.length;
  const more = rest > 0 ? `, without ${rest} less exposed` : "";
  return htmlReport({
    schemaVersion: 1,
    head: { tool, systemd: "", profile: "", arch: "", scope: "system" },
    subject: `${counted(summary.hosts, "host")} with ${counted(summary.unitsOnHosts, "unit")}${more}`,
    checks: [...ordered.flatMap(id => known.get(id) ?? []), ...unknown.map(bareText)],
    units: shown.map(variant => reportUnit(variant, facts)),
    fleet: report,
  });
}

function reportUnit({ digest, hosts }: FleetVariant, facts: ReadonlyMap<string, Check>): ReportUnit {
  const { status, exposure, level, checks, badness, adds, lines } = digest.results;
  return {
    name: digest.unit,
    host: someOf(hosts, NAMED, host => host),
    path: null,
    files: [],
    status,
    exposure,
    level,
    kinds: [],
    checks: checks.map((id, index): ReportCheck => {
      const value = badness[index] ?? -1;
      const added = adds[index] ?? -1;
      const check = facts.get(id);
      const line = lineOf(lines.get(index));
      return {
        id,
        directive: check?.directive ?? id,
        badness: value < 0 ? null : value,
        range: check?.range ?? 1,
        weight: check?.weight ?? 0,
        exposure: added < 0 ? null : added,
        ...(line === undefined ? {} : { line }),
      };
    }),
    findings: [],
  };
}

/** `FILE:LINE`, as the digests keep it. */
function lineOf(text: string | undefined): ReportCheck["line"] {
  const [, file = "", line = ""] = /^(.*):(\d+)$/s.exec(text ?? "") ?? [];
  return file === "" ? undefined : { file, line: Number(line) };
}

function bareText(id: string): CheckText {
  return { id, name: id, title: id, texts: {}, meaning: "", attack: "", breaks: "" };
}
