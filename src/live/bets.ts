// What a probe is asked to decide: needs that evidence only infers, that stand between the unit and stricter values, and that a
// trace of the service at work did not show.
import type { Doubt, Proposal, ProposeOptions } from "../harden/proposal.ts";
import { kindOf } from "../needs/judge-denial.ts";
import type { Coverage, Need, Needs } from "../needs/need.ts";
import {
  type CallsOf,
  formatNeed,
  type NeedPattern,
  parseNeedPattern,
  subjectContains,
  subjectsOverlap,
} from "../needs/need-pattern.ts";
import type { BetGroup, BetRules } from "../rules/bets.ts";
import type { NeedVocabulary } from "../rules/needs.ts";

export interface BetContext {
  readonly propose: (options: ProposeOptions) => Proposal;
  readonly rules: BetRules;
  readonly vocabulary: NeedVocabulary;
  readonly callsOf: CallsOf;
  /** What a trace of the service at work showed, and what it would have shown. */
  readonly seen: Needs;
}

/** A need that is taken away on trial may uncover another behind it. */
const MOST_ROUNDS = 6;

/**
 * The doubts that make the proposal stricter; `undefined` where there are none.
 * Never doubted: what the unit or its configuration declares, what was seen, and what no probe would show (`rules/live/bets.json`).
 */
export function doubtsOf(options: ProposeOptions, context: BetContext): Doubt | undefined {
  const { propose, rules } = context;
  const groups = [...rules.bets, ...followingGroups(context)];
  const absent = absences(groups, context);
  const needs = new Map<string, Need>();
  const plain = propose(options);
  const isOpen = obstaclesOf(plain).some(
    need => need.prior === undefined && rules.open.needs.includes(formatNeed(need)),
  );
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const proposal = propose({ ...options, doubt: { needs: [...needs.values()], absent } });
    const before = needs.size;
    for (const need of obstaclesOf(proposal))
      if (isDoubtful(need, groups, context) && !(isOpen && !isImplausible(need, context)))
        needs.set(formatNeed(need), need);
    if (needs.size === before) break;
  }
  const doubt: Doubt = { needs: [...needs.values()], absent };
  return propose({ ...options, doubt }).dropIn === plain.dropIn ? undefined : doubt;
}

/** The needs that stand in the way of stricter values, or for which they make exceptions. */
function obstaclesOf({ withheld, settings }: Proposal): readonly Need[] {
  return [
    ...withheld.flatMap(({ because }) => (because.kind === "needed" ? because.needs : [])),
    ...settings.flatMap(({ exceptions }) => exceptions.map(({ need }) => need)),
  ];
}

/** What follows from a whole trace that does not show something. */
function followingGroups(context: BetContext): readonly BetGroup[] {
  const isCovered = (kind: string) => context.seen.absent.some(claim => claim.kind === kind);
  return context.rules.together.filter(({ unseen }) =>
    unseen.map(parseNeedPattern).every(pattern => isCovered(pattern.kind) && !wasSeen(pattern, context)),
  );
}

/** The claims that a trace makes about kinds of which it showed nothing at all, and what follows from them. */
function absences(groups: readonly BetGroup[], context: BetContext): readonly Coverage[] {
  const [first] = context.seen.absent;
  if (first === undefined) return [];
  const plain = context.seen.absent.filter(claim => !wasSeen(claim, context));
  const following = groups
    .filter(group => !context.rules.bets.includes(group))
    .flatMap(group => group.needs)
    .map((text): Coverage => ({ ...first, kind: parseNeedPattern(text).kind }));
  return [...plain, ...following.map(({ subject: _, ...claim }) => claim)];
}

function isDoubtful(need: Need, groups: readonly BetGroup[], context: BetContext): boolean {
  const { rules } = context;
  if (need.certainty !== "inferred" || need.prior !== undefined || need.evidence.by === "config")
    return false;
  return isOneOf(need, groups, context) && !isOneOf(need, rules.never, context) && !wasSeen(need, context);
}

function isOneOf(need: Need, groups: readonly BetGroup[], { vocabulary, callsOf }: BetContext): boolean {
  const kind = kindOf(need.kind, vocabulary);
  return groups
    .flatMap(each => each.needs)
    .map(parseNeedPattern)
    .some(
      pattern => pattern.kind === need.kind && subjectContains(kind, pattern.subject, need.subject, callsOf),
    );
}

function isImplausible(need: NeedPattern, { vocabulary }: BetContext): boolean {
  const { priors, prior } = kindOf(need.kind, vocabulary);
  return ((need.subject === undefined ? undefined : priors?.[need.subject]) ?? prior) === "implausible";
}

/** Whether a trace showed anything that the pattern speaks of. */
export function wasSeen(pattern: NeedPattern, { seen, vocabulary, callsOf }: BetContext): boolean {
  const kind = kindOf(pattern.kind, vocabulary);
  return seen.present.some(
    need => need.kind === pattern.kind && subjectsOverlap(kind, need.subject, pattern.subject, callsOf),
  );
}
