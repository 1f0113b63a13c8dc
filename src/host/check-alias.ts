import { parseUnitName, type UnitType } from "../unit/unit-name.ts";

/** systemd.unit(5): "mount, slice, swap, and automount" have no aliases by link; scopes are no files at all. */
const typesWithAliases: readonly UnitType[] = ["service", "socket", "target", "device", "timer", "path"];
const typesWithTemplates: readonly UnitType[] = ["service", "socket", "target", "timer", "path"];

export type AliasFault =
  | "alias-of-itself"
  | "alias-of-no-unit"
  | "alias-not-allowed"
  | "alias-of-other-kind"
  | "alias-of-other-type";

/**
 * Whether a link `source` → `target` inside the search path is an alias: systemd.unit(5), "Aliases". A plain unit may
 * lead to a plain one, a template to a template, an instance to the same instance or to a template.
 * @returns why systemd would ignore the link, `undefined` where it takes it.
 */
export function checkAlias(source: string, target: string): AliasFault | undefined {
  const from = parseUnitName(source);
  if (from === undefined || !typesWithAliases.includes(from.type)) return "alias-not-allowed";
  const isPlain = !from.isTemplate && from.instance === undefined;
  if (!isPlain && !typesWithTemplates.includes(from.type)) return "alias-not-allowed";
  if (source === target) return "alias-of-itself";
  const to = parseUnitName(target);
  if (to === undefined) return "alias-of-no-unit";
  const isSameKind = from.isTemplate === to.isTemplate && from.instance === to.instance;
  const isInstanceOfTemplate = from.instance !== undefined && to.isTemplate;
  if (!isSameKind && !isInstanceOfTemplate) return "alias-of-other-kind";
  return from.type === to.type ? undefined : "alias-of-other-type";
}
