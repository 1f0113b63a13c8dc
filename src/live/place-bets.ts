// A probe that passed is asked for more: values that only inferred needs stand in the way of, all at once and then fewer.
import type { Doubt, GivenUp, Proposal, ProposeOptions } from "../harden/proposal.ts";
import { implyNeeds } from "../needs/imply-needs.ts";
import type { Need, Needs } from "../needs/need.ts";
import { type CallsOf, formatNeed, membersOf, parseNeedPattern } from "../needs/need-pattern.ts";
import type { TraceContext } from "../needs/trace/trace-needs.ts";
import type { BetRules } from "../rules/bets.ts";
import { loadDirective, loadDirectives } from "../rules/directives.ts";
import type { NeedVocabulary } from "../rules/needs.ts";
import { type Atom, atomsOf, concede } from "./atoms.ts";
import { type BetContext, doubtsOf, wasSeen } from "./bets.ts";
import { note } from "./changes.ts";
import { type Concession, type Found, findWorking, type Search } from "./find-working.ts";
import { isStricter } from "./is-stricter.ts";
import type { LiveContext } from "./live-context.ts";
import type { Sight } from "./see-unit.ts";

/** What bets are chosen from. */
export interface BetSources {
  readonly rules: BetRules;
  readonly vocabulary: NeedVocabulary;
  readonly callsOf: CallsOf;
  /** How a trace of the unit is read. */
  readonly traced: TraceContext;
}

/** Something that evidence spoke against, and that the service does without while it is used. */
export interface Bet {
  /** `cap:CAP_KILL`. */
  readonly what: string;
  readonly directive: string;
  /** Why it was taken for needed. */
  readonly against: string;
}

/** What works with bets, and the options that say which. */
export interface Bold {
  readonly found: Found;
  readonly options: ProposeOptions;
}

interface Betting {
  readonly search: Search;
  /** What works without any. */
  readonly working: Found;
  readonly sources: BetSources;
  readonly look: () => Promise<Sight>;
  readonly restarts: () => number;
  readonly context: LiveContext;
}

/** So many restarts may all bets of a run cost, a look under strace included. */
const MOST_RESTARTS = 9;

/** @returns `undefined` where there is nothing to bet on, or nothing of it works */
export async function placeBets(betting: Betting): Promise<Bold | undefined> {
  const { search, working, sources, look, restarts, context } = betting;
  const { wanted, propose } = search;
  if (wanted.level !== "strict" || working.proposal.reachesTarget === true) return undefined;
  const kept: ProposeOptions = { ...wanted, givenUp: working.concessions.map(each => each.givenUp) };
  const knowing = (seen: Needs): BetContext => ({ ...sources, propose, seen });
  const limit = restarts() + MOST_RESTARTS;
  const sight = await look();
  if (sight.hasFailed === true) return undefined;
  const { present, absent } = sight;
  const shown = implyNeeds(present, sources.vocabulary, sources.callsOf);
  const seen = knowing({ present: shown, absent });
  const works = atomsIn(working.proposal);
  const calls = callsToKeep(shown, works, sources);
  const doubt = doubtsOf({ ...kept, givenUp: [...(kept.givenUp ?? []), ...calls] }, seen);
  if (doubt === undefined) return undefined;
  const keys = new Set(works.map(atom => atom.key));
  const keeping = [...(kept.givenUp ?? []), ...calls];
  const avoided = atomsIn(propose({ ...wanted, doubt, givenUp: keeping }))
    .filter(atom => !keys.has(atom.key) && isContradicted(atom, seen))
    .map(atom => concede(atom, "a trace of the service at work shows it"));
  const unheard = [...calls, ...avoided].map(silent);
  const before = [...working.concessions, ...unheard];
  const bold = propose({ ...wanted, doubt, givenUp: before.map(each => each.givenUp) });
  if (!isStricter(bold, working.proposal)) return undefined;
  context.say(
    note("try-bets", { count: String(betsIn(bold, working.proposal, doubt, sources.rules).length) }),
  );
  const found = await findWorking({
    ...search,
    wanted: { ...wanted, doubt },
    before,
    works: keys,
    mayTry: () => restarts() < limit,
  });
  if (found === undefined || !isStricter(found.proposal, working.proposal)) return undefined;
  if (found.end === "spent") context.say(note("try-bets-end", { count: String(restarts()) }));
  const concessions = found.concessions.filter(each => !unheard.includes(each));
  return { found: { ...found, concessions }, options: { ...wanted, doubt } };
}

