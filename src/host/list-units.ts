import { parseUnitName, type UnitType } from "../unit/unit-name.ts";
import type { UnitIndex } from "./unit-index.ts";

export interface ListOptions {
  /** Every type where absent. */
  readonly types?: readonly UnitType[];
}

/** The names of all units that have a fragment (masked ones and templates too), each once and not by its aliases; in byte order. */
export function listUnits(index: UnitIndex, { types }: ListOptions = {}): readonly string[] {
  const names: string[] = [];
  for (const [name, entry] of index.units) {
    const type = parseUnitName(name)?.type;
    if (entry.kind === "file" && type !== undefined && (types === undefined || types.includes(type)))
      names.push(name);
  }
  return names.sort();
}
