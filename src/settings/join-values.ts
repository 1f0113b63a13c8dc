import type { SettingValue } from "./settings.ts";

/** The values of a list's lines, in their order, as one. Device rules stand newest first, as systemd keeps them. */
export function joinValues(parts: readonly SettingValue[]): SettingValue | undefined {
  const [first] = parts;
  switch (first?.kind) {
    case "list":
      return { kind: "list", value: parts.flatMap(part => (part.kind === "list" ? part.value : [])) };
    case "commands":
      return {
        kind: "commands",
        commands: parts.flatMap(part => (part.kind === "commands" ? part.commands : [])),
      };
    case "addresses":
      return {
        kind: "addresses",
        prefixes: parts.flatMap(part => (part.kind === "addresses" ? part.prefixes : [])),
      };
    case "devices":
      return {
        kind: "devices",
        rules: parts.toReversed().flatMap(part => (part.kind === "devices" ? part.rules : [])),
      };
    default:
      return first;
  }
}
