// An analysis goes in, what an editor underlines goes out, each with what mends it where that is a matter of one word.
import {
  type CodeDescription,
  type DiagnosticRelatedInformation,
  DiagnosticSeverity,
  type Diagnostic as Problem,
  type Range,
} from "vscode-languageserver-types";
import { keysOfSection } from "../rules/systemd-facts.ts";
import type { Diagnostic } from "../unit/tree.ts";
import type { Analysis, LanguageContext } from "./analyse.ts";
import { fileUri } from "./file-uri.ts";
import type { LanguageSettings } from "./language-settings.ts";
import { manualLink } from "./links.ts";
import { placeFinding, placeOfUnit } from "./place-finding.ts";
import { exposureText } from "./score-text.ts";
import { type Span, spansOf, type UnitText } from "./unit-text.ts";
import { type Waived, waivedIn } from "./waived.ts";

/** What a problem carries for the quick fix that mends it. */
export type ProblemData =
  | { readonly kind: "replace"; readonly range: Range; readonly text: string }
  | { readonly kind: "add"; readonly directive: string }
  /** The line belongs into another section. */
  | { readonly kind: "move"; readonly section: string };

/** More than a person reads; a hostile document has more. */
const mostProblems = 200;

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  note: DiagnosticSeverity.Information,
} as const;

const missingSeverities = {
  hint: DiagnosticSeverity.Hint,
  information: DiagnosticSeverity.Information,
  warning: DiagnosticSeverity.Warning,
} as const;

/** Everything to underline in the document, at most 200. */
export function findProblems(
  analysis: Analysis,
  settings: LanguageSettings,
  context: LanguageContext,
): readonly Problem[] {
  const { audited, document } = analysis;
  const { file } = document.tree;
  const waived = waivedIn(analysis, context);
  const said = audited.reason === undefined ? audited.findings : [audited.reason, ...audited.findings];
  // A rule that speaks about a line says more than that systemd ignores something in it.
  const isRule = (each: Diagnostic): boolean => "rule" in each;
  const ruled = new Set(said.flatMap(each => (isRule(each) ? (each.position?.line ?? []) : [])));
  const here = said.filter(({ position, severity }) =>
    position === undefined
      ? analysis.sort.kind === "fragment"
      : position.file === file || severity === "error",
  );
  const own = here
    .filter(each => isRule(each) || each.position?.file !== file || !isExplained(each, ruled))
    .map(each => waivable(problemOf(each, analysis, context), each, waived, context));
  const bad = waived.findings
    .filter(each => each.position?.file === file)
    .map(each => problemOf(each, analysis, context));
  return [...own, ...bad, ...missingOf(analysis, settings, context)].slice(0, mostProblems);
}

/** What is waived stays visible, as quietly as an editor can; a waiver that has ended is said. */
function waivable(
  problem: Problem,
  finding: Diagnostic,
  { waiverOf }: Waived,
  { speak }: LanguageContext,
): Problem {
  const found = waiverOf(finding);
  if (found === undefined) return problem;
  const { waiver, holds } = found;
  const args = { until: waiver.until, reason: waiver.reason };
  const said = speak({ code: holds ? "lsp-waived" : "lsp-waiver-ended", severity: "note", args });
  const message = `${speak(finding)} ${said}`;
  return holds ? { ...problem, severity: DiagnosticSeverity.Hint, message } : { ...problem, message };
}

/** Where a line belongs is what its quick fix needs, whatever else is said about it. */
function isExplained({ code, position }: Diagnostic, ruled: ReadonlySet<number>): boolean {
  return position !== undefined && ruled.has(position.line) && code !== "key-in-wrong-section";
}

function problemOf(finding: Diagnostic, analysis: Analysis, { speak }: LanguageContext): Problem {
  const { document, section } = analysis;
  const span = placeFinding(finding, document, section);
  const { args = {}, position } = finding;
  const description = describe(args.directive, args.section ?? section);
  const isElsewhere = position !== undefined && position.file !== document.tree.file;
  const related: DiagnosticRelatedInformation[] = isElsewhere
    ? [{ location: { uri: fileUri(position.file), range: lineOf(position.line) }, message: position.file }]
    : [];
  const data = mendOf(finding, span, document);
  return {
    range: document.rangeOf(span),
    severity: severities[finding.severity],
    code: finding.code,
    source: "tightunit",
    message: speak(finding),
    ...(description && { codeDescription: description }),
    ...(related.length > 0 && { relatedInformation: related }),
    ...(data && { data }),
  };
}

function lineOf(line: number): Range {
  return { start: { line: line - 1, character: 0 }, end: { line, character: 0 } };
}

function describe(directive: string | undefined, section: string): CodeDescription | undefined {
  if (directive === undefined || keysOfSection(section)?.has(directive) !== true) return undefined;
  return { href: manualLink(directive, section) };
}

/** What was likely meant, in place of what is written. */
function mendOf({ code, args = {} }: Diagnostic, span: Span, document: UnitText): ProblemData | undefined {
  const { meant, other } = args;
  if (code === "key-in-wrong-section" && other !== undefined) return { kind: "move", section: other };
  if (meant === undefined) return undefined;
  const written = document.text.slice(span.start, span.end);
  if (code.startsWith("unknown-section")) {
    return { kind: "replace", range: document.rangeOf(span), text: `[${meant}]` };
  }
  // A value of several words cannot be replaced by one of them.
  const isOneThing = !/\s/.test(written) && written !== "";
  return isOneThing ? { kind: "replace", range: document.rangeOf(span), text: meant } : undefined;
}

/** What the proposal would add, each directive by itself, at the header of the unit's section. */
function missingOf(
  analysis: Analysis,
  { missing, level }: LanguageSettings,
  { speak }: LanguageContext,
): readonly Problem[] {
  if (missing === "off") return [];
  const { document, section } = analysis;
  const proposal = analysis.propose(level);
  if (proposal === undefined) return [];
  return proposal.settings.map((setting): Problem => {
    const { directive, gain } = setting;
    const isWritten = lastLineOf(document, section, directive);
    const lines = setting.lines.filter(line => line.startsWith(`${directive}=`) && !line.endsWith("="));
    const args = {
      directive,
      line: (lines.length === 0 ? setting.lines : lines).join(", "),
      level,
      ...(gain > 0 && { gain: exposureText(gain) }),
    };
    const data: ProblemData = { kind: "add", directive };
    return {
      range: document.rangeOf(isWritten ?? placeOfUnit(document, section)),
      severity: missingSeverities[missing],
      code: directive,
      source: "tightunit",
      message: speak({ code: isWritten ? "lsp-could-tighten" : "lsp-could-add", severity: "note", args }),
      codeDescription: { href: manualLink(directive, section) },
      data,
    };
  });
}

function lastLineOf(document: UnitText, section: string, directive: string): Span | undefined {
  const placed = document.nodes.findLast(
    ({ node }) => node.kind === "assignment" && node.section === section && node.key === directive,
  );
  return placed && spansOf(document, placed).key;
}
