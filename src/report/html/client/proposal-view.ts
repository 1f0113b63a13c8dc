// The proposal: the drop-in beside what is there today, and for each of its lines what speaks for it.

import type { PageProposal, PageSetting } from "../page-data.ts";
import { diffRows } from "./diff-rows.ts";
import { type Child, counted, h, onClick, tenths } from "./dom.ts";
import { checksOf, type Fleet, type Place, type Unit } from "./fleet.ts";
import { section, table } from "./parts.ts";

const CONFIDENCE: Readonly<Record<string, string>> = {
  proven: "known not to be needed",
  plausible: "hardly any service needs it",
  bet: "nothing says that it is needed",
};

const RISK = ["none", "low", "some", "high", "very high"];

export function proposalView(unit: Unit, proposal: PageProposal, fleet: Fleet, id: string): HTMLElement {
  const { text } = fleet;
  const { settings, level } = proposal;
  if (settings.length === 0) {
    return section(
      id,
      "Proposal",
      `There is nothing to add at level ${text(level)}.`,
      withheldList(proposal, fleet),
    );
  }
  const after = proposal.after.map(text);
  const said = `${counted(settings.length, "directive")} at level ${text(level)}: ${tenths(unit.exposure)} becomes ${tenths(proposal.exposureAfter)}.`;
  const isOurs = proposal.before.length > 0;
  return section(
    id,
    "Proposal",
    said,
    h(
      "div",
      { class: "diff-head" },
      h("span", { class: "path" }, text(proposal.path)),
      copyButton(() => `${after.join("\n")}\n`),
    ),
    diffTable(proposal.before.map(text), after, isOurs ? "" : "There is no such file yet."),
    h("h3", {}, "What speaks for each line"),
    table(
      "What speaks for each line",
      [
        { title: "Today" },
        { title: "With the drop-in" },
        { title: "Gains", class: "right" },
        { title: "Evidence" },
        { title: "Risk" },
      ],
      settings.map(each => settingRow(each, today(unit, fleet), fleet)),
    ),
    withheldList(proposal, fleet),
  );
}

/** The line that sets a directive now. */
function today(unit: Unit, fleet: Fleet): ReadonlyMap<string, Place> {
  const states = checksOf(unit, fleet);
  return new Map(
    states.flatMap(({ directive, line }) => (line === undefined ? [] : [[directive, line] as const])),
  );
}

function settingRow(setting: PageSetting, lines: ReadonlyMap<string, Place>, { text }: Fleet): HTMLElement {
  const line = lines.get(text(setting.directive));
  const { evidence, unknown, exceptions } = setting;
  const list = (title: string, texts: readonly string[]): Child =>
    texts.length === 0 ? undefined : [h("dt", {}, title), texts.map(each => h("dd", {}, each))];
  return h(
    "tr",
    {},
    h(
      "td",
      {},
      line === undefined
        ? h("span", { class: "dim" }, `${text(setting.directive)} is not set`)
        : [h("code", {}, line.text), " ", h("span", { class: "path" }, `${line.file}:${line.line}`)],
    ),
    h(
      "td",
      {},
      setting.lines.map(each => h("code", { class: "line" }, text(each))),
    ),
    h("td", { class: "right number" }, setting.gain > 0 ? tenths(setting.gain) : "–"),
    h(
      "td",
      {},
      h(
        "details",
        {},
        h(
          "summary",
          {},
          `${text(setting.confidence)}: ${CONFIDENCE[text(setting.confidence)] ?? ""} (${text(setting.certainty)})`,
        ),
        h(
          "dl",
          {},
          list("Not needed according to", evidence.map(text)),
          list("Nothing says that it needs", unknown.map(text)),
          list(
            "Let through",
            exceptions.map(([each, because]) => `${text(each)}: ${text(because)}`),
          ),
          list("If it broke", [text(setting.symptom)]),
        ),
      ),
    ),
    h("td", {}, RISK[setting.risk] ?? String(setting.risk)),
  );
}

function diffTable(before: readonly string[], after: readonly string[], empty: string): HTMLElement {
  const rows = diffRows(before, after).map(({ kind, left, right }) =>
    h(
      "tr",
      { class: kind },
      h("td", { class: "number" }, left === undefined ? "" : String(left.number)),
      h("td", { class: "left" }, left === undefined ? "" : left.text),
      h("td", { class: "number" }, right === undefined ? "" : String(right.number)),
      h(
        "td",
        { class: "right-side" },
        kind === "same" || right === undefined ? undefined : h("span", { class: "unseen" }, "added: "),
        right === undefined ? "" : right.text,
      ),
    ),
  );
  return h(
    "div",
    { class: "scroll diff", tabindex: 0, role: "region", "aria-label": "The drop-in, today and proposed" },
    h(
      "table",
      {},
      h("caption", { class: "unseen" }, "The drop-in, today and proposed"),
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          h("th", { scope: "col", colspan: 2 }, "Today"),
          h("th", { scope: "col", colspan: 2 }, "Proposed"),
        ),
      ),
      h(
        "tbody",
        {},
        empty === ""
          ? undefined
          : h(
              "tr",
              { class: "same" },
              h("td", { class: "number" }),
              h("td", { class: "left dim" }, empty),
              h("td", { class: "number" }),
              h("td", {}),
            ),
        rows,
      ),
    ),
  );
}

function copyButton(content: () => string): HTMLElement {
  const button = h("button", { type: "button", class: "quiet", "data-action": "copy" }, "Copy the drop-in");
  const said = h("span", { class: "unseen", role: "status" });
  onClick(button, async () => {
    const isCopied = await copied(content());
    button.textContent = isCopied ? "Copied" : "Select it by hand: this browser does not allow copying";
    said.textContent = button.textContent;
    setTimeout(() => {
      button.textContent = "Copy the drop-in";
    }, 2500);
  });
  return h("span", {}, button, said);
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function withheldList({ withheld }: PageProposal, { text }: Fleet): Child {
  if (withheld.length === 0) return undefined;
  return h(
    "details",
    { class: "group" },
    h("summary", {}, `${counted(withheld.length, "stricter value")} left out, because something is needed`),
    table(
      "Left out",
      [{ title: "Value" }, { title: "Needed" }],
      withheld.map(([directive, value, because]) =>
        h(
          "tr",
          {},
          h("td", {}, h("code", {}, `${text(directive)}=${text(value)}`)),
          h("td", {}, text(because)),
        ),
      ),
    ),
  );
}
