// systemd's system call sets, expanded for an architecture: what a filter's words stand for.

import { loadCallSiblings } from "../rules/call-siblings.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";

/** systemd's system-call sets for a version and an architecture, and which calls stand in for which. */
export interface CallSets {
  /** The sets' names in systemd's order. */
  readonly sets: readonly string[];
  /** Every call that the architecture has. */
  readonly all: readonly string[];
  /** A set's members, nested sets included, or the call itself; every call for `*`. Only what the architecture has. */
  callsOf(subject: string): readonly string[];
  /** The calls that an upgrade of libc or kernel may use instead, the call itself included. */
  siblingsOf(call: string): readonly string[];
}

const made = new WeakMap<SystemdFacts, CallSets>();

export function callSets(facts: SystemdFacts): CallSets {
  const known = made.get(facts);
  if (known !== undefined) return known;
  const all = facts.syscalls.filter(call => facts.syscallStatus(call) === "native");
  const isNative = (call: string) => facts.syscallStatus(call) === "native";
  // Filled as it is asked for: the same few subjects are held against each other for every unit.
  const expanded = new Map<string, readonly string[]>([["*", all]]);
  const callsOf = (subject: string): readonly string[] => {
    const found =
      expanded.get(subject) ??
      (subject.startsWith("@") ? expand(subject, facts) : isNative(subject) ? [subject] : []);
    expanded.set(subject, found);
    return found;
  };
  const siblings = new Map(
    loadCallSiblings().flatMap(group => group.map(call => [call, group.filter(isNative)] as const)),
  );
  const sets: CallSets = {
    sets: facts.syscallSets,
    all,
    callsOf,
    siblingsOf: call => siblings.get(call) ?? (isNative(call) ? [call] : []),
  };
  made.set(facts, sets);
  return sets;
}

function expand(set: string, facts: SystemdFacts, seen: ReadonlySet<string> = new Set()): readonly string[] {
  if (seen.has(set)) return [];
  const members = (facts.syscallSet(set) ?? []).flatMap(member =>
    member.startsWith("@")
      ? expand(member, facts, new Set([...seen, set]))
      : facts.syscallStatus(member) === "native"
        ? [member]
        : [],
  );
  return [...new Set(members)];
}
