import type { SystemdFacts } from "../rules/systemd-facts.ts";
import type { SettingRule } from "../rules/systemd-rules.ts";
import { joinCalls } from "./parse-syscalls.ts";
import type { SettingValue } from "./settings.ts";
import type { Growth } from "./value-parser.ts";

/** What a list's lines add, in their order, as one value. Device rules stand newest first, as systemd keeps them. */
export function joinValues(
  parts: readonly Growth[],
  rule: SettingRule | undefined,
  facts: SystemdFacts,
): SettingValue | undefined {
  const [first] = parts;
  if (parts.length === 1 && first?.kind !== "call-line") return first;
  switch (first?.kind) {
    case "call-line": {
      const lines = parts.flatMap(part => (part.kind === "call-line" ? [part] : []));
      return joinCalls(lines, rule, facts);
    }
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
