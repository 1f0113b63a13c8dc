// How rules/systemd/ describes systemd's ways: entries of settings.json, implications.json and refusals.json.

export type ValueParser =
  | "boolean"
  | "words"
  | "hostname-words"
  | "mode"
  | "integer"
  | "duration"
  | "durations"
  | "calendar"
  | "socket-address"
  | "netlink-address"
  | "text"
  | "user"
  | "users"
  | "root-path"
  | "runtime-path"
  | "image-policy"
  | "working-directory"
  | "label"
  | "commands"
  | "bus-name"
  | "capabilities"
  | "namespaces"
  | "families"
  | "architectures"
  | "syscalls"
  | "devices"
  | "addresses"
  | "absolute-paths"
  | "delegate"
  | "paths"
  | "list"
  | "lines"
  | "exit-statuses";

/** How a directive is read, as of one version: an entry of rules/systemd/settings.json. */
export interface SettingRule {
  readonly directives: readonly string[];
  /** Where it is read so; absent for everywhere. */
  readonly sections?: readonly string[];
  readonly parser: ValueParser;
  readonly since?: number;
  readonly until?: number;
  /** As it would be written; the parser reads it. Without it: the parser's empty value. */
  readonly default?: string;
  /** Where a user's manager has another default. */
  readonly userDefault?: string;
  /** For units that have no section for it, such as timers: what systemd's own check assumes of them. */
  readonly bareDefault?: string;
  /** Types of units with another default under the system's manager. */
  readonly typeDefaults?: Readonly<Record<string, string>>;
  /** An invalid value makes systemd refuse the unit. */
  readonly fatal?: boolean;
  /** An empty assignment restores the default, where the kind of parser would call it invalid. */
  readonly emptyResets?: boolean;
  readonly words?: readonly string[];
  /** Where a user's manager takes fewer words. */
  readonly userWords?: readonly string[];
  /** Words for the same value: written → kept. */
  readonly synonyms?: Readonly<Record<string, string>>;
  readonly hasBoolean?: boolean;
  /** Words that systemd has inside and does not accept; of commands: endings that make a path a folder's. */
  readonly hides?: readonly string[];
  /** Of commands: characters that a program's path cannot hold, besides control characters. */
  readonly forbids?: string;
  /** Of commands: what runs a whole line behind the prefix `|`. */
  readonly shell?: string;
  /** Of image policies: what may stand behind the `=`, between blanks. */
  readonly flags?: string;
  readonly range?: readonly [number, number];
  /** The highest number that a capability may have. */
  readonly highest?: number;
  /** An open quote ends the last word, instead of spoiling it. */
  readonly isLenient?: boolean;
  readonly hasQuotes?: boolean;
  readonly hasSpecifiers?: boolean;
  /** A regular expression that each item of a list, or the whole of a text, must match; others are skipped. */
  readonly item?: string;
  /** The first bad word ends the line, instead of being skipped. */
  readonly stopsAtBadWord?: boolean;
  /** Directives that an empty assignment resets along with its own. */
  readonly resets?: readonly string[];
  /** An older name of another directive, to whose value it adds. */
  readonly aliasOf?: string;
}

/** A statement about a unit's effective values. Several members hold together. */
export interface Condition {
  /** The directive that the other members are about. */
  readonly directive?: string;
  /** Whether the unit sets it (a default is not set; a reset makes it unset). */
  readonly isSet?: boolean;
  /** One of its words, items or texts is one of these; a boolean is "yes" or "no". */
  readonly is?: readonly string[];
  /** One of its words, items or texts is one of these paths or lies below one. */
  readonly below?: readonly string[];
  /** How many items it has: list members, commands, devices; a text has one, an empty text none; a number is itself. */
  readonly atLeast?: number;
  /** Of all texts of these directives, exactly one is a path. */
  readonly onePathIn?: readonly string[];
  /** Its text is the path that the unit's name stands for; a text that is no path at all counts as if it were. */
  readonly isNamesake?: boolean;
  /** A regular expression that the unit's name matches. */
  readonly unitName?: string;
  readonly scope?: "system" | "user";
  readonly unitType?: string;
  readonly all?: readonly Condition[];
  readonly any?: readonly Condition[];
  readonly not?: Condition;
}

/** What a directive does to another: an entry of rules/systemd/implications.json, in the order in which systemd applies them. */
export interface Implication {
  readonly since?: number;
  readonly until?: number;
  /** The directives that are to be named as the cause; those among them that are set or not at their default. */
  readonly because: readonly string[];
  readonly when: Condition;
  readonly directive: string;
  /** The value, as it would be written. */
  readonly set?: string;
  /** The name of the unit without instance and suffix, where it is a valid user's name. */
  readonly setToPrefix?: boolean;
  /** Capabilities that go. */
  readonly drop?: readonly string[];
  /** Device rules `PATH RIGHTS` that come to stand before the others, one after the other. */
  readonly prepend?: readonly string[];
}

/** Why systemd does not load a unit: an entry of rules/systemd/refusals.json. */
export interface Refusal {
  readonly since?: number;
  readonly until?: number;
  /** The diagnostic's code: `refused-ID`. */
  readonly id: string;
  /** The directives to point at, the one to blame first. */
  readonly blame: readonly string[];
  readonly when: Condition;
}

/** A section header at which systemd stops reading: an entry of `headers` in rules/systemd/refusals.json. */
export interface BadHeader {
  readonly since?: number;
  readonly until?: number;
  readonly name: string;
}
