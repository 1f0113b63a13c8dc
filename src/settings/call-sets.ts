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
  const expanded = new Map<string, readonly string[]>(
    facts.syscallSets.map(set => [set, expand(set, facts)]),
  );
  const siblings = new Map(loadCallSiblings().flatMap(group => group.map(call => [call, group] as const)));
  const sets: CallSets = {
    sets: facts.syscallSets,
    all,
    callsOf: subject =>
      subject === "*"
        ? all
        : (expanded.get(subject) ?? (facts.syscallStatus(subject) === "native" ? [subject] : [])),
    siblingsOf: call => (siblings.get(call) ?? [call]).filter(name => facts.syscallStatus(name) === "native"),
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
