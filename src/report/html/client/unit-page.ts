// One unit in full: its score, what fails, each check with the line that set it, and the proposal.

import { changeDetails, changeFigures } from "./changes-view.ts";
import { type Child, counted, h, tenths } from "./dom.ts";
import { type CheckState, changesOf, checksOf, type Fleet, noticedOf, type Unit } from "./fleet.ts";
import { gateFindings } from "./gate-view.ts";
import { exposureBar, figure, lazyDetails, levelMark, section, table } from "./parts.ts";
import { proposalView } from "./proposal-view.ts";

export interface Neighbours {
  readonly before: Unit | undefined;
  readonly after: Unit | undefined;
}

/** @param heading the element's own heading gets this class and is where the focus goes. */
export function unitPage(unit: Unit, fleet: Fleet, navigation: Child): HTMLElement {
  return h(
    "article",
    { class: "unit-page", "aria-labelledby": "unit-title" },
    navigation,
    h("h1", { id: "unit-title", tabindex: -1, class: "name" }, unit.name),
    unitHead(unit, fleet),
    unitParts(unit, fleet, "unit"),
  );
}

export function unitHead(unit: Unit, fleet: Fleet): HTMLElement {
  const files = unit.raw.files.map(fleet.text);
  const gain = unit.after < unit.exposure;
  return h(
    "div",
    { class: "unit-head" },
    h(
      "p",
      { class: "score" },
      h("span", { class: "figure" }, figure(unit.exposure)),
      levelMark(unit.level),
      gain
        ? [
            h(
              "span",
              { class: "to" },
              h("span", { class: "unseen" }, " with the proposal "),
              h("span", { "aria-hidden": "true" }, "→"),
            ),
            h("span", { class: "figure" }, tenths(unit.after)),
            levelMark(fleet.text(unit.raw.proposal?.levelAfter ?? -1)),
          ]
        : undefined,
    ),
    unit.exposure < 0 ? undefined : exposureBar(unit.exposure, unit.after),
    unit.message === "" ? undefined : h("p", { class: "message" }, unit.message),
    h(
      "dl",
      { class: "facts" },
      fact("Host", unit.host),
      fact(
        "Kind",
        unit.kinds
          .split(" ")
          .map(each => KINDS[each] ?? each)
          .join(", "),
      ),
      files.length === 0
        ? undefined
        : h(
            "div",
            {},
            h("dt", {}, files.length === 1 ? "File" : "Files"),
            files.map(file => h("dd", { class: "path" }, file)),
          ),
    ),
  );
}

const KINDS: Readonly<Record<string, string>> = {
  root: "runs as root",
  network: "faces the network",
  user: "of a user's manager",
};

function fact(title: string, text: string): Child {
  return text === "" ? undefined : h("div", {}, h("dt", {}, title), h("dd", {}, text));
}

type UnitView = (unit: Unit, fleet: Fleet, id: string) => HTMLElement;

/** The sections below the head; ids start with `prefix`, so that several units can stand in one document. */
export function unitParts(
  unit: Unit,
  fleet: Fleet,
  prefix: string,
  checks: UnitView = checksView,
): readonly Child[] {
  const change = fleet.data.comparison?.changes.find(each => each.unit === unit.name);
  const findings = fleet.data.gate?.findings.filter(each => each.unit === unit.name) ?? [];
  const noticed = noticedOf(unit, fleet);
  const { proposal } = unit.raw;
  return [
    change === undefined
      ? undefined
      : section(
          `${prefix}-change`,
          "Since the last audit",
          "",
          h("p", {}, changeFigures(change)),
          changeDetails(change),
        ),
    findings.length === 0
      ? undefined
      : section(`${prefix}-gate`, "Gate", "", gateFindings("Findings of the gate", findings, undefined)),
    noticed.length === 0
      ? undefined
      : section(
          `${prefix}-noticed`,
          "Noticed",
          "",
          h(
            "ul",
            { class: "noticed" },
            noticed.map(each =>
              h(
                "li",
                { class: each.severity },
                h("span", { class: "severity" }, each.severity),
                ` ${each.message} `,
                each.place === "" ? undefined : h("span", { class: "path" }, each.place),
              ),
            ),
          ),
        ),
    proposal === undefined ? undefined : proposalView(unit, proposal, fleet, `${prefix}-proposal`),
    unit.exposure < 0 ? undefined : checks(unit, fleet, `${prefix}-checks`),
  ];
}

