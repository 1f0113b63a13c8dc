// The names of units: systemd.unit(5), "Description" and "String Escaping for Inclusion in Unit Names".

/** In the order of unit_name's suffixes; the same from 247 to 262. */
export const unitTypes = [
  "service",
  "socket",
  "target",
  "device",
  "mount",
  "automount",
  "swap",
  "timer",
  "path",
  "slice",
  "scope",
] as const;

export type UnitType = (typeof unitTypes)[number];

export interface UnitName {
  /** The whole name: `foo-bar@a.service`. */
  readonly name: string;
  /** Before the `@`, or before the suffix where there is none: `foo-bar`. */
  readonly prefix: string;
  /** Between `@` and the suffix: `a`; absent in plain names and in templates. */
  readonly instance?: string;
  /** An `@` with nothing after it: `foo@.service`. */
  readonly isTemplate: boolean;
  readonly type: UnitType;
}

const typesByName: ReadonlyMap<string, UnitType> = new Map(unitTypes.map(type => [type, type]));

const longestName = 255;
const validStem = /^[0-9A-Za-z:_.\\-][0-9A-Za-z:_.\\@-]*$/;

/** @returns the name's parts, or `undefined` where systemd would not take it as a unit's name. */
export function parseUnitName(name: string): UnitName | undefined {
  const dot = name.lastIndexOf(".");
  const type = typesByName.get(name.slice(dot + 1));
  const stem = name.slice(0, Math.max(dot, 0));
  if (type === undefined || name.length > longestName || !validStem.test(stem)) return undefined;
  const at = stem.indexOf("@");
  if (at < 0) return { name, prefix: stem, isTemplate: false, type };
  const prefix = stem.slice(0, at);
  const instance = stem.slice(at + 1);
  return instance === ""
    ? { name, prefix, isTemplate: true, type }
    : { name, prefix, instance, isTemplate: false, type };
}

/** @returns the template's name of an instance (`foo@a.service` → `foo@.service`), the name itself of a template, else `undefined`. */
export function templateOf(unit: UnitName): string | undefined {
  return unit.isTemplate || unit.instance !== undefined ? `${unit.prefix}@.${unit.type}` : undefined;
}

/** @returns the name of that instance of a template, or `undefined` where the outcome is no valid name. */
export function withInstance(template: UnitName, instance: string): UnitName | undefined {
  return parseUnitName(`${template.prefix}@${instance}.${template.type}`);
}

/** @returns the string that was escaped into a name (`-` is a slash, `\x2d` a byte), or `undefined` where the escape is broken. */
export function unescapeName(escaped: string): string | undefined {
  if (/\\(?!x[0-9A-Fa-f]{2})/.test(escaped)) return undefined;
  const bytes = escaped
    .replaceAll("-", "/")
    .replaceAll(/\\x([0-9A-Fa-f]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    );
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** @returns the absolute path that was escaped into a name: `/` before what is unescaped, the root for `-` alone. */
export function unescapePath(escaped: string): string | undefined {
  if (escaped === "-") return "/";
  const text = unescapeName(escaped);
  return text === undefined ? undefined : `/${text}`;
}
