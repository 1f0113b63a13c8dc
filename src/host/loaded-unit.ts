import type { Scope } from "../rules/scope.ts";
import type { Assignment, Diagnostic, UnitTree } from "../unit/tree.ts";

export type { Scope };

/** One drop-in file that applies, in the order in which systemd reads them. */
export interface DropIn {
  readonly path: string;
  readonly tree: UnitTree;
}

/** What systemd would load under a name: the fragment, its drop-ins, and how the name was found. */
export interface LoadedUnit {
  /** The unit's id: an alias resolved, an instance with its instance. */
  readonly name: string;
  /** The unit's name as it was asked for, with its type: `name` itself, an alias, a bare template. */
  readonly requested: string;
  /** Every name the unit goes by, the id first. */
  readonly names: readonly string[];
  readonly scope: Scope;
  readonly status: "loaded" | "masked" | "not-found" | "error";
  /** The fragment's path inside its source; absent where none was found. */
  readonly path?: string;
  readonly fragment?: UnitTree;
  readonly dropIns: readonly DropIn[];
  /** Files that look like drop-ins and are not read (no `.conf`), with the folder they lie in. */
  readonly strayDropIns: readonly string[];
  /** Everything that was noticed on the way, those of the fragment's and the drop-ins' trees included. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The unit's files in the order in which systemd reads them. */
export function treesOf({ fragment, dropIns }: LoadedUnit): readonly UnitTree[] {
  const trees = dropIns.map(dropIn => dropIn.tree);
  return fragment === undefined ? trees : [fragment, ...trees];
}

/** Every assignment that systemd reads for the unit, in its order: the fragment's, then each drop-in's. */
export function assignmentsOf(unit: LoadedUnit): readonly Assignment[] {
  const assignments: Assignment[] = [];
  for (const tree of treesOf(unit)) {
    for (const node of tree.nodes) if (node.kind === "assignment") assignments.push(node);
  }
  return assignments;
}
