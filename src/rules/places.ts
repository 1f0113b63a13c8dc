// Folders that mean something to every service, as data.
import { readRuleFile } from "./rule-files.ts";

/** rules/needs/places.json; the schema explains each member. */
export interface Places {
  readonly scratch: readonly string[];
  readonly emptied: readonly string[];
  readonly standing: readonly string[];
  readonly live: readonly string[];
  readonly everybodys: readonly string[];
  readonly hidden: readonly string[];
  readonly written: readonly string[];
  readonly data: readonly string[];
  readonly programs: readonly string[];
  readonly pseudoDevices: readonly string[];
  readonly others: readonly string[];
}

let places: Places | undefined;

export function loadPlaces(): Places {
  places ??= readRuleFile<Places>("needs/places.json");
  return places;
}
