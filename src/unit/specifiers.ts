// The `%x` of unit files: systemd.unit(5), "Specifiers". Nothing of the machine is read here: what depends on a host
// comes in with the context, and stands in for itself by a stable placeholder where the audited tree is not this host.
import { parseUnitName, unescapeName, unescapePath } from "./unit-name.ts";

/** Specifiers whose value is the host's or the manager's, by letter; those left out get a placeholder. */
export type HostSpecifiers = Readonly<Partial<Record<HostLetter, string>>>;

type HostLetter = keyof typeof placeholders;

export interface SpecifierContext {
  /** The unit's id, an instance with its instance. */
  readonly unit: string;
  readonly scope: "system" | "user";
  /** For `%y` and `%Y`. */
  readonly fragmentPath?: string;
  readonly host?: HostSpecifiers;
}

export type Expansion =
  | { readonly kind: "text"; readonly text: string }
  /** systemd refuses the text: `specifier` is the letter that it does not know or cannot fill. */
  | { readonly kind: "unknown"; readonly specifier: string };

const zeroId = "0".repeat(32);

/** Valid where systemd asks for a name or a path, and the same on every machine. */
const placeholders = {
  a: "x86-64",
  A: "",
  b: zeroId,
  B: "",
  g: "root",
  G: "0",
  h: "/root",
  H: "localhost",
  l: "localhost",
  m: zeroId,
  M: "",
  o: "linux",
  q: "localhost",
  s: "/bin/sh",
  T: "/tmp",
  u: "root",
  U: "0",
  v: "0",
  V: "/var/tmp",
  w: "",
  W: "",
} as const;

/** Where a manager keeps things, by scope; a user's are below the home directory that `%h` gives. */
const folders: Readonly<Record<string, { readonly system: string; readonly user: string }>> = {
  C: { system: "/var/cache", user: "%h/.cache" },
  D: { system: "/usr/share", user: "%h/.local/share" },
  E: { system: "/etc", user: "%h/.config" },
  L: { system: "/var/log", user: "%h/.local/state/log" },
  S: { system: "/var/lib", user: "%h/.local/state" },
  t: { system: "/run", user: "/run/user/%U" },
};

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
  if (isHostLetter(letter)) return context.host?.[letter] ?? placeholders[letter];
  const folder = Object.hasOwn(folders, letter) ? folders[letter] : undefined;
  if (folder) {
    const expanded = expandSpecifiers(folder[context.scope], context);
    return expanded.kind === "text" ? expanded.text : undefined;
  }
  return valueOfName(letter, context);
}

function valueOfName(
  letter: string,
  { unit, scope, fragmentPath = "" }: SpecifierContext,
): string | undefined {
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
    case "d":
      return scope === "system" ? `/run/credentials/${unit}` : `/run/user/0/credentials/${unit}`;
    default:
      return undefined;
  }
}

function isHostLetter(letter: string): letter is HostLetter {
  return Object.hasOwn(placeholders, letter);
}
