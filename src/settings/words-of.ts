import type { SettingValue } from "./settings.ts";

/** The value's members: words, names, paths; of a single word or text, that; none of a number or a boolean. */
export function wordsOf(value: SettingValue | undefined): readonly string[] {
  if (value === undefined) return [];
  switch (value.kind) {
    case "list":
      return value.value;
    case "word":
    case "text":
      return value.value === "" ? [] : [value.value];
    case "namespaces":
      return value.allowed;
    case "families":
      return value.names;
    case "syscalls":
      return [...value.names.keys()];
    case "devices":
      return value.rules.map(rule => `${rule.path}:${rule.rights}`);
    case "addresses":
      return value.prefixes.map(prefix => `${prefix.address.join(".")}/${prefix.length}`);
    case "delegate":
      return value.controllers;
    case "commands":
      return value.commands.map(command => command.path);
    case "boolean":
    case "number":
    case "capabilities":
      return [];
    default: {
      const never: never = value;
      return never;
    }
  }
}
