// What an editor may do about the problems of a place: mend a word, move or drop a line, add what is missing.
import {
  type CodeAction,
  CodeActionKind,
  type Command,
  DiagnosticSeverity,
  type Diagnostic as Problem,
  type Range,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver-types";
import type { Level, Proposal } from "../harden/proposal.ts";
import { gateRuleOf } from "../rules/gate-rules.ts";
import type { Analysis, LanguageContext } from "./analyse.ts";
import { dropInEdit } from "./drop-in-edit.ts";
import { addLines, applyEdits, hardenEdits } from "./edit-unit.ts";
import type { ProblemData } from "./find-problems.ts";
import type { LanguageSettings } from "./language-settings.ts";
import { placeOfUnit } from "./place-finding.ts";
import { exposureText } from "./score-text.ts";
import { nodeAt, type UnitText, unitText } from "./unit-text.ts";

/** What the editor can do with an edit. */
export interface EditAbility {
  /** Of the document that the edit is made for. */
  readonly version: number | null;
  readonly hasVersions: boolean;
  readonly canCreateFiles: boolean;
}

export interface ActionRequest {
  readonly range: Range;
  /** Kinds that are asked for; all where absent. */
  readonly only?: readonly string[];
  /** All problems of the document, as they were last shown. */
  readonly problems: readonly Problem[];
}

const hardenKind = "source.harden";
const fixAllKind = `${CodeActionKind.SourceFixAll}.tightunit`;
export const actionKinds = [CodeActionKind.QuickFix, hardenKind, fixAllKind];

/** The gate's rules about lines that do nothing at all, for any version of systemd. */
const ignoredWhole = ["unknown-directive", "misplaced-directive", "ignored-line", "removed-directive"];

/** Everything that may be done at a place. */
export function offerActions(
  analysis: Analysis,
  request: ActionRequest,
  settings: LanguageSettings,
  context: LanguageContext,
  ability: EditAbility,
): readonly CodeAction[] {
  const { document, section } = analysis;
  const wants = (kind: string): boolean =>
    request.only === undefined || request.only.some(each => kind === each || kind.startsWith(`${each}.`));
  const touched = request.problems.filter(problem => touches(problem.range, request.range));
  const edit = (edits: readonly TextEdit[]): WorkspaceEdit => workspaceEdit(document, edits, ability);
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) {
    for (const problem of touched) actions.push(...quickFixes(problem, analysis, settings, context, edit));
  }
  const header = document.rangeOf(placeOfUnit(document, section));
  if (wants(hardenKind) && (request.only !== undefined || touches(header, request.range))) {
    const levels: readonly Level[] = settings.level === "safe" ? ["safe"] : ["safe", settings.level];
    for (const level of levels) actions.push(...addAll(level, analysis, context, ability, edit));
  }
  if (request.only !== undefined && wants(fixAllKind)) {
    const edits = request.problems.flatMap(({ data }) => {
      const known: ProblemData | undefined = data;
      return known?.kind === "replace" ? [{ range: known.range, newText: known.text }] : [];
    });
    if (edits.length > 0) actions.push({ title: "tightunit", kind: fixAllKind, edit: edit(edits) });
  }
  return actions;
}

/** The quick fixes of a document that is no unit: one word for another. */
export function offerReplacements(
  document: Pick<UnitText, "uri">,
  { range, only, problems }: ActionRequest,
  speak: LanguageContext["speak"],
  ability: EditAbility,
): readonly CodeAction[] {
  if (only !== undefined && !only.includes(CodeActionKind.QuickFix)) return [];
  return problems
    .filter(problem => touches(problem.range, range))
    .flatMap((problem): CodeAction[] => {
      const data: ProblemData | undefined = problem.data;
      if (data?.kind !== "replace") return [];
      const title = speak({ code: "lsp-fix-replace", severity: "note", args: { text: data.text } });
      const edit = workspaceEdit(document, [{ range: data.range, newText: data.text }], ability);
      return [{ title, kind: CodeActionKind.QuickFix, diagnostics: [problem], isPreferred: true, edit }];
    });
}

function quickFixes(
  problem: Problem,
  analysis: Analysis,
  { level }: LanguageSettings,
  { speak, today }: LanguageContext,
  edit: (edits: readonly TextEdit[]) => WorkspaceEdit,
): readonly CodeAction[] {
  const say = (code: string, args: Readonly<Record<string, string>>): string =>
    speak({ code, severity: "note", args });
  const fix = (title: string, edits: readonly TextEdit[], isPreferred = false): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [problem],
    edit: edit(edits),
    ...(isPreferred && { isPreferred }),
  });
  const data: ProblemData | undefined = problem.data;
  if (data?.kind === "add") {
    const proposal = analysis.propose(level);
    const setting = proposal?.settings.find(each => each.directive === data.directive);
    if (proposal === undefined || setting === undefined) return [];
    const title = say("lsp-fix-add", { line: setting.lines.join(", ") });
    return [fix(title, hardenEdits(analysis, [setting], proposal))];
  }
  const fixes =
    data?.kind === "replace"
      ? [fix(say("lsp-fix-replace", { text: data.text }), [{ range: data.range, newText: data.text }], true)]
      : [];
  const waive = waiveFix(problem, analysis.document, today, fix, say);
  return [...fixes, ...lineFixes(problem, analysis.document, fix, say), ...waive];
}

