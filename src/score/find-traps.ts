// A loaded unit, its settings and a pack of rules come in; what looks hardened and is not goes out, one finding for
// each place. What to look for is the pack's; the kinds of looking are a fixed vocabulary (rules/schema/pack.schema.json).
import type { FileTree } from "../host/file-tree.ts";
import { assignmentsOf, type LoadedUnit } from "../host/loaded-unit.ts";
import { hintFor } from "../rules/hint.ts";
import type { Detect, Pack } from "../rules/pack.ts";
import { keysOfSection, type SystemdFacts } from "../rules/systemd-facts.ts";
import { type ExecCommand, lookUp, type SettingLookup, type Settings } from "../settings/settings.ts";
import type { Assignment, Diagnostic, Position } from "../unit/tree.ts";
import { isTrueOf } from "./condition.ts";
import { coversByParts } from "./covers-by-parts.ts";
import { asksAbout, dueRules, expandGroups, sectionOf } from "./due-rules.ts";
import { isKnownWord, splitList, vocabularyOf } from "./known-words.ts";
import { textOf } from "./value.ts";

/** A rule's finding; `code` is the rule's name, and the pack has its sentence. */
export interface Finding extends Diagnostic {
  readonly rule: string;
}

/** What finding traps needs beside the unit. */
export interface TrapContext {
  readonly facts: SystemdFacts;
  /** The file system that the unit would run in, where there is one to look at. */
  readonly tree?: FileTree;
}

type Kind = Detect["kind"];
type Of<K extends Kind> = Extract<Detect, { readonly kind: K }>;

interface Place {
  readonly position?: Position;
  readonly args: Readonly<Record<string, string>>;
}

interface Scene extends TrapContext {
  readonly unit: LoadedUnit;
  readonly settings: Settings;
  readonly values: SettingLookup;
  readonly pack: Pack;
  /** In the order in which systemd reads them. */
  readonly lines: readonly Assignment[];
  readonly commands: readonly ExecCommand[];
  /** The section of the unit's type: Service, Socket, Mount, Swap … */
  readonly section: string;
}

/** A rule that fires on every line of a hostile file says it often enough this way. */
const MAX_FINDINGS = 20;

function placeOf({ key, value, position }: Assignment, args: Readonly<Record<string, string>> = {}): Place {
  return { position, args: { directive: key, value, ...args } };
}

/** The assignments to some directives. */
function assignmentsTo(directives: ReadonlySet<string>, { lines }: Scene): readonly Assignment[] {
  return lines.filter(({ key }) => directives.has(key));
}

/** The assignments to a directive that a later empty one has not taken back. */
function standingAssignments({ lines, section }: Scene, directive: string): readonly Assignment[] {
  const own = lines.filter(each => each.key === directive && each.section === section);
  return own.slice(own.findLastIndex(each => each.value === "") + 1);
}

