import { hash } from "node:crypto";
import { compareText } from "./finding.ts";
import type { UnitDigest } from "./fleet-digest.ts";

/** Hosts with the same results in every unit. */
export interface FleetProfile {
  /** Sorted by unit, each once. */
  readonly units: readonly UnitDigest[];
  /** The same for the same names of units. */
  readonly unitsKey: string;
  /** Positions in the list of all hosts, in its order. */
  readonly hosts: readonly number[];
}

export interface OpenProfile extends FleetProfile {
  readonly hosts: number[];
}

/** The units of a host in order; the second of a name (a file and an alias of it) adds nothing and is left out. */
export function inOrder(units: readonly UnitDigest[]): readonly UnitDigest[] {
  const sorted = units.toSorted((a, b) => compareText(a.unit, b.unit));
  return sorted.filter((each, index) => each.unit !== sorted[index - 1]?.unit);
}

export function keyOfUnits(units: readonly UnitDigest[]): string {
  return hash("sha256", units.map(each => each.unit).join("\n"), "base64");
}

export function keyOfResults(units: readonly UnitDigest[]): string {
  const all = units.map(({ results, errors, warnings }) => `${results.key} ${errors} ${warnings}`);
  return hash("sha256", all.join("\n"), "base64");
}
