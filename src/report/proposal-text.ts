// A proposal as comment lines that stand before its diff: patch(1) and git-apply(1) pass over them.
import type { Proposal, ProposedSetting, Reason, Withheld } from "../harden/proposal.ts";
import type { Need } from "../needs/need.ts";
import { clip, wrap } from "./columns.ts";
import { visible } from "./escape-terminal.ts";
import { type Paint, tenths } from "./paint.ts";

export interface ProposalTextOptions {
  readonly columns: number;
  readonly paint: Paint;
}

/** Needs and denials named for one directive; the JSON has them all. */
const NAMED = 4;

/** What the lines are for, what speaks for each, what was left out and why. */
export function proposalText(proposal: Proposal, options: ProposalTextOptions): string {
  const { before, after, settings, withheld, level } = proposal;
  const count = settings.length === 1 ? "1 directive" : `${settings.length} directives`;
  const figures = `${tenths(before.exposure)} ${before.level} → ${tenths(after.exposure)} ${after.level}`;
  const lines = [
    settings.length === 0
      ? `${visible(proposal.unit)}: ${tenths(before.exposure)} ${before.level}, nothing to add at level ${level}`
      : `${visible(proposal.unit)}: ${figures} with ${count} at level ${level}`,
    ...(proposal.reachesTarget === false ? ["the target is out of reach at this level"] : []),
    ...settings.flatMap(setting => ["", ...settingLines(setting, options)]),
    ...withheldLines(withheld, options),
  ];
  return lines
    .map(line => `# ${line}`.trimEnd())
    .map(line => `${options.paint("dim", line)}\n`)
    .join("");
}

function settingLines(setting: ProposedSetting, options: ProposalTextOptions): readonly string[] {
  const gain = setting.gain > 0 ? `gains ${tenths(setting.gain)}` : "gains nothing in the score";
  const head = `${setting.lines.join("  ")}`;
  const width = Math.min(options.columns, 110) - 6;
  const said = [
    `${setting.confidence}, ${setting.certainty}, risk ${setting.risk} of 4, ${gain}`,
    ...reasonsOf(setting.reasons),
    ...setting.exceptions.slice(0, NAMED).map(each => `${each.line} because ${needOf(each.need)}`),
    ...(setting.exceptions.length > NAMED
      ? [`and ${setting.exceptions.length - NAMED} more exceptions`]
      : []),
    `if it broke: ${setting.symptom}`,
  ];
  return [clip(visible(head), 2000), ...said.flatMap(text => indented(text, width))];
}

/** First what is known not to be needed, then what is only not known to be. */
function reasonsOf(reasons: readonly Reason[]): readonly string[] {
  const absent = reasons.flatMap(({ because }) => (because.kind === "absent" ? because.coverage : []));
  // Hundreds of calls rest on the same few pieces of evidence.
  const evidence = new Set(absent.map(claim => claim.evidence));
  const known = [...new Set([...evidence].map(sourceOf))];
  const unknown = reasons.flatMap(({ denied, because }) =>
    because.kind === "unknown" ? [`${denied} (${because.prior})`] : [],
  );
  return [
    ...(known.length === 0 ? [] : [`not needed according to ${listed(known, text => text)}`]),
    ...(unknown.length === 0 ? [] : [`nothing says that it needs ${listed(unknown, text => text)}`]),
  ];
}

function withheldLines(withheld: readonly Withheld[], options: ProposalTextOptions): readonly string[] {
  const byNeed = withheld.filter(each => each.because.kind === "needed");
  if (byNeed.length === 0) return [];
  const width = Math.min(options.columns, 110) - 6;
  return [
    "",
    "left out, because it is needed:",
    ...byNeed.flatMap(({ directive, value, because }) =>
      because.kind === "needed"
        ? indented(`${directive}=${value}: ${listed(because.needs, needOf)}`, width)
        : [],
    ),
  ];
}

/** `write:/srv/x (declared, /etc/systemd/system/x.service:4: …)`. */
export function needOf(need: Need): string {
  const subject = need.subject === undefined ? "" : `:${need.subject}`;
  return `${visible(need.kind + subject)} (${need.certainty}, ${sourceOf(need.evidence)})`;
}

/** Where a person can check it. */
export function sourceOf(evidence: Need["evidence"]): string {
  const line = evidence.line === undefined ? "" : `:${evidence.line}`;
  const file = evidence.file === undefined ? "" : `${visible(evidence.file)}${line}: `;
  return `${file}${visible(evidence.detail)}`;
}

function listed<T>(items: readonly T[], say: (item: T) => string): string {
  const shown = items.slice(0, NAMED).map(say).join("; ");
  return items.length > NAMED ? `${shown}; and ${items.length - NAMED} more` : shown;
}

function indented(text: string, width: number): readonly string[] {
  return wrap(text, width).map((line, index) => (index === 0 ? `  ${line}` : `    ${line}`));
}
