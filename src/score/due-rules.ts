// Which rules of a pack can find anything in a unit. Most rules are about a few directives, and most units have none of
// them: what a rule looks at is worked out once for a type and target.
import { type LoadedUnit, treesOf } from "../host/loaded-unit.ts";
import type { Condition, Detect, Pack, Rule } from "../rules/pack.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import type { Settings } from "../settings/settings.ts";
import { isTrueOf } from "./condition.ts";
import { textOf } from "./value.ts";

interface SortedRules {
  /** Those that may find something in a unit that says nothing. */
  readonly always: readonly Rule[];
  /** Those that find nothing unless a unit has a line for the directive, or another directive changes it. */
  readonly byDirective: ReadonlyMap<string, readonly Rule[]>;
}

/** The rules that have to be applied, in the order of the pack. */
export function dueRules(
  pack: Pack,
  unit: LoadedUnit,
  settings: Settings,
  facts: SystemdFacts,
): readonly Rule[] {
  const { always, byDirective } = sortedRules(pack, settings, facts);
  const due = new Set(always);
  const addRulesOf = (directive: string): void => {
    const rules = byDirective.get(directive);
    if (rules !== undefined) for (const rule of rules) due.add(rule);
  };
  for (const directive of settings.touched.keys()) addRulesOf(directive);
  for (const tree of treesOf(unit))
    for (const node of tree.nodes) if (node.kind === "assignment") addRulesOf(node.key);
  return due.size === always.length ? always : (pack.rules ?? []).filter(rule => due.has(rule));
}

/** Whether what a rule looks for hangs on one of these directives. */
export function asksAbout(detect: Detect, directives: ReadonlySet<string>): boolean {
  return detect.kind === "settings" && detect.all.flatMap(directivesIn).some(each => directives.has(each));
}

/** Packs are few and live as long as the program, units are many: groups are looked up once for each rule. */
const expanded = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The names of directives, `@GROUP` of the pack replaced by its members. */
export function expandGroups(directives: readonly string[], pack: Pack): ReadonlySet<string> {
  const known = expanded.get(directives);
  if (known !== undefined) return known;
  const names = new Set(
    directives.flatMap(name => (name.startsWith("@") ? (pack.groups?.[name.slice(1)] ?? []) : [name])),
  );
  expanded.set(directives, names);
  return names;
}

const sorted = new WeakMap<Settings["defaults"], Map<Pack, SortedRules>>();

function sortedRules(pack: Pack, settings: Settings, facts: SystemdFacts): SortedRules {
  const ofType = sorted.get(settings.defaults) ?? new Map<Pack, SortedRules>();
  sorted.set(settings.defaults, ofType);
  const known = ofType.get(pack);
  if (known !== undefined) return known;
  const always: Rule[] = [];
  const byDirective = new Map<string, Rule[]>();
  for (const rule of pack.rules ?? []) {
    const directives = directivesOf(rule.detect, pack, settings, facts);
    if (directives === "any") always.push(rule);
    else
      for (const directive of directives)
        byDirective.set(directive, [...(byDirective.get(directive) ?? []), rule]);
  }
  const made = { always, byDirective };
  ofType.set(pack, made);
  return made;
}

/** Without which directives there is nothing to find; `any` where that cannot be told. */
function directivesOf(
  detect: Detect,
  pack: Pack,
  { defaults, target }: Settings,
  facts: SystemdFacts,
): Iterable<string> | "any" {
  switch (detect.kind) {
    case "assignment":
    case "too-new":
      return expandGroups(detect.directives, pack);
    case "words":
    case "address-cover":
      return [detect.directive];
    case "settings":
      return detect.all.every(condition => isTrueOf(condition, { target, values: defaults }, facts))
        ? "any"
        : detect.all.flatMap(directivesIn);
    case "symlink": {
      const value = defaults.get(detect.directive)?.value;
      return value !== undefined && detect.values.includes(textOf(value)) ? "any" : [detect.directive];
    }
    case "exec-prefix":
    case "stray-drop-in":
      return "any";
    default: {
      const never: never = detect;
      return never;
    }
  }
}

function directivesIn({ directive, not }: Condition): readonly string[] {
  return [...(directive === undefined ? [] : [directive]), ...(not === undefined ? [] : directivesIn(not))];
}
