import type { LoadedUnit, Scope } from "../../src/host/loaded-unit.ts";
import { systemdFacts, systemdProfiles } from "../../src/rules/systemd-facts.ts";
import { resolveSettings } from "../../src/settings/resolve-settings.ts";
import type { Settings, SettingValue } from "../../src/settings/settings.ts";
import { parseUnit } from "../../src/unit/parse-unit.ts";

export interface TextOptions {
  readonly version?: number;
  readonly name?: string;
  readonly scope?: Scope;
  readonly dropIns?: readonly string[];
}

/** The settings of a unit from its text. */
export function settingsOfText(text: string, options: TextOptions = {}): Settings {
  const { version = 257, name = "bakery.service", scope = "system", dropIns = [] } = options;
  const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);
  const path = `/etc/systemd/system/${name}`;
  const unit: LoadedUnit = {
    name,
    requested: name,
    names: [name],
    scope,
    status: "loaded",
    path,
    fragment: parseUnit(bytes(text), path),
    dropIns: dropIns.map((content, index) => {
      const file = `${path}.d/${index}.conf`;
      return { path: file, tree: parseUnit(bytes(content), file) };
    }),
    strayDropIns: [],
    diagnostics: [],
  };
  const profile = systemdProfiles.findLast(known => known <= version) ?? 252;
  const target = { version, profile, scope, arch: "x86-64" };
  return resolveSettings(unit, target, systemdFacts(profile, "x86-64", version));
}

/** A service that runs, with these lines after its ExecStart=. */
export function service(lines: string, options: TextOptions = {}): Settings {
  return settingsOfText(`[Service]\nExecStart=/bin/true\n${lines}\n`, options);
}

/** The value of a directive in a few characters, as a table test can hold it. */
export function shown(settings: Settings, directive: string): string {
  const value = settings.values.get(directive)?.value;
  return value === undefined ? "absent" : show(value);
}

function show(value: SettingValue): string {
  switch (value.kind) {
    case "boolean":
      return value.value ? "yes" : "no";
    case "word":
    case "text":
      return value.value;
    case "number":
      return String(value.value);
    case "list":
      return value.value.join(" ");
    case "capabilities":
      return `0x${value.mask.toString(16)}`;
    case "namespaces":
      return value.allowed.join(" ");
    case "families":
      return `${value.mode} ${value.names.join(" ")}`;
    case "syscalls":
      return `${value.mode} ${[...value.names].map(([name, errno]) => (errno === null ? name : `${name}:${errno}`)).join(" ")}`;
    case "devices":
      return value.rules.map(rule => `${rule.path}:${rule.rights}`).join(" ");
    case "addresses":
      return value.prefixes.map(prefix => `${prefix.address.join(".")}/${prefix.length}`).join(" ");
    case "delegate":
      return `${value.on} ${value.controllers.join(" ")}`;
    case "commands":
      return value.commands.map(command => `${command.prefixes}|${command.argv.join(",")}`).join(" ; ");
  }
}