/** How long a waiver lasts that nobody has thought about yet. */
const waiverDays = 90;

/** A comment above the line that accepts the finding; without a reason it does nothing but ask for one. */
function waiveFix(
  { code, severity, range }: Problem,
  document: UnitText,
  today: string,
  fix: (title: string, edits: readonly TextEdit[]) => CodeAction,
  say: (code: string, args: Readonly<Record<string, string>>) => string,
): readonly CodeAction[] {
  const placed = nodeAt(document, document.offsetAt(range.start));
  if (severity === DiagnosticSeverity.Hint || placed?.node.kind !== "assignment") return [];
  const rule = gateRuleOf(String(code))?.rule ?? String(code);
  const until = new Date(Date.parse(today) + waiverDays * 86_400_000).toISOString().slice(0, 10);
  const start = document.positionAt(placed.start);
  const eol = document.text.includes("\r\n") ? "\r\n" : "\n";
  const newText = `# tightunit: ignore=${rule} until=${until} reason=""${eol}`;
  return [fix(say("lsp-fix-waive", { rule, until }), [{ range: { start, end: start }, newText }])];
}

/** For a line that systemd ignores: away with it, or to where it belongs. */
function lineFixes(
  problem: Problem,
  document: UnitText,
  fix: (title: string, edits: readonly TextEdit[], isPreferred?: boolean) => CodeAction,
  say: (code: string, args: Readonly<Record<string, string>>) => string,
): readonly CodeAction[] {
  if (!ignoredWhole.includes(gateRuleOf(String(problem.code))?.rule ?? "")) return [];
  const placed = nodeAt(document, document.offsetAt(problem.range.start));
  if (placed === undefined || (placed.node.kind !== "assignment" && placed.node.kind !== "ignored"))
    return [];
  const removal: TextEdit = { range: document.rangeOf(placed), newText: "" };
  const remove = fix(say("lsp-fix-remove", {}), [removal]);
  const data: ProblemData | undefined = problem.data;
  if (data?.kind !== "move" || placed.node.kind !== "assignment") return [remove];
  const line = document.text.slice(placed.start, placed.end).trim();
  const move = fix(
    say("lsp-fix-move", { section: data.section }),
    [removal, addLines(document, data.section, [line])],
    true,
  );
  return [move, remove];
}

function addAll(
  level: Level,
  analysis: Analysis,
  context: LanguageContext,
  ability: EditAbility,
  edit: (edits: readonly TextEdit[]) => WorkspaceEdit,
): readonly CodeAction[] {
  const { speak } = context;
  const proposal = analysis.propose(level);
  if (proposal === undefined) return [];
  const edits = allEdits(analysis, proposal);
  const actions: CodeAction[] = [];
  const say = (code: string, { settings, before, after }: Proposal, file = ""): string =>
    speak({
      code,
      severity: "note",
      args: {
        count: String(settings.length),
        level,
        before: exposureText(before.exposure),
        after: exposureText(after.exposure),
        file,
      },
    });
  if (edits !== undefined)
    actions.push({ title: say("lsp-fix-add-all", proposal), kind: hardenKind, edit: edit(edits) });
  if (analysis.sort.kind === "fragment" && ability.canCreateFiles) {
    const separate = analysis.proposeDropIn(level);
    const created = separate && dropInEdit(analysis, separate, context.tree);
    if (separate !== undefined && created !== undefined) {
      const title = say("lsp-fix-drop-in", separate, created.shown);
      actions.push({ title, kind: hardenKind, edit: created.edit });
    }
  }
  return actions;
}

/** The edits that add a whole proposal, where the unit would then have the score that was promised. */
export function allEdits(analysis: Analysis, proposal: Proposal): readonly TextEdit[] | undefined {
  if (proposal.settings.length === 0) return undefined;
  const { document } = analysis;
  const edits = hardenEdits(analysis, proposal.settings, proposal);
  const text = applyEdits(document, edits);
  const exposure = analysis.exposureWith(unitText(document.uri, text, document.tree.file));
  return exposure !== undefined && exposure <= proposal.after.exposure ? edits : undefined;
}

/** Edits of one document, as the editor takes them. */
export function workspaceEdit(
  { uri }: Pick<UnitText, "uri">,
  edits: readonly TextEdit[],
  { version, hasVersions }: Pick<EditAbility, "version" | "hasVersions">,
): WorkspaceEdit {
  return hasVersions
    ? { documentChanges: [{ textDocument: { uri, version }, edits: [...edits] }] }
    : { changes: { [uri]: [...edits] } };
}

/** What a click on the score does. */
export function hardenCommand(title: string, uri: string, level: Level): Command {
  return { title, command: "tightunit.harden", arguments: [uri, level] };
}

function touches(one: Range, other: Range): boolean {
  return !isBefore(one.end, other.start) && !isBefore(other.end, one.start);
}

function isBefore(one: Range["start"], other: Range["start"]): boolean {
  return one.line < other.line || (one.line === other.line && one.character < other.character);
}
