// Settings made by hand: everything at systemd's default, but for what a test says.
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import type { Setting, Settings, SettingValue, Target } from "../../src/settings/settings.ts";

export const target: Target = { version: 257, profile: 257, scope: "system", arch: "x86-64" };
export const facts = systemdFacts(257, "x86-64");

const everything = (1n << 41n) - 1n;

const defaults: Readonly<Record<string, SettingValue>> = {
  DefaultDependencies: { kind: "boolean", value: true },
  DynamicUser: { kind: "boolean", value: false },
  User: { kind: "text", value: "" },
  UMask: { kind: "number", value: 0o022 },
  KeyringMode: { kind: "word", value: "private" },
  NotifyAccess: { kind: "word", value: "none" },
  DevicePolicy: { kind: "word", value: "auto" },
  PrivateMounts: { kind: "boolean", value: true },
  CapabilityBoundingSet: { kind: "capabilities", mask: everything },
  AmbientCapabilities: { kind: "capabilities", mask: 0n },
  RestrictNamespaces: {
    kind: "namespaces",
    allowed: ["cgroup", "ipc", "mnt", "net", "pid", "user", "uts", "time"],
  },
  Delegate: { kind: "delegate", on: false, controllers: [] },
};

export function settingsOf(
  values: Readonly<Record<string, SettingValue>>,
  changes: Partial<Target> = {},
): Settings {
  const entries = [
    ...Object.entries(defaults).filter(([name]) => !Object.hasOwn(values, name)),
    ...Object.entries(values),
  ];
  const all = new Map(
    entries.map(([directive, value]): [string, Setting] => [
      directive,
      { directive, value, isSet: Object.hasOwn(values, directive), origins: [], impliedBy: [] },
    ]),
  );
  return {
    unit: "bakery.service",
    target: { ...target, ...changes },
    values: all,
    defaults: new Map(),
    touched: all,
    diagnostics: [],
  };
}
