// The proposal: the drop-in beside what is there today, and for each of its lines what speaks for it.

import type { PageProposal, PageSetting } from "../page-data.ts";
import { diffTable, type SideRow, sideRows } from "./diff-table.ts";
import { type Child, counted, h, onClick, tenths } from "./dom.ts";
import type { Fleet, Unit } from "./fleet.ts";
import { lazyDetails, section, table } from "./parts.ts";

const CONFIDENCE: Readonly<Record<string, string>> = {
  proven: "known not to be needed",
  plausible: "hardly any service needs it",
  bet: "nothing says that it is needed",
};

const RISK = ["none", "low", "some", "high", "very high"];

export function proposalView(unit: Unit, proposal: PageProposal, fleet: Fleet, id: string): HTMLElement {
  const { text, data } = fleet;
  const { level } = proposal;
  const settings = proposal.settings.flatMap(each => {
    const setting = data.settings[each];
    return setting === undefined ? [] : [setting];
  });
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
    diffTable(diffOf(proposal, fleet)),
    h("h3", {}, "What speaks for each line"),
    table(
      "What speaks for each line",
      [{ title: "Line" }, { title: "Gains", class: "right" }, { title: "Why" }, { title: "Risk" }],
      settings.map(each => settingRow(each, fleet)),
      "evidence",
    ),
    withheldList(proposal, fleet),
  );
}

/** A drop-in that is new is set beside the lines that hold today; one that is there beside itself. */
function diffOf(proposal: PageProposal, { text }: Fleet): readonly SideRow[] {
  const after = proposal.after.map(text);
  if (proposal.before.length > 0) return sideRows(proposal.before.map(text), after);
  const today = new Map(
    proposal.today.map(([directive, file, line, said]) => [
      text(directive),
      { text: text(said), place: `${text(file)}:${line}` },
    ]),
  );
  const shown = new Set<string>();
  return after.map((line, index): SideRow => {
    const right = { number: index + 1, text: line };
    const directive = /^([A-Za-z][A-Za-z0-9]*)=/.exec(line)?.[1];
    if (directive === undefined) return { kind: "added", right };
    if (shown.has(directive)) return { kind: "added", right };
    shown.add(directive);
    const now = today.get(directive);
    return now === undefined
      ? { kind: "added", left: { text: `${directive} is not set`, isDim: true }, right }
      : { kind: "changed", left: now, right };
  });
}

function settingRow(setting: PageSetting, { text }: Fleet): HTMLElement {
  const [, lines, gain, risk, confidence, certainty, evidence, unknown, exceptions, symptom] = setting;
  const list = (title: string, texts: readonly string[]): Child =>
    texts.length === 0 ? undefined : [h("dt", {}, title), texts.map(each => h("dd", {}, each))];
  const why = `${text(confidence)}: ${CONFIDENCE[text(confidence)] ?? ""}, ${text(certainty)}`;
  return h(
    "tr",
    {},
    h(
      "td",
      {},
      lines.map(each => h("code", { class: "line" }, text(each))),
    ),
    h("td", { class: "right number" }, gain > 0 ? tenths(gain) : "–"),
    h(
      "td",
      {},
      lazyDetails({}, why, () =>
        h(
          "dl",
          {},
          list("Not needed according to", evidence.map(text)),
          list("Nothing says that it needs", unknown.map(text)),
          list(
            "Let through",
            exceptions.map(([each, because]) => `${text(each)}: ${text(because)}`),
          ),
          list("If it broke", [text(symptom)]),
        ),
      ),
    ),
    h("td", {}, RISK[risk] ?? String(risk)),
  );
}

function copyButton(content: () => string): HTMLElement {
  const label = "Copy the drop-in";
  const button = h("button", { type: "button", class: "quiet", "data-action": "copy" }, label);
  const said = h("span", { class: "unseen", role: "status" });
  onClick(button, async () => {
    const isCopied = await copied(content());
    button.textContent = isCopied ? "Copied" : "This browser does not allow copying";
    said.textContent = button.textContent;
    setTimeout(() => {
      button.textContent = label;
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
  const title = `${counted(withheld.length, "stricter value")} left out, because something is needed`;
  return lazyDetails({ class: "group" }, title, () =>
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
