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
  /** The service does its work without: kept by the levels that do not bet on everything. */
  readonly soft?: boolean;
  /** Met at a first start alone, so that a trace of a later one says nothing of it. */
  readonly once?: boolean;
  /**
   * What `depends` says, for a machine: the service has the need if one of these holds, and does not have it if all that they
   * ask could be looked up and none holds.
   */
  readonly when?: readonly Condition[];
}

/** One thing to look up; of its members those that go together must hold together. */
export interface Condition {
  /** A key that the program's configuration sets, a glob. */
  readonly key?: string;
  /** With `key`: only in files read by the rule of this path. */
  readonly path?: string;
  /** With `key`: what its words, joined by blanks, must match, without regard to case; any value where it is absent. */
  readonly value?: string;
  /** A path that is there, a glob. */
  readonly exists?: string;
  /** What one of the program's arguments must match. */
  readonly argument?: string;
  /** The program's base name, a glob. */
  readonly program?: string;
  /** The service starts as root, or with capabilities in hand. */
  readonly root?: true;
  /** The program, its working folder or its user's home lies below /home or /root. */
  readonly home?: true;
  /** With `key`: holds where no file sets it (to `value`). */
  readonly unset?: true;
  /** Where the condition holds the need is possible and no more, as if nothing could be looked up. */
  readonly may?: true;
}

export type ConfigUse =
  | "write-file"
  | "write-directory"
  | "read"
  | "listen"
  | "peer"
  | "user"
  | "exec"
  | "command"
  | "enables";

export interface ConfigKey {
  readonly key: string;
  readonly as: ConfigUse;
  readonly need?: string;
  /** What the words of the value, joined by blanks, must match for the key to count. */
  readonly value?: string;
  /** With `listen`: tcp where it is absent. */
  readonly protocol?: "tcp" | "udp" | "*";
  /** The key counts only if one of these holds. */
  readonly when?: readonly Condition[];
}

export type ConfigSyntax =
  | "words"
  | "ini"
  | "equals"
  | "yaml"
  | "nginx"
  | "apache"
  | "json"
  | "xml"
  | "shell"
  | "rsyslog";

/** A default configuration file that names the program's paths, ports and sockets. */
export interface ConfigFile {
  readonly path: string;
  readonly syntax: ConfigSyntax;
  readonly keys?: readonly ConfigKey[];
  /** Keys whose values name files or folders to read on with. */
  readonly includes?: readonly string[];
  /** Shell files whose assignments the values are completed with. */
  readonly variables?: readonly string[];
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
  /** The users that it changes to where its configuration names none. */
  readonly accounts?: readonly string[];
  readonly loads?: readonly string[];
  /** Its main process stays root's: helper commands that signal it take no capability for that. */
  readonly main?: "root";
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
  const { config, ...rest } = readRuleFile<WrittenProfile>(`profiles/${name}.json`);
  const profile = config === undefined ? rest : { ...rest, config: config.flatMap(onePathEach) };
  read.set(name, profile);
  return profile;
}

/** As it stands in the file: what distributions keep in different places is described once. */
interface WrittenProfile extends Omit<Profile, "config"> {
  readonly config?: readonly (Omit<ConfigFile, "path"> & { readonly path: string | readonly string[] })[];
}

function onePathEach({
  path,
  ...rest
}: NonNullable<WrittenProfile["config"]>[number]): readonly ConfigFile[] {
  return [path].flat().map(each => ({ ...rest, path: each }));
}

let all: readonly Profile[] | undefined;

/** Every profile, sorted by name; the same list at every call. */
export function loadProfiles(): readonly Profile[] {
  all ??= profileNames().map(loadProfile);
  return all;
}
