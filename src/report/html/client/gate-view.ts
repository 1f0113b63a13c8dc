// The gate's verdict: what fails, what is waived and until when, what is to be tidied up.

import type { PageGateFinding } from "../page-data.ts";
import { type Child, counted, h } from "./dom.ts";
import type { Fleet, Unit } from "./fleet.ts";
import { growing, section, unitLink } from "./parts.ts";

export function gateView(fleet: Fleet): HTMLElement | undefined {
  const { gate } = fleet.data;
  if (gate === undefined) return undefined;
  const byName = new Map(fleet.units.map(unit => [unit.name, unit]));
  // The most exposed first, and before them what has no score: nobody reads all of a thousand.
  const badness = ({ unit }: PageGateFinding): number => {
    const exposure = byName.get(unit)?.exposure ?? -1;
    return exposure < 0 ? Number.POSITIVE_INFINITY : exposure;
  };
  const failing = gate.findings
    .filter(each => each.isFailing)
    .toSorted((a, b) => (badness(a) === badness(b) ? 0 : badness(b) - badness(a)));
  const waived = gate.findings.filter(each => each.status === "waived");
  const notices = gate.findings.filter(each => each.status === "notice");
  const note =
    gate.verdict === "passed"
      ? `Passed: nothing of ${gate.failOn} severity or above is new in ${counted(gate.units, "unit")}.`
      : `Failed: ${counted(gate.failing, "finding")} in ${gate.unitsFailed} of ${counted(gate.units, "unit")}.`;
  const known = gate.known === 0 ? "" : ` ${counted(gate.known, "finding")} known from the baseline.`;
  return section(
    "gate",
    "Gate",
    note + known,
    failing.length === 0
      ? undefined
      : [h("h3", {}, "Failing"), gateFindings("Findings that fail", failing, byName)],
    waived.length === 0
      ? undefined
      : [h("h3", {}, "Waived"), gateFindings("Waived findings", waived, byName)],
    notices.length === 0
      ? undefined
      : [h("h3", {}, "To tidy up"), gateFindings("Findings about the gate's own files", notices, byName)],
  );
}

/** @param byName absent where all are of one unit. */
export function gateFindings(
  caption: string,
  findings: readonly PageGateFinding[],
  byName: ReadonlyMap<string, Unit> | undefined,
): HTMLElement {
  const hasWaivers = findings.some(each => each.until !== undefined);
  const columns = [
    ...(byName === undefined ? [] : [{ title: "Unit" }]),
    { title: "Finding" },
    { title: "Rule" },
    { title: "Status" },
    ...(hasWaivers ? [{ title: "Waived because" }, { title: "Until" }] : []),
  ];
  return growing(
    caption,
    columns,
    findings,
    each => {
      const unit = byName?.get(each.unit);
      const who: Child = unit === undefined ? each.unit : unitLink(unit);
      return h(
        "tr",
        {},
        byName === undefined ? undefined : h("td", { class: "name" }, who),
        h("td", {}, each.text, h("span", { class: "path below" }, each.place)),
        h("td", {}, h("code", {}, each.rule)),
        h("td", {}, each.isFailing ? h("b", {}, `${each.severity}, ${each.status}`) : each.status),
        hasWaivers
          ? [h("td", {}, each.reason ?? ""), h("td", { class: "number" }, each.until ?? "")]
          : undefined,
      );
    },
    "findings",
  );
}