function atomsIn(proposal: Proposal): readonly Atom[] {
  return atomsOf(proposal, directive => loadDirective(directive)?.kind);
}

/** A value may deny more than what was doubted, and the trace may have shown that. A denial of everything has exceptions, and is tried. */
function isContradicted(atom: Atom, context: BetContext): boolean {
  return atom.denies.map(parseNeedPattern).some(need => need.subject !== "*" && wasSeen(need, context));
}

/** What stays because it was seen is no concession: nobody asked for it. */
function silent(givenUp: GivenUp): Concession {
  return { givenUp, what: "", directives: [], how: "seen", evidence: [] };
}

/** Calls that were seen and that what works allows: a filter that bets rewrite keeps them. */
function callsToKeep(
  shown: readonly Need[],
  works: readonly Atom[],
  { callsOf }: BetSources,
): readonly GivenUp[] {
  const denied = new Set(
    works.flatMap(({ denies }) =>
      denies
        .map(parseNeedPattern)
        .flatMap(({ kind, subject }) => (kind === "syscall" ? callsOf(subject ?? "*") : [])),
    ),
  );
  const filters = loadDirectives().filter(({ kind }) => kind === "syscalls");
  return filters.flatMap(({ directive }) =>
    shown
      .filter(({ kind, subject }) => kind === "syscall" && subject !== undefined && !subject.startsWith("@"))
      .filter(({ subject }) => !denied.has(subject ?? ""))
      .map((need): GivenUp => ({ kind: "need", need, directive })),
  );
}

/** The bets that a proposal makes beyond what works without: needs that its lines deny though they were inferred, or are common. */
export function betsIn(
  proposal: Proposal,
  working: Proposal,
  doubt: Doubt | undefined,
  { unknown }: BetRules,
): readonly Bet[] {
  const doubted = new Set(doubt?.needs.map(formatNeed));
  const denialsOf = ({ settings }: Proposal) =>
    settings.flatMap(({ directive, reasons }) => reasons.map(reason => ({ ...reason, directive })));
  const before = new Set(denialsOf(working).map(({ directive, denied }) => `${directive} ${denied}`));
  const bets = denialsOf(proposal).flatMap(({ directive, denied, because }): readonly Bet[] => {
    if (because.kind === "absent") return [];
    const needs = (because.needs ?? []).filter(need => doubted.has(formatNeed(need)));
    if (needs.length > 0)
      return needs.map(need => ({ what: formatNeed(need), directive, against: sourceOf(need) }));
    return because.prior === "implausible" || before.has(`${directive} ${denied}`)
      ? []
      : [{ what: denied, directive, against: unknown.because }];
  });
  return [...new Map(bets.map(bet => [`${bet.directive} ${bet.what}`, bet])).values()];
}

function sourceOf({ evidence }: Need): string {
  const { by, file, detail } = evidence;
  return `${by}${file === undefined ? "" : ` ${file}`}: ${detail}`;
}

/** The calls of a set that a trace shows, for a filter that is to lose no more than them. */
export function callsSeen(
  { callsOf }: BetSources,
  look: () => Promise<Needs>,
): NonNullable<Search["callsIn"]> {
  return async set => {
    const members = membersOf(callsOf(set));
    return (await look()).present.flatMap(({ kind, subject, evidence }) =>
      kind === "syscall" && subject !== undefined && members.has(subject)
        ? [{ call: subject, detail: evidence.detail }]
        : [],
    );
  };
}
