// JUnit XML as Jenkins and GitLab read it: a suite for each unit, a case for each finding, one case for a unit without any.
import { baseSubject, type JudgedFinding } from "../../gate/finding.ts";
import { type ReportSource, sentenceOf } from "./format.ts";
import { placeOfFinding, shownFile } from "./place.ts";
import { isOpen } from "./worst-first.ts";
import { type XmlContent, xmlDeclaration, xmlElement, xmlText } from "./xml.ts";

interface Suite {
  readonly name: string;
  readonly cases: readonly JudgedFinding[];
}

interface Counts {
  readonly tests: number;
  readonly failures: number;
  readonly skipped: number;
}

/** What fails is a failure, what is accepted is skipped with the reason, and what only warns has passed and says so. */
export function junit(source: ReportSource): string {
  const all = suites(source);
  const { tests, failures } = countsOf(all.flatMap(each => casesOf(each)));
  const written = all.map(each => suiteElement(each, source));
  const attributes = { name: "tightunit", tests, failures, errors: 0 };
  return `${xmlDeclaration}${xmlElement("testsuites", attributes, written)}`;
}

/** The units in their order, and behind them what is about no unit that was looked at. */
function suites({ result }: ReportSource): readonly Suite[] {
  const byUnit = new Map<string, JudgedFinding[]>(result.units.map(unit => [unit.name, []]));
  const others = new Map<string, JudgedFinding[]>();
  for (const finding of result.findings) {
    const known = byUnit.get(finding.unit) ?? others.get(finding.unit);
    if (known === undefined) others.set(finding.unit, [finding]);
    else known.push(finding);
  }
  return [...byUnit, ...others].map(([name, cases]) => ({ name, cases }));
}

function casesOf({ cases }: Suite): readonly (JudgedFinding | undefined)[] {
  return cases.length === 0 ? [undefined] : cases;
}

function countsOf(cases: readonly (JudgedFinding | undefined)[]): Counts {
  return {
    tests: cases.length,
    failures: cases.filter(each => each?.isFailing).length,
    skipped: cases.filter(each => each !== undefined && !isOpen(each)).length,
  };
}

function suiteElement(suite: Suite, source: ReportSource): string {
  const cases = casesOf(suite);
  const { tests, failures, skipped } = countsOf(cases);
  const attributes = { name: suite.name, tests, failures, errors: 0, skipped };
  return xmlElement(
    "testsuite",
    attributes,
    cases.map(each => caseElement(suite.name, each, source)),
  );
}

function caseElement(classname: string, finding: JudgedFinding | undefined, source: ReportSource): string {
  if (finding === undefined) return xmlElement("testcase", { classname, name: "gate" });
  const subject = baseSubject(finding.subject);
  const name = subject === "" ? finding.rule : `${finding.rule} ${subject}`;
  return xmlElement("testcase", { classname, name }, outcome(finding, source));
}

function outcome(finding: JudgedFinding, source: ReportSource): XmlContent {
  const { rule, waiver, status, isFailing } = finding;
  const sentence = sentenceOf(finding, source);
  const place = placeOfFinding(finding, source);
  const said = `${shownFile(place)}:${place.line}: ${sentence}`;
  if (status === "waived" && waiver !== undefined)
    return xmlElement("skipped", {}, xmlText(`waived until ${waiver.until}: ${waiver.reason}\n${said}`));
  if (status === "baseline") return xmlElement("skipped", {}, xmlText(`in the baseline\n${said}`));
  if (status === "notice") return xmlElement("skipped", {}, xmlText(said));
  if (!isFailing) return xmlElement("system-out", {}, xmlText(said));
  const { explanation, help } = source.rules(rule);
  const text = [said, explanation, ...(help === undefined ? [] : [help])].join("\n");
  return xmlElement("failure", { type: rule, message: sentence }, xmlText(text));
}
