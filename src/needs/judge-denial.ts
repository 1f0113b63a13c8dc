// What is known about a denial: does the service need what it takes away, does it not, or can nobody tell?

import type { NeedKind, NeedVocabulary, Prior } from "../rules/needs.ts";
import type { Coverage, Need, Needs } from "./need.ts";
import {
  type CallsOf,
  isBelow,
  membersOf,
  type NeedPattern,
  subjectContains,
  subjectsOverlap,
} from "./need-pattern.ts";

/** Three-valued truth about a denial. */
export type Verdict =
  | { readonly kind: "needed"; readonly needs: readonly Need[] }
  | { readonly kind: "absent"; readonly coverage: readonly Coverage[] }
  /** `needs`: those that are only assumed, and from which the prior comes. */
  | { readonly kind: "unknown"; readonly prior: Prior; readonly needs?: readonly Need[] };

/** Everything that a judgement rests on. */
export interface Knowledge {
  readonly needs: Needs;
  readonly vocabulary: NeedVocabulary;
  /** Whether the service runs as a user other than root and holds no ambient capability. */
  readonly isRoot: boolean;
  readonly callsOf: CallsOf;
}

const PRIORS: readonly Prior[] = ["implausible", "rare", "common", "universal"];

/**
 * Judges one denial.
 * @param except subjects below the denied one that stay allowed
 * @throws {Error} for a kind that `rules/needs/needs.json` does not have: the rule data is wrong
 */
export function judgeDenial(denied: NeedPattern, except: readonly string[], knowledge: Knowledge): Verdict {
  const kind = kindOf(denied.kind, knowledge.vocabulary);
  const { callsOf } = knowledge;
  const needs = about(denied, kind, judgedOf(knowledge).present.get(denied.kind), callsOf).filter(
    need =>
      subjectsOverlap(kind, denied.subject, need.subject, callsOf) &&
      !isPlaceOfItsOwn(kind, denied.subject, need.subject) &&
      !except.some(
        outer => need.subject !== undefined && subjectContains(kind, outer, need.subject, callsOf),
      ),
  );
  if (needs.some(need => need.prior === undefined)) return { kind: "needed", needs };
  const base = judgeAbsence(denied, kind, except, knowledge);
  if (needs.length === 0) return base;
  // What is only assumed cannot make an unknown need less plausible than it is for any service.
  const priors = needs.map(need => need.prior ?? "universal");
  return {
    kind: "unknown",
    prior: priors.reduce(worsePrior, base.kind === "unknown" ? base.prior : "implausible"),
    needs,
  };
}

/** One state of knowledge, sorted for the hundreds of denials that are judged by it. */
interface Judged {
  readonly present: ReadonlyMap<string, Entries<Need>>;
  readonly absent: ReadonlyMap<string, Entries<Coverage>>;
  /** The calls that are known not to be needed, by the kind of need; made when they are asked for. */
  readonly covered: Map<string, ReadonlySet<string>>;
}

/** What is known of one kind. */
interface Entries<T> {
  readonly all: readonly T[];
  /** Of system calls: by each call that an entry stands for; made when it is asked for. */
  byCall?: ReadonlyMap<string, readonly T[]>;
}

const judged = new WeakMap<Knowledge, Judged>();

function judgedOf(knowledge: Knowledge): Judged {
  const known = judged.get(knowledge);
  if (known !== undefined) return known;
  const { present, absent } = knowledge.needs;
  const made: Judged = {
    present: byKind(present),
    absent: byKind(absent),
    covered: new Map(),
  };
  judged.set(knowledge, made);
  return made;
}

function byKind<T extends { readonly kind: string }>(entries: readonly T[]): ReadonlyMap<string, Entries<T>> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) add(groups, entry.kind, entry);
  return new Map([...groups].map(([kind, all]) => [kind, { all }]));
}

function add<T>(groups: Map<string, T[]>, key: string, entry: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [entry]);
  else group.push(entry);
}

/** What is known where no need speaks against a denial. */
function judgeAbsence(
  denied: NeedPattern,
  kind: NeedKind,
  except: readonly string[],
  knowledge: Knowledge,
): Exclude<Verdict, { kind: "needed" }> {
  const { callsOf } = knowledge;
  const entries = judgedOf(knowledge).absent.get(denied.kind);
  const claims = entries?.all ?? [];
  const whole = about(denied, kind, entries, callsOf).filter(claim =>
    subjectContains(kind, claim.subject, denied.subject, callsOf),
  );
  const proof = whole.filter(isProof);
  if (proof.length > 0) return { kind: "absent", coverage: proof };
  const rest = kind.subject === "syscall" ? uncoveredCalls(denied, claims, knowledge) : undefined;
  if (rest?.length === 0) return { kind: "absent", coverage: claims.filter(isProof) };
  const prior = priorOf(kind, denied.subject, except, knowledge, rest);
  // What a trace of the service at work did not show is no proof of absence, but makes the need less plausible.
  return { kind: "unknown", prior: whole.length > 0 ? lower(prior) : prior };
}