function checksView(unit: Unit, fleet: Fleet, id: string): HTMLElement {
  const checks = checksOf(unit, fleet);
  const after = changesOf(unit.raw.proposal, fleet.data);
  const missing = checks
    .filter(each => (each.badness ?? 0) > 0)
    .toSorted((a, b) => (b.exposure ?? 0) - (a.exposure ?? 0) || a.position - b.position);
  const good = checks.filter(each => each.badness === 0);
  const idle = checks.filter(each => each.badness === null);
  const group = (title: string, states: readonly CheckState[], isOpen: boolean): Child =>
    states.length === 0
      ? undefined
      : lazyDetails({ open: isOpen, class: "group" }, title, () => checkTable(title, states, after));
  return section(
    id,
    "Checks",
    "",
    group(`${counted(missing.length, "check")} missing`, missing, true),
    group(`${counted(good.length, "check")} in place`, good, false),
    group(
      `${counted(idle.length, "check")} that ${idle.length === 1 ? "does" : "do"} not apply`,
      idle,
      false,
    ),
  );
}

function checkTable(
  title: string,
  states: readonly CheckState[],
  after: ReadonlyMap<number, number | null>,
): HTMLElement {
  const isMissing = states.some(each => (each.badness ?? 0) > 0);
  const hasProposal = isMissing && states.some(each => after.has(each.position));
  const columns = [
    { title: "Check" },
    ...(isMissing ? [{ title: "Adds", class: "right" }] : []),
    { title: "Set by" },
    ...(isMissing ? [{ title: "What helps" }] : []),
    ...(hasProposal ? [{ title: "Proposal" }] : []),
  ];
  return table(
    title,
    columns,
    states.map(state => {
      const { check, line, impliedBy, exposure } = state;
      const by =
        line === undefined
          ? h("span", { class: "dim" }, impliedBy === "" ? "not set" : `by ${impliedBy}`)
          : h(
              "span",
              {},
              h("code", {}, line.text),
              " ",
              h("span", { class: "path" }, `${line.file}:${line.line}`),
            );
      return h(
        "tr",
        {},
        h("th", { scope: "row" }, explained(state)),
        isMissing ? h("td", { class: "right number" }, exposure === null ? "" : tenths(exposure)) : undefined,
        h("td", {}, by),
        isMissing ? h("td", {}, check.mend === "" ? "" : h("code", {}, check.mend)) : undefined,
        hasProposal ? h("td", {}, mended(state, after)) : undefined,
      );
    }),
  );
}

function mended({ position, badness }: CheckState, after: ReadonlyMap<number, number | null>): string {
  const will = after.get(position);
  if (will === undefined) return "";
  const left = will ?? 0;
  return left === 0 ? "mends it" : left < (badness ?? 0) ? "makes it better" : "";
}

/** The check's name, with what it means, what an attacker gains, what mending may break. */
function explained({ check, badness }: CheckState): HTMLElement {
  const says = badness === null ? "" : badness > 0 ? check.bad : check.good;
  const parts: readonly (readonly [string, string])[] = [
    ["Why", check.meaning],
    ["An attacker", check.attack],
    ["May break", check.breaks],
  ];
  return lazyDetails(
    { class: "explained" },
    [
      h("span", { class: "check-name" }, check.name),
      h("span", { class: "says" }, says === "" ? check.title : says),
    ],
    () =>
      h(
        "dl",
        {},
        parts
          .filter(([, text]) => text !== "")
          .map(([title, text]) => [h("dt", {}, title), h("dd", {}, text)]),
      ),
  );
}
