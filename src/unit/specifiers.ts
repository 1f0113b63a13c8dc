// The `%x` of unit files: systemd.unit(5), "Specifiers". Nothing of the machine is read here: what depends on a host
// comes in with the context, and is stood in for by a stable value where the audited tree is not this host.
import type { Scope } from "../rules/scope.ts";
import { specifierValue } from "../rules/specifiers.ts";
import { parseUnitName, unescapeName, unescapePath } from "./unit-name.ts";

export interface SpecifierContext {
  /** The unit's id, an instance with its instance. */
  readonly unit: string;
  readonly scope: Scope;
  /** The version of systemd that reads the unit. */
  readonly systemd: number;
  /** For `%y` and `%Y`. */
  readonly fragmentPath?: string;
  /** What is the host's or the manager's, by letter, where it is known. */
  readonly host?: Readonly<Record<string, string>>;
}

export type Expansion =
  | { readonly kind: "text"; readonly text: string }
  /** systemd refuses the text: `specifier` is the letter that it does not know or cannot fill. */
  | { readonly kind: "unknown"; readonly specifier: string };

/** A text without specifiers comes back as it is; a lone `%` at the end and `%` before punctuation stay. Never throws. */
export function expandSpecifiers(text: string, context: SpecifierContext): Expansion {
  if (!text.includes("%")) return { kind: "text", text };
  let expanded = "";
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const letter = text.charAt(at + 1);
    if (char !== "%" || letter === "") {
      expanded += char;
      continue;
    }
    at++;
    const value = letter === "%" ? "%" : letterValue(letter, context);
    if (value !== undefined) expanded += value;
    // Only letters and digits can be specifiers; "%/" is text.
    else if (/[0-9A-Za-z]/.test(letter)) return { kind: "unknown", specifier: letter };
    else expanded += `%${letter}`;
  }
  return { kind: "text", text: expanded };
}

function letterValue(letter: string, context: SpecifierContext): string | undefined {
  const { host = {}, scope, systemd } = context;
  if (Object.hasOwn(host, letter)) return host[letter];
  const value = specifierValue(letter, scope, systemd);
  if (value === undefined) return valueOfName(letter, context);
  // A value may lead to another, never back to itself.
  const expanded = expandSpecifiers(value, context);
  return expanded.kind === "text" ? expanded.text : undefined;
}

function valueOfName(letter: string, { unit, fragmentPath = "" }: SpecifierContext): string | undefined {
  const name = parseUnitName(unit);
  const prefix = name?.prefix ?? "";
  const instance = name?.instance ?? "";
  const lastPart = prefix.slice(prefix.lastIndexOf("-") + 1);
  switch (letter) {
    case "n":
      return unit;
    case "N":
      return unit.slice(0, Math.max(unit.lastIndexOf("."), 0));
    case "p":
      return prefix;
    case "P":
      return unescapeName(prefix);
    case "i":
      return instance;
    case "I":
      return unescapeName(instance);
    case "j":
      return lastPart;
    case "J":
      return unescapeName(lastPart);
    case "f":
      return unescapePath(name?.instance ?? prefix);
    case "y":
      return fragmentPath;
    case "Y":
      return fragmentPath.slice(0, Math.max(fragmentPath.lastIndexOf("/"), 0));
    default:
      return undefined;
  }
}
