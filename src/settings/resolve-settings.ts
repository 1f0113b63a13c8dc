// A loaded unit goes in; what systemd would run it with goes out: every directive's value and the lines it came from.
// Nothing is thrown and nothing is read besides the facts; the same unit and target give the same settings.
import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import { type Expansion, expandSpecifiers } from "../unit/specifiers.ts";
import type { Assignment, Diagnostic, UnitTree } from "../unit/tree.ts";
import { applyImplications } from "./apply-implications.ts";
import { type Baseline, baselineOf, type KnownLine } from "./baseline.ts";
import { checkKey, checkSection } from "./check-key.ts";
import { type Filled, fillIn, noFilled } from "./fill-in.ts";
import { findRefusal } from "./find-refusal.ts";
import { joinValues } from "./join-values.ts";
import { diagnosticOf, diagnosticsOf, keepDiagnostic, keepNotes, type Notes, noNotes } from "./notes.ts";
import { parseValue } from "./parse-value.ts";
import type { Setting, Settings, Target } from "./settings.ts";
import type { Growth, Outcome, ParseInput } from "./value-parser.ts";

/**
 * @param unit with status "loaded"; of others only the defaults come out.
 * @param facts of `target.profile`, `target.arch` and `target.version`.
 */
export function resolveSettings(unit: LoadedUnit, target: Target, facts: SystemdFacts): Settings {
  const unitType = unit.name.slice(unit.name.lastIndexOf(".") + 1);
  const baseline = baselineOf(unitType, target, facts);
  const touched = new Map<string, Setting>();
  const context = { unit: unit.name, scope: unit.scope, systemd: target.version };
  const specifiers = unit.path === undefined ? context : { ...context, fragmentPath: unit.path };
  const state: State = {
    baseline,
    expand: text => expandSpecifiers(text, specifiers),
    touched,
    open: new Set(),
    grown: new Map(),
    origins: new Map(),
    notes: noNotes(),
    filled: noFilled(unit),
  };
  let all: ReadonlyMap<string, Setting> | undefined;
  let refused: Diagnostic | undefined;
  // A fragment that cannot be read to its end is refused, whatever its lines say.
  if (unit.fragment) refused = unreadable(unit.fragment, state) ?? readTree(unit.fragment, state);
  // What is wrong in a drop-in ends only that file: systemd goes on with the next one.
  if (!refused) for (const dropIn of unit.dropIns) readTree(dropIn.tree, state);
  joinGrown(state);
  if (!refused && unit.status === "loaded") {
    applyImplications(unit.name, touched, baseline);
    refused = findRefusal(unit, touched, baseline, state.filled);
  }
  return {
    unit: unit.name,
    target,
    ...(refused && { refused }),
    get values() {
      all ??= new Map([...baseline.values, ...touched]);
      return all;
    },
    defaults: baseline.values,
    touched,
    ...(state.filled.unknown.size > 0 && { unknown: state.filled.unknown }),
    diagnostics: diagnosticsOf(state.notes),
  };
}

interface State {
  readonly baseline: Baseline;
  readonly expand: (text: string) => Expansion;
  /** The settings that are not the baseline's. */
  readonly touched: Map<string, Setting>;
  /** Directives whose next line decides a list's mode again. */
  readonly open: Set<string>;
  /** The parts of lists that grew line by line; joined once all files are read. */
  readonly grown: Map<string, Growth[]>;
  /** The arrays of origins that are still growing. */
  readonly origins: Map<string, Assignment[]>;
  readonly notes: Notes<Diagnostic>;
  readonly filled: Filled;
}

function unreadable({ diagnostics }: UnitTree, state: State): Diagnostic | undefined {
  const error = diagnostics.find(diagnostic => diagnostic.severity === "error");
  if (error) for (const diagnostic of diagnostics) keepDiagnostic(diagnostic, state.notes);
  return error;
}

