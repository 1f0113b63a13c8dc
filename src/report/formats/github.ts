// GitHub's workflow commands, each an annotation of a line. A step shows ten errors, ten warnings and ten notices and
// drops the rest in silence: the worst are written, and the summary of the step has all.
import type { JudgedFinding } from "../../gate/finding.ts";
import { visible } from "../escape-terminal.ts";
import { gateMarkdown } from "../gate-markdown.ts";
import { type ReportSource, sentenceOf } from "./format.ts";
import { placeOfFinding, shownFile } from "./place.ts";
import { isOpen, worstFirst } from "./worst-first.ts";

const MOST = 10;

type Kind = "error" | "warning" | "notice";

export function github(source: ReportSource): string {
  const count = { error: 0, warning: 0, notice: 0 };
  let text = "";
  for (const finding of worstFirst(source.result, source.rules)) {
    const kind = kindOf(finding);
    if (kind === undefined || ++count[kind] > MOST) continue;
    text += command(kind, finding, source);
  }
  return text;
}

/** What belongs into the summary of the step: all of it. */
export function githubSummary({ result, speak, comparison, rules }: ReportSource): string {
  return gateMarkdown(result, speak, { comparison, rules });
}

function kindOf(finding: JudgedFinding): Kind | undefined {
  if (finding.status === "notice") return "notice";
  if (!isOpen(finding)) return undefined;
  if (finding.isFailing) return "error";
  return finding.severity === "note" ? "notice" : finding.severity;
}

function command(kind: Kind, finding: JudgedFinding, source: ReportSource): string {
  const { line, column, ...file } = placeOfFinding(finding, source);
  const properties = {
    file: shownFile(file),
    line: String(line),
    col: String(column),
    title: `${finding.unit}: ${finding.rule}`,
  };
  const written = Object.entries(properties).map(([name, value]) => `${name}=${property(value)}`);
  return `::${kind} ${written.join(",")}::${data(sentenceOf(finding, source))}\n`;
}

/** After `visible` there are no line ends left, but whoever changes that must not open the log to commands. */
function data(text: string): string {
  return visible(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