/** Of the entries of a kind those that may speak of what is denied: of a call, which is one of hundreds, only its own. */
function about<T extends NeedPattern>(
  denied: NeedPattern,
  kind: NeedKind,
  entries: Entries<T> | undefined,
  callsOf: CallsOf,
): readonly T[] {
  if (entries === undefined) return [];
  if (kind.subject !== "syscall" || denied.subject === undefined) return entries.all;
  const [call, ...others] = callsOf(denied.subject);
  if (call === undefined || others.length > 0) return entries.all;
  entries.byCall ??= byCall(entries.all, callsOf);
  return entries.byCall.get(call) ?? [];
}

function byCall<T extends NeedPattern>(entries: readonly T[], callsOf: CallsOf): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) for (const call of callsOf(entry.subject ?? "*")) add(groups, call, entry);
  return groups;
}

function isProof({ certainty }: Coverage): boolean {
  return certainty === "declared" || certainty === "inferred";
}

function lower(prior: Prior): Prior {
  return PRIORS[Math.max(0, PRIORS.indexOf(prior) - 1)] ?? prior;
}

/**
 * Whether the denied path lies below the needed one and is a place apart: who makes files in /run does not mean /run/user,
 * and who writes below /var does not mean what has a prior of its own there. The root folder means everything.
 */
function isPlaceOfItsOwn(kind: NeedKind, denied: string | undefined, needed: string | undefined): boolean {
  if (kind.subject !== "path" || denied === undefined || needed === undefined || needed === "/") return false;
  const places = Object.keys(kind.priors ?? {});
  return (
    denied !== needed &&
    isBelow(denied, needed) &&
    places.some(place => place !== needed && isBelow(place, needed) && isBelow(denied, place))
  );
}

const kinds = new WeakMap<NeedVocabulary, ReadonlyMap<string, NeedKind>>();

/** The kind's entry in the vocabulary. */
export function kindOf(name: string, vocabulary: NeedVocabulary): NeedKind {
  const known = kinds.get(vocabulary) ?? new Map(vocabulary.kinds.map(entry => [entry.kind, entry]));
  kinds.set(vocabulary, known);
  const kind = known.get(name);
  if (kind === undefined) throw new Error(`rules/needs/needs.json knows no need of kind "${name}"`);
  return kind;
}

/** The careful reading of two priors: the more plausible need. */
export function worsePrior(one: Prior, other: Prior): Prior {
  return PRIORS.indexOf(one) >= PRIORS.indexOf(other) ? one : other;
}

function uncoveredCalls(
  denied: NeedPattern,
  claims: readonly Coverage[],
  knowledge: Knowledge,
): readonly string[] {
  const { callsOf } = knowledge;
  const { covered } = judgedOf(knowledge);
  const known =
    covered.get(denied.kind) ??
    new Set(
      claims.flatMap(claim => (claim.subject === undefined || !isProof(claim) ? [] : callsOf(claim.subject))),
    );
  covered.set(denied.kind, known);
  return callsOf(denied.subject ?? "*").filter(call => !known.has(call));
}

function priorOf(
  kind: NeedKind,
  subject: string | undefined,
  except: readonly string[],
  knowledge: Knowledge,
  calls: readonly string[] | undefined,
): Prior {
  const sort = knowledge.isRoot ? undefined : kind.when?.["not-root"];
  if (sort !== undefined) return sort;
  const priors = kind.priors ?? {};
  if (kind.subject === "syscall") {
    return (calls ?? [])
      .map(call => priorOfCall(kind, call, knowledge.callsOf))
      .reduce(worsePrior, "implausible");
  }
  if (kind.subject === "path" && subject !== undefined && subject !== "*")
    return priorOfPath(kind, subject, except);
  if (subject === undefined || subject === "*") return Object.values(priors).reduce(worsePrior, kind.prior);
  return priors[subject] ?? kind.prior;
}

const callPriors = new WeakMap<CallsOf, Map<string, Prior>>();

/** The prior of the smallest set that has one and holds the call; so `chown` is judged by `@chown`, not by `@privileged`. */
function priorOfCall(kind: NeedKind, call: string, callsOf: CallsOf): Prior {
  const known = callPriors.get(callsOf) ?? new Map<string, Prior>();
  callPriors.set(callsOf, known);
  const prior = known.get(call) ?? smallestPrior(kind, call, callsOf);
  known.set(call, prior);
  return prior;
}

function smallestPrior(kind: NeedKind, call: string, callsOf: CallsOf): Prior {
  const holders = Object.entries(kind.priors ?? {})
    .map(([subject, prior]) => ({ prior, calls: membersOf(callsOf(subject)) }))
    .filter(({ calls }) => calls.has(call))
    .sort((a, b) => a.calls.size - b.calls.size);
  return holders[0]?.prior ?? kind.prior;
}

/** The prior of the nearest folder above that has one, or a worse one of a folder below that is not excepted. */
function priorOfPath(kind: NeedKind, path: string, except: readonly string[]): Prior {
  const entries = Object.entries(kind.priors ?? {});
  const above = entries.filter(([folder]) => isBelow(path, folder)).sort(([a], [b]) => b.length - a.length);
  const below = entries.filter(
    ([folder]) => isBelow(folder, path) && !except.some(outer => isBelow(folder, outer)),
  );
  return below.map(([, prior]) => prior).reduce(worsePrior, above[0]?.[1] ?? kind.prior);
}
