import { parseUnitName, templateOf, withInstance } from "../unit/unit-name.ts";

/**
 * The names of the folders that hold drop-ins for one name of a unit, most specific first: systemd.unit(5),
 * "Description". The name itself, its template, then the prefixes that end in a dash. The order is systemd's own:
 * the template's prefixes (which lose the `@`) come before those of the instance (which keep it).
 */
export function dropInFolderNames(name: string): readonly string[] {
  const unit = parseUnitName(name);
  if (unit === undefined) return [];
  if (unit.instance === undefined && !unit.prefix.includes("-")) return [`${name}.d`];
  const template = unit.instance === undefined ? undefined : templateOf(unit);
  const shorter = shortenPrefix(unit.prefix);
  const plain = shorter === undefined ? undefined : `${shorter}.${unit.type}`;
  const chopped =
    shorter !== undefined && unit.instance !== undefined
      ? withInstance({ ...unit, prefix: shorter }, unit.instance)?.name
      : plain;
  return [
    ...new Set([
      `${name}.d`,
      ...(template === undefined ? [] : dropInFolderNames(template)),
      ...(chopped === undefined ? [] : dropInFolderNames(chopped)),
    ]),
  ];
}

/** `a-b-c` → `a-b-` → `a-` → nothing; a dash in first place is no end of a prefix. */
function shortenPrefix(prefix: string): string | undefined {
  const dash = prefix.lastIndexOf("-", prefix.length - 2);
  return dash > 0 ? prefix.slice(0, dash + 1) : undefined;
}
