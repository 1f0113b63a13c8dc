// A proposal never weakens: after it, no setting may allow anything that it did not allow before.

import type { Directive } from "../rules/directives.ts";
import type { CallSets } from "../settings/call-sets.ts";
import type { AddressPrefix, Setting, Settings, SettingValue } from "../settings/settings.ts";
import { rankOf } from "./choose-ordered.ts";

/** The directives that allow more after than before. Directives that restrict nothing are never among them. */
export function looserSettings(
  before: Settings,
  after: Settings,
  directives: readonly Directive[],
  calls: CallSets,
): readonly string[] {
  return directives
    .filter(directive => {
      const [old, now] = [before.values.get(directive.directive), after.values.get(directive.directive)];
      return old !== undefined && now !== undefined && isLooser(directive, old, now, calls);
    })
    .map(directive => directive.directive);
}

function isLooser(directive: Directive, before: Setting, after: Setting, calls: CallSets): boolean {
  const [old, now] = [before.value, after.value];
  if (directive.kind === "ordered") return rankOf(directive, after) < rankOf(directive, before);
  if (old.kind !== now.kind) return true;
  switch (now.kind) {
    case "capabilities":
      return old.kind === now.kind && (now.mask & ~old.mask) !== 0n;
    case "namespaces":
      return old.kind === now.kind && now.allowed.some(name => !old.allowed.includes(name));
    case "families":
      return old.kind === now.kind && allowsMoreFamilies(old, now);
    case "syscalls":
      return old.kind === now.kind && calls.all.some(call => allowsCall(now, call) && !allowsCall(old, call));
    case "number":
      // UMask=: a bit that is cleared lets somebody in.
      return old.kind === now.kind && directive.kind === "mask" && (old.value & ~now.value) !== 0;
    case "devices":
      return (
        old.kind === now.kind &&
        now.rules.some(
          rule =>
            !old.rules.some(
              other =>
                other.path === rule.path && [...rule.rights].every(right => other.rights.includes(right)),
            ),
        )
      );
    default:
      return false;
  }
}

type Families = Extract<SettingValue, { kind: "families" }>;

function allowsMoreFamilies(old: Families, now: Families): boolean {
  if (now.mode === "allow")
    return now.names.some(name => (old.mode === "allow") !== old.names.includes(name));
  // A deny list allows what nobody listed, which an allow list never does.
  return old.mode === "allow" || old.names.some(name => !now.names.includes(name));
}

function allowsCall(filter: Extract<SettingValue, { kind: "syscalls" }>, call: string): boolean {
  return filter.mode === "allow" ? filter.names.get(call) === null : !filter.names.has(call);
}

/** Whether every address of `inner` is one of `outer`. */
export function prefixContains(outer: AddressPrefix, inner: AddressPrefix): boolean {
  if (outer.family !== inner.family || outer.length > inner.length) return false;
  return outer.address.every((byte, index) => {
    const bits = Math.min(8, Math.max(0, outer.length - index * 8));
    const mask = (0xff << (8 - bits)) & 0xff;
    return (byte & mask) === ((inner.address[index] ?? 0) & mask);
  });
}
