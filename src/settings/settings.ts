import type { Scope } from "../rules/scope.ts";
import type { Assignment, Diagnostic } from "../unit/tree.ts";

/** The systemd that a unit is read for. */
export interface Target {
  /** What was asked for, 247 to 262. */
  readonly version: number;
  /** The exact profile in use: the nearest of 252, 254, 257 and 262 at or below `version` (252 below that). */
  readonly profile: number;
  readonly scope: Scope;
  /** systemd's name of the architecture, as in `SystemCallArchitectures=` and ConditionArchitecture=: "x86-64", "arm64" … */
  readonly arch: string;
}

export interface DeviceRule {
  readonly path: string;
  readonly rights: string;
}

export interface AddressPrefix {
  readonly family: 4 | 6;
  /** 4 or 16 bytes, masked. */
  readonly address: readonly number[];
  readonly length: number;
}

export interface ExecCommand {
  /** The prefix characters before the path: `@ - : + ! |`. */
  readonly prefixes: string;
  readonly path: string;
  readonly argv: readonly string[];
  readonly assignment: Assignment;
}

/** The effective value of a directive, after parsing, resets, merging and implication. */
export type SettingValue =
  | { readonly kind: "boolean"; readonly value: boolean }
  /** A word out of a fixed list: `ProtectSystem=`, `KeyringMode=`, `Type=` … ("yes" and "no" included). */
  | { readonly kind: "word"; readonly value: string }
  | { readonly kind: "text"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "list"; readonly value: readonly string[] }
  /** The capabilities that are kept (bounding set) or given (ambient), as systemd's names in numeric order. */
  | { readonly kind: "capabilities"; readonly mask: bigint }
  /** Namespaces the service may still create: cgroup ipc mnt net pid user uts time. */
  | { readonly kind: "namespaces"; readonly allowed: readonly string[] }
  | { readonly kind: "families"; readonly mode: "allow" | "deny"; readonly names: readonly string[] }
  /** `names`: call → errno name or number, `null` for the mode's own action. */
  | {
      readonly kind: "syscalls";
      readonly mode: "allow" | "deny";
      readonly names: ReadonlyMap<string, string | null>;
    }
  | { readonly kind: "devices"; readonly rules: readonly DeviceRule[] }
  | { readonly kind: "addresses"; readonly prefixes: readonly AddressPrefix[] }
  | { readonly kind: "delegate"; readonly on: boolean; readonly controllers: readonly string[] }
  | { readonly kind: "commands"; readonly commands: readonly ExecCommand[] };

export interface Setting {
  readonly directive: string;
  readonly value: SettingValue;
  /** Whether the value came from the unit or is systemd's default. */
  readonly isSet: boolean;
  /** The assignments that the value comes from, in file order; those before a reset are not among them. */
  readonly origins: readonly Assignment[];
  /** Directives that changed the value by implication: `DynamicUser=` for `ProtectSystem=`. */
  readonly impliedBy: readonly string[];
}

/** For those who ask for single directives. */
export type SettingLookup = Pick<ReadonlyMap<string, Setting>, "get">;

/** What systemd would run the unit with. */
export interface Settings {
  readonly unit: string;
  readonly target: Target;
  /** Why systemd would refuse the unit; a refused unit is not scored. */
  readonly refused?: Diagnostic;
  /** Every directive that scoring or hardening touches, set or default, by its name. */
  readonly values: ReadonlyMap<string, Setting>;
  /** The values of a unit of the same type that says nothing: one object for all units of a type and target. */
  readonly defaults: ReadonlyMap<string, Setting>;
  /** Where `values` differs from `defaults`. To ask for a few directives, `lookUp` is the cheap way. */
  readonly touched: ReadonlyMap<string, Setting>;
  /** Directives of a template whose value only the build knows; they stand in `values` as if no line set them. */
  readonly unknown?: ReadonlySet<string>;
  /** Lines that systemd ignores, whole or in part, in file order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Settings by directive; `values` puts all of them into one map, which costs more than most units' own lines. */
export function lookUp({ touched, defaults }: Pick<Settings, "touched" | "defaults">): SettingLookup {
  return { get: directive => touched.get(directive) ?? defaults.get(directive) };
}
