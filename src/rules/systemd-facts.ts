// rules/systemd/ goes in; what one systemd version knows goes out. Each file is read once, when it is first needed.
import { readRuleFile } from "./rule-files.ts";
import type { BadHeader, Implication, Refusal, SettingRule } from "./systemd-rules.ts";

/** The versions whose behaviour is known exactly, in ascending order. */
export const systemdProfiles = [252, 254, 257, 262] as const;

export interface KeyFact {
  readonly section: string;
  readonly key: string;
  /** systemd's name of the value's type, as in `systemd --dump-configuration-items`. */
  readonly type: string;
  /** The first and last version that knows the key, where it is not all of 247 to 262. */
  readonly since?: number;
  readonly until?: number;
}

export interface SystemdWords {
  /** In the order of their numbers. */
  readonly capabilities: readonly string[];
  readonly families: readonly string[];
  /** Other names of the same family. */
  readonly familyAliases: Readonly<Record<string, string>>;
  readonly namespaces: readonly string[];
  readonly errnos: readonly string[];
}

/** `native`: the architecture has the call; `foreign`: only others have it; `unknown`: libseccomp has no such name. */
export type SyscallStatus = "native" | "foreign" | "unknown";

export interface SystemdFacts {
  readonly profile: number;
  readonly arch: string;
  /** By directive. */
  readonly settings: ReadonlyMap<string, SettingRule>;
  readonly implications: readonly Implication[];
  readonly refusals: readonly Refusal[];
  /** Section names that no file may have. */
  readonly badHeaders: readonly string[];
  readonly words: SystemdWords;
  /** Whether `/..` in a path is `/`, and no reason to refuse the path. */
  readonly isAboveRootRoot: boolean;
  /** The members of `@sets` in systemd's order, nested sets among them; `undefined` for an unknown set. */
  syscallSet(name: string): readonly string[] | undefined;
  /** The names of all sets, in systemd's order. */
  readonly syscallSets: readonly string[];
  syscallStatus(name: string): SyscallStatus;
  /** Every call that libseccomp knows on any architecture. */
  readonly syscalls: readonly string[];
}

const cache = new Map<string, SystemdFacts>();

/**
 * @param profile one of `systemdProfiles`.
 * @param arch systemd's name of an architecture; see `hasSyscallTable`.
 * @param version the systemd that reads the units: what rules/systemd/ says of single versions holds for those between
 * the profiles too; only the system-call sets and libseccomp's names are the profile's.
 */
export function systemdFacts(profile: number, arch: string, version = profile): SystemdFacts {
  const id = `${profile} ${arch} ${version}`;
  const known = cache.get(id);
  if (known) return known;
  const facts = makeFacts(profile, arch, version);
  cache.set(id, facts);
  return facts;
}

function makeFacts(profile: number, arch: string, version: number): SystemdFacts {
  const { settings, aboveRoot } = readRuleFile<SettingsFile>("systemd/settings.json");
  const byDirective = new Map<string, SettingRule>();
  for (const rule of settings) {
    if (appliesTo(rule, version)) for (const directive of rule.directives) byDirective.set(directive, rule);
  }
  const { implications } = readRuleFile<{ implications: readonly Implication[] }>(
    "systemd/implications.json",
  );
  const { refusals, headers } = readRuleFile<{ refusals: readonly Refusal[]; headers: readonly BadHeader[] }>(
    "systemd/refusals.json",
  );
  const data = readRuleFile<ProfileFile>(`systemd/${profile}.json`);
  const sets = new Map(Object.entries(data.sets).map(([name, members]) => [name, members.split(" ")]));
  const { names, isNative } = libseccomp(data.libseccomp, arch);
  return {
    profile,
    arch,
    settings: byDirective,
    implications: implications.filter(entry => appliesTo(entry, version)),
    refusals: refusals.filter(entry => appliesTo(entry, version)),
    badHeaders: headers.filter(entry => appliesTo(entry, version)).map(entry => entry.name),
    words: readRuleFile<SystemdWords>("systemd/words.json"),
    isAboveRootRoot: appliesTo(aboveRoot, version),
    syscallSet: name => sets.get(name),
    syscallSets: [...sets.keys()],
    syscallStatus: name => {
      const index = names.get(name);
      return index === undefined ? "unknown" : isNative(index) ? "native" : "foreign";
    },
    syscalls: [...names.keys()],
  };
}

interface SettingsFile {
  readonly aboveRoot: { readonly since: number };
  readonly settings: readonly SettingRule[];
}

interface ProfileFile {
  readonly libseccomp: string;
  readonly sets: Readonly<Record<string, string>>;
}

interface LibseccompFile {
  /** Separated by blanks. */
  readonly names: string;
  /** By architecture: one bit a name, hexadecimal, the first name in the highest bit of the first digit. */
  readonly native: Readonly<Record<string, string>>;
}

function libseccomp(version: string, arch: string) {
  const file = readRuleFile<LibseccompFile>(`systemd/libseccomp-${version}.json`);
  const bits = file.native[tableOf(arch)] ?? "";
  const names = new Map(file.names.split(" ").map((name, index) => [name, index]));
  const isNative = (index: number) =>
    (Number.parseInt(bits.charAt(index >> 2) || "0", 16) & (8 >> (index & 3))) !== 0;
  return { names, isNative };
}

/** Whether there is a table of the architecture's system calls for the profile. */
export function hasSyscallTable(profile: number, arch: string): boolean {
  return syscallArchitectures(profile).includes(tableOf(arch));
}

/** The architectures with a table of system calls, by systemd's names; `-le` and `-be` variants share one. */
export function syscallArchitectures(profile: number): readonly string[] {
  const { libseccomp: version } = readRuleFile<ProfileFile>(`systemd/${profile}.json`);
  return Object.keys(readRuleFile<LibseccompFile>(`systemd/libseccomp-${version}.json`).native);
}

/** Byte order changes no table of system calls: "ppc64-le" has that of "ppc64". */
const tableOf = (arch: string): string => arch.replace(/-(le|be)(?=-|$)/, "");

/** Whether an entry with `since` and `until` is in force in a version. */
export function appliesTo(
  range: { readonly since?: number; readonly until?: number },
  version: number,
): boolean {
  return version >= (range.since ?? 0) && version <= (range.until ?? Number.POSITIVE_INFINITY);
}

interface KeysFile {
  readonly groups: readonly {
    readonly sections: readonly string[];
    readonly keys: Readonly<Record<string, readonly [string, number?, number?]>>;
  }[];
}

let keyTable: ReadonlyMap<string, ReadonlyMap<string, KeyFact>> | undefined;

/** Every key of a section, of all versions, by name; `undefined` for a section that no systemd knows. */
export function keysOfSection(section: string): ReadonlyMap<string, KeyFact> | undefined {
  keyTable ??= readKeys();
  return keyTable.get(section);
}

/** Every section that some unit type has. */
export function knownSections(): readonly string[] {
  keyTable ??= readKeys();
  return [...keyTable.keys()];
}

function readKeys() {
  const table = new Map<string, Map<string, KeyFact>>();
  for (const group of readRuleFile<KeysFile>("systemd/keys.json").groups) {
    for (const section of group.sections) {
      const keys = table.get(section) ?? new Map<string, KeyFact>();
      table.set(section, keys);
      for (const [key, [type, since, until]] of Object.entries(group.keys)) {
        keys.set(key, { section, key, type, ...(since && { since }), ...(until && { until }) });
      }
    }
  }
  return table;
}
