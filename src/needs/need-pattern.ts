// `kind:subject` as it stands in rule data, and when two of them speak of the same thing.

import type { NeedKind } from "../rules/needs.ts";

/** A need as rule data writes it: `write:/var/lib/foo`, `cap:*`, `memory-wx`. */
export interface NeedPattern {
  readonly kind: string;
  readonly subject?: string;
}

/** `write:/etc` → `{kind: "write", subject: "/etc"}`; a kind alone has no subject. */
export function parseNeedPattern(text: string): NeedPattern {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const colon = text.indexOf(":");
  const pattern = colon < 0 ? { kind: text } : { kind: text.slice(0, colon), subject: text.slice(colon + 1) };
  if (parsed.size >= MAX_PARSED) parsed.clear();
  parsed.set(text, pattern);
  return pattern;
}

/** Rule data says the same few hundred of them for every unit. */
const parsed = new Map<string, NeedPattern>();
const MAX_PARSED = 5000;

export function formatNeed(need: NeedPattern): string {
  return need.subject === undefined ? need.kind : `${need.kind}:${need.subject}`;
}

/** The system calls that a subject of kind `syscall` stands for: itself, or a set's members. */
export type CallsOf = (subject: string) => readonly string[];

/** Whether the path `inner` is `outer` or lies below it. */
export function isBelow(inner: string, outer: string): boolean {
  return outer === "/" || inner === outer || inner.startsWith(outer.endsWith("/") ? outer : `${outer}/`);
}

/**
 * Whether one subject has anything in common with another of the same kind. A missing subject and `*` stand for all.
 * Paths overlap when one lies below the other, ports when protocol and number agree, calls when their sets meet.
 */
export function subjectsOverlap(
  kind: NeedKind,
  one: string | undefined,
  other: string | undefined,
  callsOf: CallsOf,
): boolean {
  if (one === undefined || other === undefined || one === "*" || other === "*") return true;
  switch (kind.subject) {
    case "path":
      return isBelow(one, other) || isBelow(other, one);
    case "port":
      return portsOverlap(one, other);
    case "syscall": {
      const [a, b] = [callsOf(one), callsOf(other)];
      const [few, many] = a.length < b.length ? [a, membersOf(b)] : [b, membersOf(a)];
      return few.some(call => many.has(call));
    }
    case "address":
      // Prefix arithmetic is not worth it here: addresses are only ever denied all at once.
      return one === other || one === "any" || other === "any";
    default:
      return one === other;
  }
}

/** Whether everything that `inner` stands for is part of `outer`. */
export function subjectContains(
  kind: NeedKind,
  outer: string | undefined,
  inner: string | undefined,
  callsOf: CallsOf,
): boolean {
  if (outer === undefined || outer === "*") return true;
  if (inner === undefined || inner === "*") return false;
  switch (kind.subject) {
    case "path":
      return isBelow(inner, outer);
    case "port":
      return portContains(outer, inner);
    case "syscall": {
      const calls = membersOf(callsOf(outer));
      return callsOf(inner).every(call => calls.has(call));
    }
    default:
      return outer === inner;
  }
}

const members = new WeakMap<readonly string[], ReadonlySet<string>>();

/** A list as a set, made once: every call of a filter is held against the same few lists. */
export function membersOf(list: readonly string[]): ReadonlySet<string> {
  const known = members.get(list);
  if (known !== undefined) return known;
  const made = new Set(list);
  members.set(list, made);
  return made;
}

/** A port subject is `PROTOCOL:PORT`: `tcp:80`, `udp:*`, `*:<1024`. */
function portsOverlap(one: string, other: string): boolean {
  const [a, b] = [splitPort(one), splitPort(other)];
  return (
    (a.protocol === b.protocol || a.protocol === "*" || b.protocol === "*") &&
    a.low <= b.high &&
    b.low <= a.high
  );
}

function portContains(outer: string, inner: string): boolean {
  const [a, b] = [splitPort(outer), splitPort(inner)];
  return (a.protocol === b.protocol || a.protocol === "*") && a.low <= b.low && b.high <= a.high;
}

function splitPort(subject: string): { protocol: string; low: number; high: number } {
  const colon = subject.lastIndexOf(":");
  const protocol = colon < 0 ? "*" : subject.slice(0, colon);
  const port = subject.slice(colon + 1);
  if (port === "*") return { protocol, low: 0, high: 65535 };
  if (port.startsWith("<")) return { protocol, low: 1, high: Number(port.slice(1)) - 1 };
  const [low, high] = port.split("-").map(Number);
  return { protocol, low: low ?? 0, high: high ?? low ?? 0 };
}
