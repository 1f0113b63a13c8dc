// rules/profiles/*.json: what known programs need, each fact with the document or observation it comes from.
import { listRuleFiles, readRuleFile } from "./rule-files.ts";

export interface ProfileNeed {
  /** `kind` or `kind:subject`; paths may hold `*` in a component and the unit's specifiers. */
  readonly need: string;
  readonly because: string;
  readonly source: string;
  /** The configuration that the fact depends on; absent where it always holds. */
  readonly depends?: string;
  /** With `depends`: whether a stock installation has it. */
  readonly default?: boolean;
}

export type ConfigUse =
  | "write-file"
  | "write-directory"
  | "read"
  | "listen"
  | "peer"
  | "user"
  | "exec"
  | "enables";

export interface ConfigKey {
  readonly key: string;
  readonly as: ConfigUse;
  readonly need?: string;
  readonly value?: string;
}

/** A default configuration file that names the program's paths, ports and sockets. */
export interface ConfigFile {
  readonly path: string;
  readonly syntax: "words" | "ini" | "equals" | "yaml" | "nginx" | "apache" | "json" | "xml";
  readonly keys?: readonly ConfigKey[];
}

export interface Profile {
  readonly profile: string;
  readonly title: string;
  /** Base names or absolute paths, `*` for any run of characters in a component. */
  readonly programs: readonly string[];
  readonly units?: readonly string[];
  readonly needs: readonly ProfileNeed[];
  /** Kinds, or `kind:subject`, for which `needs` is complete. */
  readonly covers: readonly string[];
  readonly covers_source?: string;
  readonly config?: readonly ConfigFile[];
  readonly loads?: readonly string[];
}

const read = new Map<string, Profile>();

/** The names of all profiles, sorted; opens no file. */
export function profileNames(): readonly string[] {
  return listRuleFiles("profiles");
}

/**
 * A profile by its file's name.
 * @throws {Error} where there is no such profile; ask `profileNames` first
 */
export function loadProfile(name: string): Profile {
  const known = read.get(name);
  if (known !== undefined) return known;
  const profile = readRuleFile<Profile>(`profiles/${name}.json`);
  read.set(name, profile);
  return profile;
}

/** Every profile, sorted by name. */
export function loadProfiles(): readonly Profile[] {
  return profileNames().map(loadProfile);
}
