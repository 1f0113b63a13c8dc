import { parseUnitName, withInstance } from "../unit/unit-name.ts";
import { baseOf } from "./link-target.ts";
import { findFragment, type UnitIndex } from "./unit-index.ts";

/**
 * Every name of the unit whose fragment was found under `name`: systemd.unit(5), "Aliases".
 * @returns the id first, which is the fragment's name with the instance that was asked for; the others in byte order.
 */
export function namesOf(index: UnitIndex, name: string, fragmentPath: string): readonly string[] {
  const fragment = baseOf(fragmentPath);
  const instance = parseUnitName(name)?.instance;
  const instantiate = (alias: string): string | undefined => {
    const parsed = parseUnitName(alias);
    if (!parsed?.isTemplate) return alias;
    return instance === undefined ? undefined : withInstance(parsed, instance)?.name;
  };
  const id = instantiate(fragment) ?? name;
  const names = new Set<string>([name]);
  for (const known of new Set([name, fragment])) {
    for (const alias of index.names.get(known) ?? []) {
      const full = instantiate(alias);
      if (full === undefined) continue;
      // An instance with a fragment of its own has gone another way than its template.
      const own = full === alias ? undefined : findFragment(index.units, full);
      if (own?.kind === "file" && baseOf(own.path) !== fragment) continue;
      names.add(full);
    }
  }
  names.delete(id);
  return [id, ...[...names].sort()];
}
