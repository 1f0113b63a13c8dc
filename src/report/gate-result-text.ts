// The verdict for a person: a line for each finding that fails, what is waived, what the gate's own files need, a sum.
import type { GateResult, JudgedFinding, Severity } from "../gate/finding.ts";
import { visible } from "./escape-terminal.ts";
import type { Speak } from "./messages.ts";
import type { Paint, Tone } from "./paint.ts";

/** More than these are counted, not listed; the machine formats have them all. */
const SHOWN = 50;

const TONES: Readonly<Record<string, Tone>> = {
  error: "bad",
  warning: "warn",
  waived: "dim",
  notice: "dim",
};

const RANK: Readonly<Record<Severity, number>> = { error: 2, warning: 1, note: 0 };

export interface GateTextOptions {
  readonly paint: Paint;
  readonly speak: Speak;
}

/** One line for each finding, `PLACE  severity  sentence  [rule]`, and the verdict as the last line. */
export function gateResultText(result: GateResult, options: GateTextOptions): string {
  const failing = result.findings.filter(each => each.isFailing);
  const passing = result.findings.filter(
    each => !each.isFailing && (each.status === "new" || each.status === "worse") && each.severity !== "note",
  );
  const waived = result.findings.filter(each => each.status === "waived");
  const notices = result.findings.filter(each => each.status === "notice");
  const exposures = new Map(result.units.map(unit => [unit.name, unit.exposure ?? -1]));
  const lines = [failing, passing, waived, notices].flatMap(each =>
    listed(worstOf(each, exposures), each, options),
  );
  return `${[...lines, verdictLine(result, options.paint)].join("\n")}\n`;
}

function listed(
  shown: readonly JudgedFinding[],
  all: readonly JudgedFinding[],
  options: GateTextOptions,
): readonly string[] {
  const lines = shown.map(each => findingLine(each, options));
  const rest = all.length - lines.length;
  return rest > 0 ? [...lines, `and ${rest} more, none of them worse`] : lines;
}

/** As many as are shown, in their order: where not all are, errors before the rest, and the most exposed units' first. */
function worstOf(
  findings: readonly JudgedFinding[],
  exposures: ReadonlyMap<string, number>,
): readonly JudgedFinding[] {
  if (findings.length <= SHOWN) return findings;
  const key = ({ severity, unit }: JudgedFinding): number =>
    1000 * RANK[severity] + (exposures.get(unit) ?? -1);
  const worst = new Set(findings.toSorted((a, b) => key(b) - key(a)).slice(0, SHOWN));
  return findings.filter(each => worst.has(each));
}

/** A finding on one line, as compilers print theirs. */
export function findingLine(finding: JudgedFinding, { paint, speak }: GateTextOptions): string {
  const { position, unit, severity, status } = finding;
  const place = position === undefined ? unit : `${position.file}:${position.line}`;
  const word = status === "waived" ? "waived" : status === "notice" ? "notice" : severity;
  const tone = TONES[word];
  const named =
    position === undefined || position.file.endsWith(unit) || finding.message.args.unit === unit
      ? ""
      : `${visible(unit)}: `;
  const head = `${visible(place)}: ${tone === undefined ? word : paint(tone, word)}: ${named}`;
  const known = finding.accepted === undefined ? "" : " It was better in the baseline.";
  const until =
    finding.waiver === undefined
      ? ""
      : ` Waived until ${finding.waiver.until}: ${visible(finding.waiver.reason)}`;
  return noCommand(`${head}${findingSentence(finding, speak)}${known}${until} [${visible(finding.rule)}]`);
}

/** Logs of CI take `::` at the start of a line, and `##[` anywhere, for commands; a unit must not give any. */
function noCommand(line: string): string {
  return line.replace(/^::/, "./::").replaceAll("##[", "# #[");
}

/** What is wrong, in a sentence. */
export function findingSentence({ message, severity }: JudgedFinding, speak: Speak): string {
  return speak({ code: message.code, severity, args: message.args });
}

function verdictLine({ verdict, summary, units }: GateResult, paint: Paint): string {
  const { failing, unitsFailed, byStatus } = summary;
  const accepted = [
    ...(byStatus.waived > 0 ? [`${byStatus.waived} waived`] : []),
    ...(byStatus.baseline > 0 ? [`${byStatus.baseline} in the baseline`] : []),
  ];
  const beside = accepted.length === 0 ? "" : ` (${accepted.join(", ")})`;
  if (verdict === "passed") {
    const bars = new Set(units.map(each => each.maxExposure));
    const [bar] = bars;
    const above = bars.size === 1 && typeof bar === "number" ? `, none above ${(bar / 10).toFixed(1)}` : "";
    const isAll = byStatus.waived + byStatus.baseline === 0;
    return paint("good", `passed: ${counted(summary.units, "unit")}${isAll ? above : ""}${beside}`);
  }
  const where = unitsFailed === 0 ? "" : ` in ${unitsFailed} of ${counted(summary.units, "unit")}`;
  return paint("bad", `failed: ${counted(failing, "finding")}${where}${beside}`);
}

/** "1 unit", "2 units". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