/** @returns what made systemd stop before the end of the file. */
function readTree(tree: UnitTree, state: State): Diagnostic | undefined {
  const syntax = tree.diagnostics[Symbol.iterator]();
  let next = syntax.next();
  const emitSyntax = (line: number): void => {
    for (; !next.done && (next.value.position?.line ?? 0) <= line; next = syntax.next())
      keepDiagnostic(next.value, state.notes);
  };
  let isKnownSection = false;
  for (const node of tree.nodes) {
    emitSyntax(node.position.line);
    if (node.kind === "section" && state.baseline.facts.badHeaders.includes(node.name)) {
      const args = { section: node.name };
      const bad: Diagnostic = { code: "bad-header", severity: "error", position: node.position, args };
      keepDiagnostic(bad, state.notes);
      return bad;
    }
    if (node.kind === "section") {
      isKnownSection = state.baseline.sections.includes(node.name);
      const note = isKnownSection ? undefined : checkSection(node.name, state.baseline.unitType);
      if (note) keepDiagnostic(diagnosticOf(note, node.position), state.notes);
    } else if (node.kind === "assignment" && isKnownSection) {
      const fatal = assign(node, state);
      if (fatal) return fatal;
    }
  }
  emitSyntax(Number.POSITIVE_INFINITY);
  return tree.diagnostics.find(diagnostic => diagnostic.severity === "error");
}

function assign(assignment: Assignment, state: State): Diagnostic | undefined {
  const { section, key: name, position } = assignment;
  const { baseline } = state;
  const line = baseline.lineOf(section, name);
  const report = (notes: Notes): void => keepNotes(notes, position, state.notes);
  if (line === undefined) {
    const check = checkKey(section, name, baseline.unitType, baseline.target);
    if (check.kind === "unknown" && check.note) report({ kept: [check.note], left: 0 });
    return undefined;
  }
  const { directive, base } = line;
  const outcome = parseValue(inputOf(assignment, line, state.touched.get(directive) ?? base, state));
  if (assignment.placeholders !== undefined) {
    const note = fillIn(directive, assignment.placeholders, line.rule, outcome, state.filled);
    if (note !== undefined) return void report({ kept: [note], left: 0 });
  }
  switch (outcome.kind) {
    case "fatal":
      if (outcome.partial) grow(assignment, directive, base, outcome.partial, state);
      return keepDiagnostic(diagnosticOf(outcome.note, position), state.notes);
    case "ignored":
      report(outcome.notes);
      return undefined;
    case "reset":
      reset(directive, base, state);
      for (const other of line.rule.resets ?? []) {
        const known = baseline.lineOf(section, other);
        if (known) reset(other, known.base, state);
      }
      return undefined;
    case "set":
      if (outcome.notes) report(outcome.notes);
      keep(assignment, directive, outcome, state);
      return undefined;
    case "append":
      if (outcome.notes) report(outcome.notes);
      grow(assignment, directive, base, outcome.value, state);
      return undefined;
    default: {
      const never: never = outcome;
      return never;
    }
  }
}

function reset(directive: string, base: Setting, state: State): void {
  if (state.baseline.values.has(directive)) state.touched.delete(directive);
  else state.touched.set(directive, base);
  for (const kept of [state.open, state.grown, state.origins]) kept.delete(directive);
}

function keep(
  assignment: Assignment,
  directive: string,
  { value, adds, leavesOpen }: Extract<Outcome, { kind: "set" }>,
  state: State,
): void {
  if (!adds) state.origins.delete(directive);
  const origins = addOrigin(assignment, directive, state);
  state.touched.set(directive, { directive, value, isSet: true, origins, impliedBy: [] });
  if (leavesOpen) state.open.add(directive);
  else state.open.delete(directive);
}

function grow(assignment: Assignment, directive: string, base: Setting, part: Growth, state: State): void {
  const origins = addOrigin(assignment, directive, state);
  const parts = state.grown.get(directive);
  if (parts !== undefined) return void parts.push(part);
  state.grown.set(directive, [part]);
  state.touched.set(directive, { ...base, isSet: true, origins });
}

function addOrigin(assignment: Assignment, directive: string, { origins }: State): readonly Assignment[] {
  const known = origins.get(directive);
  if (known !== undefined) {
    known.push(assignment);
    return known;
  }
  const first = [assignment];
  origins.set(directive, first);
  return first;
}

function joinGrown({ grown, touched, baseline: { facts } }: State): void {
  for (const [directive, parts] of grown) {
    const setting = touched.get(directive);
    const rule = facts.settings.get(directive);
    const value = joinValues(parts, rule, facts);
    if (setting && value) touched.set(directive, { ...setting, value });
  }
}

function inputOf(
  assignment: Assignment,
  { directive, rule }: KnownLine,
  before: Setting,
  { baseline: { facts }, open, expand }: State,
): ParseInput {
  return {
    directive,
    rule,
    text: assignment.value,
    current: before.value,
    isSet: before.isSet,
    isOpen: !before.isSet || open.has(directive),
    facts,
    expand,
    assignment,
  };
}