const detectors: { readonly [K in Kind]: (detect: Of<K>, scene: Scene) => Iterable<Place> } = {
  settings: (detect, scene) => {
    const { target } = scene.settings;
    if (!detect.all.every(condition => isTrueOf(condition, { target, values: scene.values }, scene.facts)))
      return [];
    const setting = scene.values.get(detect.at);
    const origin = setting?.origins.at(-1);
    if (origin !== undefined) return [placeOf(origin)];
    return [{ args: { directive: detect.at, value: setting === undefined ? "" : textOf(setting.value) } }];
  },

  assignment: (detect, scene) => {
    if (detect.scope !== undefined && detect.scope !== scene.settings.target.scope) return [];
    const sections = detect.sections ?? [scene.section];
    const { values, contains, startsWith } = detect;
    const isAny = values === undefined && contains === undefined && startsWith === undefined;
    return assignmentsTo(expandGroups(detect.directives, scene.pack), scene)
      .filter(
        ({ value, section }) =>
          sections.includes(section) &&
          (isAny ||
            values?.includes(value) ||
            contains?.some(part => value.includes(part)) ||
            startsWith?.some(part => value.startsWith(part))),
      )
      .map(assignment => placeOf(assignment, { section: assignment.section }));
  },

  words: function* (detect, scene) {
    for (const assignment of standingAssignments(scene, detect.directive)) {
      const { value } = assignment;
      if (detect.negated !== undefined && detect.negated !== value.startsWith("~")) continue;
      const words = splitList(value, detect.vocabulary);
      const unknown = words.filter(word => !isKnownWord(word, detect.vocabulary, scene.facts));
      if (unknown.length === 0 || (unknown.length === words.length) !== (detect.which === "all")) continue;
      const hint = hintFor(unknown[0], vocabularyOf(detect.vocabulary, scene.facts));
      yield placeOf(assignment, { words: unknown.join(" "), ...hint });
    }
  },

  "exec-prefix": function* (detect, scene) {
    const { values } = scene;
    const escaping = scene.commands.filter(
      ({ prefixes }) => prefixes !== "" && [...detect.prefixes].some(each => prefixes.includes(each)),
    );
    if (escaping.length === 0) return;
    const sandbox = [...expandGroups(detect.sandbox, scene.pack)].filter(name => values.get(name)?.isSet);
    if (sandbox.length === 0) return;
    const words = sandbox.slice(0, 3).join(", ");
    for (const { path, assignment } of escaping) yield placeOf(assignment, { path, words });
  },

  "stray-drop-in": (_, scene) =>
    scene.unit.strayDropIns.map(path => ({ position: { file: path, line: 1, column: 1 }, args: { path } })),

  "too-new": function* (detect, scene) {
    const { version } = scene.settings.target;
    const keys = keysOfSection(scene.section);
    for (const assignment of assignmentsTo(expandGroups(detect.directives, scene.pack), scene)) {
      const since = keys?.get(assignment.key)?.since ?? 0;
      if (since <= version || assignment.section !== scene.section) continue;
      yield placeOf(assignment, { since: String(since), version: String(version) });
    }
  },

  "address-cover": function* (detect, scene) {
    const setting = scene.values.get(detect.directive);
    if (setting?.value.kind !== "addresses") return;
    const { prefixes } = setting.value;
    const isWhole = (family: 4 | 6) =>
      prefixes.some(prefix => prefix.family === family && prefix.length === 0);
    const isByParts = (family: 4 | 6) => coversByParts(prefixes, family);
    const isFound =
      detect.covers === "by-parts"
        ? isByParts(4) || isByParts(6)
        : isWhole(4) !== isWhole(6) && !isByParts(4) && !isByParts(6);
    const origin = setting.origins.at(-1);
    if (isFound && origin !== undefined) yield placeOf(origin);
  },

  symlink: function* (detect, scene) {
    const setting = scene.values.get(detect.directive);
    if (setting === undefined || !detect.values.includes(textOf(setting.value))) return;
    const origin = setting.origins.at(-1);
    for (const path of detect.paths) {
      if (scene.tree?.lstat(path)?.kind !== "symlink") continue;
      const args = { path, target: scene.tree.readLink(path) ?? "" };
      yield origin === undefined ? { args: { directive: detect.directive, ...args } } : placeOf(origin, args);
    }
  },
};

function detectAll<K extends Kind>(detect: Of<K>, scene: Scene): Iterable<Place> {
  // The table ties each kind to its own function; the compiler cannot follow that through an index.
  const detector = detectors[detect.kind] as (detect: Of<K>, scene: Scene) => Iterable<Place>;
  return detector(detect, scene);
}

const needsLines = ({ kind }: Detect): boolean =>
  kind === "assignment" || kind === "words" || kind === "too-new";

/** Which places are lines that a build fills in: what they will say, nobody knows. */
function filledLines(unit: LoadedUnit): (position: Position | undefined) => boolean {
  // Most units have no finding that would ask.
  let filled: Set<string> | undefined;
  const placeIn = ({ file, line }: Position): string => `${file}\0${line}`;
  return asked => {
    if (filled === undefined) {
      filled = new Set();
      for (const { placeholders, position } of assignmentsOf(unit))
        if (placeholders !== undefined) filled.add(placeIn(position));
    }
    return asked !== undefined && filled.has(placeIn(asked));
  };
}

/**
 * Applies a pack's rules to a unit that systemd would load.
 * @returns the findings in the order of the rules, each rule's in the order of the files
 */
export function findTraps(
  unit: LoadedUnit,
  settings: Settings,
  pack: Pack,
  context: TrapContext,
): readonly Finding[] {
  const { unknown } = settings;
  const due = dueRules(pack, unit, settings, context.facts);
  const rules = unknown === undefined ? due : due.filter(({ detect }) => !asksAbout(detect, unknown));
  if (rules.length === 0) return [];
  const isFilled = filledLines(unit);
  const commands: ExecCommand[] = [];
  for (const { value } of settings.touched.values())
    if (value.kind === "commands") for (const command of value.commands) commands.push(command);
  const scene: Scene = {
    ...context,
    unit,
    settings,
    values: lookUp(settings),
    pack,
    lines: rules.some(({ detect }) => needsLines(detect)) ? assignmentsOf(unit) : [],
    commands,
    section: sectionOf(unit.name),
  };
  const findings: Finding[] = [];
  for (const rule of rules) {
    let room = MAX_FINDINGS;
    for (const place of detectAll(rule.detect, scene)) {
      if (isFilled(place.position)) continue;
      if (room-- === 0) break;
      findings.push({ code: rule.rule, rule: rule.rule, severity: rule.severity, ...place });
    }
  }
  return findings;
}
