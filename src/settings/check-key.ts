import { appliesTo, type KeyFact, keysOfSection, knownSections } from "../rules/systemd-facts.ts";
import type { Note, Slip } from "./notes.ts";
import type { Target } from "./settings.ts";

export type KeyCheck =
  | { readonly kind: "known"; readonly key: KeyFact }
  /** systemd skips the line; without a note where it does so silently. */
  | { readonly kind: "unknown"; readonly note?: Note };

/** The sections that a unit may have: [Unit], [Install] and its type's own. */
export function sectionsOf(unitType: string): readonly string[] {
  const own = unitType.charAt(0).toUpperCase() + unitType.slice(1);
  return keysOfSection(own) ? ["Unit", "Install", own] : ["Unit", "Install"];
}

/** A section header that systemd ignores with all lines below it; `X-` in front keeps it silent. */
export function checkSection(name: string, unitType: string): Note | undefined {
  const sections = sectionsOf(unitType);
  if (sections.includes(name) || name.startsWith("X-")) return undefined;
  if (knownSections().includes(name)) return warn("section-of-other-type", { section: name, type: unitType });
  const slip = { code: "unknown-section-meant", word: name, candidates: () => sections };
  return warn("unknown-section", { section: name }, slip);
}

/** Whether the target knows a key in a section that the unit may have. */
export function checkKey(section: string, name: string, unitType: string, target: Target): KeyCheck {
  const keys = keysOfSection(section);
  if (keys === undefined) return { kind: "unknown" };
  const key = keys.get(name);
  if (key && (appliesTo(key, target.profile) || appliesTo(key, target.version)))
    return { kind: "known", key };
  if (name.startsWith("X-")) return { kind: "unknown" };
  return {
    kind: "unknown",
    note: key ? outOfRange(key, target) : unknownKey(section, name, keys, unitType, target),
  };
}

function outOfRange({ key, since, until }: KeyFact, { version }: Target): Note {
  if (since !== undefined && version < since)
    return warn("key-too-new", { directive: key, since: String(since), version: String(version) });
  return warn("key-removed", {
    directive: key,
    until: String(until ?? version),
    version: String(version),
  });
}

function unknownKey(
  section: string,
  name: string,
  keys: ReadonlyMap<string, KeyFact>,
  unitType: string,
  { version }: Target,
): Note {
  const other = sectionsOf(unitType).find(candidate => keysOfSection(candidate)?.has(name));
  if (other !== undefined) return warn("key-in-wrong-section", { directive: name, section, other });
  const known = () => [...keys.values()].filter(key => appliesTo(key, version)).map(key => key.key);
  const slip = { code: "unknown-key-meant", word: name, candidates: known };
  return warn("unknown-key", { directive: name, section }, slip);
}

const warn = (code: string, args: Readonly<Record<string, string>>, slip?: Slip): Note => ({
  code,
  severity: "warning",
  args,
  ...(slip && { slip }),
});
