import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { Diagnostic, Position } from "../unit/tree.ts";
import type { Baseline } from "./baseline.ts";
import { holds } from "./conditions.ts";
import { dueFor } from "./due.ts";
import { dependsOnBuild, type Filled } from "./fill-in.ts";
import { lookUp, type Setting } from "./settings.ts";

/**
 * Why systemd refuses a unit whose files it could read: what must not go together, and what must not be missing.
 * The position is that of the line to blame, or where the unit's section begins if a line is missing.
 */
export function findRefusal(
  unit: LoadedUnit,
  touched: ReadonlyMap<string, Setting>,
  { refusals, target, unitType, values: defaults }: Baseline,
  filled: Filled,
): Diagnostic | undefined {
  const values = lookUp({ touched, defaults });
  const subject = { values, target, unitType, unit: unit.name };
  const due = dueFor(touched.keys(), refusals.watch);
  const refusal = refusals.rules.find(
    (each, index) => due[index] === 1 && holds(each.entry.when, subject) && !dependsOnBuild(each, filled),
  )?.entry;
  if (refusal === undefined) return undefined;
  const origin = refusal.blame.flatMap(directive => values.get(directive)?.origins.at(-1) ?? [])[0];
  const position = origin?.position ?? sectionPosition(unit);
  return {
    code: `refused-${refusal.id}`,
    severity: "error",
    ...(position && { position }),
    args: { unit: unit.name },
  };
}

/** Where the section that names the unit's type begins, else the start of the fragment. */
function sectionPosition({ fragment, name }: LoadedUnit): Position | undefined {
  if (fragment === undefined) return undefined;
  const type = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  const header = fragment.nodes.find(node => node.kind === "section" && node.name.toLowerCase() === type);
  return header?.position ?? { file: fragment.file, line: 1, column: 1 };
}
