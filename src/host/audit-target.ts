import type { Diagnostic } from "../unit/tree.ts";
import { matchesPattern } from "./glob.ts";
import { type ListOptions, listUnits } from "./list-units.ts";
import type { UnitIndex, UnitSource } from "./unit-index.ts";

/** Units to look at, and where they come from. */
export interface AuditTarget {
  readonly kind: "system" | "root" | "file" | "folder" | "standard-input" | "package";
  /** What was typed; empty where nothing was. */
  readonly arguments: readonly string[];
  readonly source: UnitSource;
  readonly units: UnitSelection;
  /** Where the tree lies on this machine, for whoever writes into it; absent where it lies nowhere: a package, standard input. */
  readonly machineRoot?: string;
  /**
   * What the source's tree says about the service: `system`: the tree is the one that the units run on, its programs
   * and users are evidence; `files`: only the unit files are meant, everything else in the tree is another system's.
   */
  readonly evidence: "system" | "files";
}

export type UnitSelection =
  | { readonly kind: "all" }
  /** As they were typed: aliases, templates, names without `.service`. */
  | { readonly kind: "named"; readonly names: readonly string[] }
  | { readonly kind: "matching"; readonly pattern: string };

export interface SelectedUnits {
  readonly names: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * The names of the units that a target means, to be loaded from an index of its source.
 * @param options which types count where none is asked for: with `all`, and with a pattern that names no type.
 */
export function selectUnits(
  index: UnitIndex,
  selection: UnitSelection,
  options: ListOptions = {},
): SelectedUnits {
  switch (selection.kind) {
    case "all":
      return { names: listUnits(index, options), diagnostics: [] };
    case "named":
      return { names: selection.names, diagnostics: [] };
    case "matching": {
      const { pattern } = selection;
      // `ssh*` means services, `ssh*.socket` what it says.
      const known = listUnits(index, /\.[a-z*?[\]]+$/.test(pattern) ? {} : options);
      const names = known.filter(name => matchesPattern(pattern, name));
      return names.length > 0 ? { names, diagnostics: [] } : { names, diagnostics: [noMatch(pattern)] };
    }
  }
}

export function noMatch(pattern: string): Diagnostic {
  return { code: "pattern-matches-nothing", severity: "error", args: { pattern } };
}
