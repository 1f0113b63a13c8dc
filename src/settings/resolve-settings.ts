// A loaded unit goes in; what systemd would run it with goes out: every directive's value and the lines it came from.
// Nothing is thrown and nothing is read besides the facts; the same unit and target give the same settings.
import type { LoadedUnit } from "../host/loaded-unit.ts";
import {
  appliesTo,
  type KeyFact,
  keysOfSection,
  type SettingRule,
  type SystemdFacts,
} from "../rules/systemd-facts.ts";
import { expandSpecifiers } from "../unit/specifiers.ts";
import type { Assignment, Diagnostic, UnitTree } from "../unit/tree.ts";
import { applyImplications } from "./apply-implications.ts";
import { checkKey, checkSection, sectionsOf } from "./check-key.ts";
import { findRefusal } from "./find-refusal.ts";
import { genericRule } from "./generic-rule.ts";
import { joinValues } from "./join-values.ts";
import { diagnosticOf, diagnosticsOf, keepDiagnostic, keepNote, type Note, type Notes } from "./notes.ts";
import { defaultValue, parseValue } from "./parse-value.ts";
import type { Setting, Settings, Target } from "./settings.ts";
import type { Growth, Outcome, ParseInput } from "./value-parser.ts";

/**
 * @param unit with status "loaded"; of others only the defaults come out.
 * @param facts of `target.profile` and `target.arch`.
 */
export function resolveSettings(unit: LoadedUnit, target: Target, facts: SystemdFacts): Settings {
  const unitType = unit.name.slice(unit.name.lastIndexOf(".") + 1);
  const values = new Map(defaultsOf(unitType, target, facts));
  const state: State = {
    unit,
    unitType,
    target,
    facts,
    values,
    open: new Set(),
    grown: new Map(),
    origins: new Map(),
    notes: { kept: [], left: 0 },
  };
  let refused: Diagnostic | undefined;
  // A fragment that cannot be read to its end is refused, whatever its lines say.
  if (unit.fragment) refused = unreadable(unit.fragment, state) ?? readTree(unit.fragment, state);
  // What is wrong in a drop-in ends only that file: systemd goes on with the next one.
  if (!refused) for (const dropIn of unit.dropIns) readTree(dropIn.tree, state);
  joinGrown(state);
  if (!refused && unit.status === "loaded") {
    const subject = { values, target, unitType };
    applyImplications(unit.name, values, subject, facts);
    refused = findRefusal(unit, subject, facts);
  }
  return {
    unit: unit.name,
    target,
    ...(refused && { refused }),
    values,
    diagnostics: diagnosticsOf(state.notes),
  };
}

