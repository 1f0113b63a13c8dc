// Which rules of a pack can find anything in a unit. Most rules are about a few directives, and most units have none of
// them: what a rule looks at is worked out once for a type and target.
import { type LoadedUnit, treesOf } from "../host/loaded-unit.ts";
import type { Condition, Detect, Pack, Rule } from "../rules/pack.ts";
import { keysOfSection, type SystemdFacts } from "../rules/systemd-facts.ts";
import { dueFor, markDue, type Watch, watchOver } from "../settings/due.ts";
import type { Settings } from "../settings/settings.ts";
import { isTrueOf } from "./condition.ts";
import { textOf } from "./value.ts";

/** The rules that have to be applied, in the order of the pack. */
export function dueRules(
  pack: Pack,
  unit: LoadedUnit,
  settings: Settings,
  facts: SystemdFacts,
): readonly Rule[] {
  const watch = watchOf(pack, settings, facts);
  const due = dueFor(settings.touched.keys(), watch);
  for (const tree of treesOf(unit))
    for (const node of tree.nodes) if (node.kind === "assignment") markDue(node.key, watch, due);
  return (pack.rules ?? []).filter((_, index) => due[index] === 1);
}

/** Whether what a rule looks for hangs on one of these directives. */
export function asksAbout(detect: Detect, directives: ReadonlySet<string>): boolean {
  return detect.kind === "settings" && detect.all.flatMap(directivesIn).some(each => directives.has(each));
}

/** The section of a unit's type: Service, Socket, Mount, Swap … */
export function sectionOf(unitName: string): string {
  const type = unitName.slice(unitName.lastIndexOf(".") + 1);
  return type.charAt(0).toUpperCase() + type.slice(1);
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

/** Packs are few, and a type's defaults are one object for all its units. */
const watches = new WeakMap<Settings["defaults"], Map<Pack, Watch>>();

function watchOf(pack: Pack, settings: Settings, facts: SystemdFacts): Watch {
  const ofType = watches.get(settings.defaults) ?? new Map<Pack, Watch>();
  watches.set(settings.defaults, ofType);
  const known = ofType.get(pack);
  if (known !== undefined) return known;
  const made = watchOver((pack.rules ?? []).map(({ detect }) => directivesOf(detect, pack, settings, facts)));
  ofType.set(pack, made);
  return made;
}

/** Without which directives there is nothing to find; `always` where that cannot be told. */
function directivesOf(
  detect: Detect,
  pack: Pack,
  { unit, defaults, target }: Settings,
  facts: SystemdFacts,
): Iterable<string> | "always" {
  switch (detect.kind) {
    case "assignment":
      return expandGroups(detect.directives, pack);
    case "too-new":
      return [...expandGroups(detect.directives, pack)].filter(
        name => (keysOfSection(sectionOf(unit))?.get(name)?.since ?? 0) > target.version,
      );
    case "words":
    case "address-cover":
      return [detect.directive];
    case "settings":
      return detect.all.every(condition => isTrueOf(condition, { target, values: defaults }, facts))
        ? "always"
        : detect.all.flatMap(directivesIn);
    case "symlink": {
      const value = defaults.get(detect.directive)?.value;
      return value !== undefined && detect.values.includes(textOf(value)) ? "always" : [detect.directive];
    }
    case "exec-prefix":
    case "stray-drop-in":
      return "always";
    default: {
      const never: never = detect;
      return never;
    }
  }
}

function directivesIn({ directive, not }: Condition): readonly string[] {
  return [...(directive === undefined ? [] : [directive]), ...(not === undefined ? [] : directivesIn(not))];
}
