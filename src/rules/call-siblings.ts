// rules/systemd/call-siblings.json: groups of system calls of which an upgrade may use another member.
import { readRuleFile } from "./rule-files.ts";

let groups: readonly (readonly string[])[] | undefined;

export function loadCallSiblings(): readonly (readonly string[])[] {
  groups ??= readRuleFile<{ groups: readonly (readonly string[])[] }>("systemd/call-siblings.json").groups;
  return groups;
}
