import type { SettingValue } from "../settings/settings.ts";
import type { AssessFacts } from "./assess-facts.ts";

type Filter = Extract<SettingValue, { readonly kind: "syscalls" }>;

/** Sets nest two deep at most; a pack's or a table's mistake must not send us in circles. */
const MAX_DEPTH = 8;

/**
 * Whether the filter refuses every call of the set that the architecture has. Calls that it has not are passed
 * over, so a set without any native call is refused by every filter. In an allow list, a call with an errno of its
 * own (`~call:errno`) is listed but refused.
 * An unknown set is not refused: nothing can be said about it.
 */
export function isSyscallSetDenied(set: string, filter: Filter, facts: AssessFacts): boolean {
  const isListed = (name: string) =>
    filter.mode === "allow" ? filter.names.get(name) === null : filter.names.has(name);
  const isRefused = (name: string, depth: number): boolean => {
    if (name.startsWith("@")) {
      const members = facts.syscallSet(name);
      return (
        members !== undefined && depth < MAX_DEPTH && members.every(member => isRefused(member, depth + 1))
      );
    }
    return facts.syscallStatus(name) !== "native" || isListed(name) === (filter.mode === "deny");
  };
  return isRefused(set, 0);
}