interface State {
  readonly unit: LoadedUnit;
  readonly unitType: string;
  readonly target: Target;
  readonly facts: SystemdFacts;
  readonly values: Map<string, Setting>;
  /** Directives whose next line decides a list's mode again. */
  readonly open: Set<string>;
  /** The parts of lists that grew line by line; joined once all files are read. */
  readonly grown: Map<string, Growth[]>;
  /** The arrays of origins that are still growing. */
  readonly origins: Map<string, Assignment[]>;
  readonly notes: Notes;
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
    if (node.kind === "section" && state.facts.badHeaders.includes(node.name)) {
      const args = { section: node.name };
      const bad: Diagnostic = { code: "bad-header", severity: "error", position: node.position, args };
      keepDiagnostic(bad, state.notes);
      return bad;
    }
    if (node.kind === "section") {
      isKnownSection = sectionsOf(state.unitType).includes(node.name);
      const note = checkSection(node.name, state.unitType);
      if (note) keepNote(note, node.position, state.notes);
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
  const check = checkKey(section, name, state.unitType, state.target);
  const report = (note: Note): void => keepNote(note, position, state.notes);
  if (check.kind === "unknown") {
    if (check.note) report(check.note);
    return undefined;
  }
  const rule = ruleOf(check.key, state.facts);
  const directive = rule.aliasOf ?? name;
  const before = state.values.get(directive);
  const base = baseValue(directive, rule, state);
  const outcome = parseValue(inputOf(assignment, directive, rule, before ?? base, state));
  switch (outcome.kind) {
    case "fatal":
      if (outcome.partial) grow(assignment, directive, base, outcome.partial, state);
      return keepDiagnostic(diagnosticOf(outcome.note, position), state.notes);
    case "ignored":
      outcome.notes.forEach(report);
      return undefined;
    case "reset":
      state.values.set(directive, base);
      for (const kept of [state.open, state.grown, state.origins]) kept.delete(directive);
      return undefined;
    case "set":
      outcome.notes?.forEach(report);
      keep(assignment, directive, outcome, state);
      return undefined;
    case "append":
      outcome.notes?.forEach(report);
      grow(assignment, directive, base, outcome.value, state);
      return undefined;
    default: {
      const never: never = outcome;
      return never;
    }
  }
}

function keep(
  assignment: Assignment,
  directive: string,
  { value, adds, leavesOpen }: Extract<Outcome, { kind: "set" }>,
  state: State,
): void {
  if (!adds) state.origins.delete(directive);
  const origins = addOrigin(assignment, directive, state);
  state.values.set(directive, { directive, value, isSet: true, origins, impliedBy: [] });
  if (leavesOpen) state.open.add(directive);
  else state.open.delete(directive);
}

function grow(assignment: Assignment, directive: string, base: Setting, part: Growth, state: State): void {
  const parts = state.grown.get(directive) ?? [];
  parts.push(part);
  state.grown.set(directive, parts);
  const origins = addOrigin(assignment, directive, state);
  if (parts.length === 1) state.values.set(directive, { ...base, isSet: true, origins });
}

function addOrigin(assignment: Assignment, directive: string, { origins }: State): readonly Assignment[] {
  const known = origins.get(directive) ?? [];
  known.push(assignment);
  origins.set(directive, known);
  return known;
}

function joinGrown({ grown, values, facts }: State): void {
  for (const [directive, parts] of grown) {
    const setting = values.get(directive);
    const rule = facts.settings.get(directive);
    const value = joinValues(parts, rule, facts);
    if (setting && value) values.set(directive, { ...setting, value });
  }
}

function inputOf(
  assignment: Assignment,
  directive: string,
  rule: SettingRule,
  before: Setting,
  state: State,
): ParseInput {
  const { unit, facts, open } = state;
  return {
    directive,
    rule,
    text: assignment.value,
    current: before.value,
    isSet: before.isSet,
    isOpen: !before.isSet || open.has(directive),
    facts,
    expand: text =>
      expandSpecifiers(text, {
        unit: unit.name,
        scope: unit.scope,
        ...(unit.path !== undefined && { fragmentPath: unit.path }),
      }),
    assignment,
  };
}

const ruleOf = (key: KeyFact, facts: SystemdFacts): SettingRule =>
  facts.settings.get(key.key) ?? genericRule(key);

/** The setting as it is without any line: where a reset leads back to. */
function baseValue(directive: string, rule: SettingRule, { unitType, target, facts }: State): Setting {
  return (
    defaultsOf(unitType, target, facts).get(directive) ?? makeDefault(directive, rule, rule.default, facts)
  );
}

function makeDefault(
  directive: string,
  rule: SettingRule,
  written: string | undefined,
  facts: SystemdFacts,
): Setting {
  const value = defaultValue(rule, written, facts.words.namespaces);
  return { directive, value, isSet: false, origins: [], impliedBy: [] };
}

const defaultsCache = new WeakMap<SystemdFacts, Map<string, ReadonlyMap<string, Setting>>>();

/** The defaults of every directive that rules/systemd/settings.json describes and the target's systemd has. */
function defaultsOf(unitType: string, target: Target, facts: SystemdFacts): ReadonlyMap<string, Setting> {
  const cached = defaultsCache.get(facts) ?? new Map<string, ReadonlyMap<string, Setting>>();
  defaultsCache.set(facts, cached);
  const id = `${unitType} ${target.scope} ${target.version}`;
  const known = cached.get(id);
  if (known) return known;
  const own = sectionsOf(unitType).flatMap(section => keysOfSection(section) ?? []);
  const values = new Map<string, Setting>();
  for (const [directive, rule] of facts.settings) {
    if (rule.aliasOf !== undefined || !existsAnywhere(directive, target)) continue;
    const isOwn = own.some(keys => keys.has(directive));
    const typed = rule.typeDefaults?.[unitType] ?? rule.default;
    const scoped = target.scope === "user" ? (rule.userDefault ?? rule.default) : typed;
    values.set(directive, makeDefault(directive, rule, isOwn ? scoped : (rule.bareDefault ?? scoped), facts));
  }
  cached.set(id, values);
  return values;
}

function existsAnywhere(directive: string, { profile, version }: Target): boolean {
  return ["Service", "Socket", "Unit", "Install"].some(section => {
    const key = keysOfSection(section)?.get(directive);
    return key !== undefined && (appliesTo(key, profile) || appliesTo(key, version));
  });
}
