// The verdict as Markdown, for tickets and pull requests: what fails, the worst on top; each unit before and after; folded
// away below, what only warns, what is accepted, what there is to tidy up, and what the rules mean.
import type { Comparison } from "../gate/compare.ts";
import type { GateResult, GateUnit, JudgedFinding } from "../gate/finding.ts";
import { compareBlocks } from "./compare-markdown.ts";
import { isOpen, worstFirst } from "./formats/worst-first.ts";
import { counted, findingSentence } from "./gate-result-text.ts";
import { fitting, folded, limitedList, markdownCode, markdownText } from "./markdown.ts";
import type { Speak } from "./messages.ts";
import { tenths } from "./paint.ts";
import type { RuleTexts } from "./rule-texts.ts";

/** A comment on a pull request holds 65,536 characters. */
const ROOM = 60_000;

export interface GateMarkdownOptions {
  readonly rules: RuleTexts;
  /** With the revision that was named; absent where none was. */
  readonly comparison?: Comparison | undefined;
}

export function gateMarkdown(result: GateResult, speak: Speak, options: GateMarkdownOptions): string {
  const { rules, comparison } = options;
  const ordered = worstFirst(result, rules);
  const failing = ordered.filter(each => each.isFailing);
  const warning = ordered.filter(each => isOpen(each) && !each.isFailing);
  const waived = ordered.filter(each => each.status === "waived");
  const notices = ordered.filter(each => each.status === "notice");
  const list = (findings: readonly JudgedFinding[]): string =>
    limitedList(findings.map(each => line(each, speak)));
  return fitting(
    [
      `## tightunit gate: ${result.verdict}`,
      sumOf(result),
      ...(failing.length === 0 ? [] : [list(failing)]),
      ...(comparison === undefined ? unitTable(result) : ["### Scores", ...compareBlocks(comparison)]),
      ...(warning.length === 0 ? [] : [folded(counted(warning.length, "remark"), list(warning))]),
      ...(waived.length === 0 ? [] : [folded(`${waived.length} waived`, list(waived))]),
      ...(notices.length === 0 ? [] : [folded(`${notices.length} to tidy up`, list(notices))]),
      ...meanings([...failing, ...warning], rules),
    ],
    ROOM,
  );
}

function sumOf({ verdict, summary }: GateResult): string {
  const { units, unitsFailed, failing, byStatus } = summary;
  const accepted = [
    ...(byStatus.waived > 0 ? [`${byStatus.waived} waived`] : []),
    ...(byStatus.baseline > 0 ? [`${byStatus.baseline} in the baseline`] : []),
  ];
  const beside = accepted.length === 0 ? "" : `; ${accepted.join(", ")}`;
  if (verdict === "passed") return `${counted(units, "unit")} checked${beside}.`;
  const where = unitsFailed === 0 ? "" : ` in ${unitsFailed} of ${counted(units, "unit")}`;
  return `${counted(failing, "finding")}${where}${beside}.`;
}

function line(finding: JudgedFinding, speak: Speak): string {
  const { position, unit, rule, waiver, accepted, message } = finding;
  const place = position === undefined ? unit : `${position.file}:${position.line}`;
  const isNamed = position === undefined || position.file.endsWith(unit) || message.args.unit === unit;
  const named = isNamed ? "" : `${markdownText(unit)}: `;
  const known = accepted === undefined ? "" : " It was better in the baseline.";
  const until = waiver === undefined ? "" : ` (until ${waiver.until}: ${markdownText(waiver.reason)})`;
  const text = `${named}${markdownText(findingSentence(finding, speak))}${known}`;
  return `- ${markdownCode(place)} ${text} ${markdownCode(rule)}${until}`;
}

/** The units that fail and what they are allowed, the most exposed first; nothing where none fails. */
function unitTable({ units, findings }: GateResult): readonly string[] {
  const failed = units
    .filter(unit => !unit.hasPassed)
    .toSorted((a, b) => (b.exposure ?? 101) - (a.exposure ?? 101));
  if (failed.length === 0) return [];
  const rows = failed.map(unit => {
    const count = findings.filter(each => each.isFailing && each.unit === unit.name).length;
    return `| ${markdownCode(unit.name)} | ${figure(unit)} | ${bar(unit)} | ${count} |`;
  });
  const head = "| Unit | Exposure | Allowed | Findings |\n|---|--:|--:|--:|";
  return ["### Units", `${head}\n${limitedList(rows, rest => `| and ${rest} more | | | |`)}`];
}

function figure({ exposure, level, status }: GateUnit): string {
  return exposure === null ? status : `${tenths(exposure)} ${level ?? ""}`.trim();
}

function bar({ maxExposure }: GateUnit): string {
  return maxExposure === null ? "" : tenths(maxExposure);
}

/** Whoever meets a rule for the first time need not look it up. */
function meanings(findings: readonly JudgedFinding[], rules: RuleTexts): readonly string[] {
  const ids = [...new Set(findings.map(each => each.rule))];
  if (ids.length === 0) return [];
  const lines = ids.map(id => {
    const { title, explanation, help, docs } = rules(id);
    const mend = help === undefined ? "" : ` ${markdownText(help)}`;
    const more = docs === undefined ? "" : ` <${docs}>`;
    return `- ${markdownCode(id)} ${markdownText(title)}. ${markdownText(explanation)}${mend}${more}`;
  });
  return [folded("What these rules mean", limitedList(lines))];
}
