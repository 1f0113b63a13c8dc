import { parseUnitName, withInstance } from "../unit/unit-name.ts";
import { findFragment, nameOfFile, type UnitIndex } from "./unit-index.ts";

/**
 * Every name of the unit whose fragment was found under `name`: systemd.unit(5), "Aliases".
 * @returns the id first: the fragment's name with the instance that was asked for, unless that instance has a fragment
 *   of its own, which leaves `name`. The others follow in byte order.
 */
export function namesOf(index: UnitIndex, name: string, fragmentPath: string): readonly string[] {
  const fragment = nameOfFile(index, fragmentPath);
  const instance = parseUnitName(name)?.instance;
  const instantiate = (alias: string): string => {
    const parsed = parseUnitName(alias);
    const full =
      parsed?.isTemplate && instance !== undefined ? withInstance(parsed, instance)?.name : undefined;
    return full ?? alias;
  };
  const goesElsewhere = (full: string): boolean => {
    const own = findFragment(index.units, full);
    return own.kind === "file" && nameOfFile(index, own.path) !== fragment;
  };
  const fromFragment = instantiate(fragment);
  const id = fromFragment !== fragment && goesElsewhere(fromFragment) ? name : fromFragment;
  const names = new Set([name, fromFragment]);
  for (const known of new Set([name, fragment])) {
    for (const alias of index.names.get(known) ?? []) {
      const full = instantiate(alias);
      if (full === alias || !goesElsewhere(full)) names.add(full);
    }
  }
  names.delete(id);
  return [id, ...[...names].sort()];
}
