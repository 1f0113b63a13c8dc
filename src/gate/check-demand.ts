// Whether what a unit would run with meets what a policy requires or forbids. A required value is read the way systemd
// would read it in a unit, so that a stricter setting, however it is written, meets it too.
import { isLooser } from "../harden/is-looser.ts";
import { type LoadedUnit, treesOf } from "../host/loaded-unit.ts";
import { oncePer } from "../needs/once-per.ts";
import { type Directive, loadDirectives } from "../rules/directives.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import { isTrueOf } from "../score/condition.ts";
import { textOf, wordsOf } from "../score/value.ts";
import { callSets } from "../settings/call-sets.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { lookUp, type Setting, type Settings, type Target } from "../settings/settings.ts";
import { parseUnit } from "../unit/parse-unit.ts";
import type { Assignment, Diagnostic } from "../unit/tree.ts";
import type { Demand } from "./policy.ts";

/** How the values of a demand are kept once they are read: one setting for each, none where systemd's are not known. */
export interface ReadDemand {
  readonly demand: Demand;
  readonly settings: readonly (Setting | undefined)[];
}

export interface DemandContext {
  readonly target: Target;
  readonly facts: SystemdFacts;
}

/** Reads the values of a demand; what systemd of the target would not take is a diagnostic. */
export function readDemand(
  demand: Demand,
  { target, facts }: DemandContext,
): ReadDemand & { readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const settings = demand.values.map(value => {
    const unit = unitOf(`[Service]\nExecStart=/bin/true\n${demand.directive}=${value}\n`);
    const read = resolveSettings(unit, target, facts);
    diagnostics.push(...read.diagnostics);
    return read.values.get(demand.directive);
  });
  return { demand, settings, diagnostics };
}

/** What is in effect instead of what is required; nothing where the unit meets it. */
export function missedRequirement(
  read: ReadDemand,
  unit: LoadedUnit,
  settings: Settings,
  context: DemandContext,
): string | undefined {
  const { demand } = read;
  const actual = lookUp(settings).get(demand.directive);
  const written = lastWritten(unit, demand.directive);
  if (demand.values.length === 0) {
    const isThere = actual?.isSet ?? (written !== undefined && written.value !== "");
    return isThere ? undefined : "";
  }
  const isMet = demand.values.some((value, index) => {
    const wanted = read.settings[index];
    if (actual === undefined || wanted === undefined) return written?.value === value;
    return isAsStrict(wanted, actual, context);
  });
  return isMet ? undefined : actual === undefined ? (written?.value ?? "") : shown(actual);
}

/** What is in effect of what is forbidden; nothing where the unit has nothing of it. */
export function forbiddenSetting(
  { demand, settings: wanted }: ReadDemand,
  unit: LoadedUnit,
  settings: Settings,
  { facts }: DemandContext,
): string | undefined {
  const { directive, values: unwanted } = demand;
  const values = lookUp(settings);
  const actual = values.get(directive);
  const written = lastWritten(unit, directive);
  if (unwanted.length === 0) {
    const isThere = actual?.isSet ?? (written !== undefined && written.value !== "");
    return isThere ? (written?.value ?? "") : undefined;
  }
  const subject = { target: settings.target, values };
  const found = unwanted.find((value, index) => {
    if (actual === undefined) return written?.value === value;
    const asRead = wanted[index];
    if (asRead !== undefined && actual.value.kind === asRead.value.kind && isOneValue(actual))
      return textOf(actual.value) === textOf(asRead.value);
    return (
      isTrueOf({ directive, has: [value] }, subject, facts) ||
      isTrueOf({ directive, is: [value] }, subject, facts)
    );
  });
  if (found === undefined) return undefined;
  // What is written last may be a value that systemd does not take: then another one is in effect.
  return actual === undefined ? (written?.value ?? found) : shown(actual);
}

/** The last line about a directive, wherever it stands. */
export function lastWritten(unit: LoadedUnit, directive: string): Assignment | undefined {
  for (const { nodes } of treesOf(unit).toReversed()) {
    const last = nodes.findLast(node => node.kind === "assignment" && node.key === directive);
    if (last?.kind === "assignment") return last;
  }
  return undefined;
}

function isOneValue({ value }: Setting): boolean {
  return ["boolean", "word", "text", "number"].includes(value.kind);
}

/** The kinds of directives for which hardening knows what is looser. */
const ORDERED: readonly string[] = ["ordered", "capabilities", "families", "namespaces", "syscalls", "mask"];

let directives: ReadonlyMap<string, Directive> | undefined;

/** What most units leave as it is, is one and the same setting in all of them. What is wanted was read for one systemd alone. */
const judgedFor = oncePer((_: Setting) => new WeakMap<Setting, boolean>());

function isAsStrict(wanted: Setting, actual: Setting, context: DemandContext): boolean {
  const known = judgedFor(wanted);
  const isMet = known.get(actual) ?? compareStrictness(wanted, actual, context);
  known.set(actual, isMet);
  return isMet;
}

function compareStrictness(wanted: Setting, actual: Setting, { facts }: DemandContext): boolean {
  if (isOneValue(actual) && textOf(wanted.value) === textOf(actual.value)) return true;
  directives ??= new Map(loadDirectives().map(each => [each.directive, each]));
  const directive = directives.get(wanted.directive);
  if (directive !== undefined && ORDERED.includes(directive.kind))
    return !isLooser(directive, wanted, actual, callSets(facts));
  if (isOneValue(actual)) return false;
  const has = new Set(wordsOf(actual.value));
  return wordsOf(wanted.value).every(word => has.has(word));
}

function shown(setting: Setting): string {
  const written = setting.origins.map(origin => origin.value).join(" ");
  return written === "" ? textOf(setting.value) : written;
}

function unitOf(text: string): LoadedUnit {
  const fragment = parseUnit(new TextEncoder().encode(text), "policy.service");
  return {
    name: "policy.service",
    requested: "policy.service",
    names: ["policy.service"],
    scope: "system",
    status: "loaded",
    path: "policy.service",
    fragment,
    dropIns: [],
    strayDropIns: [],
    diagnostics: [],
  };
}
