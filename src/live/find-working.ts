// From a proposal that breaks the service to the strictest one that does not: what must be given up, found in few restarts.
import type { GivenUp, Proposal, ProposeOptions } from "../harden/proposal.ts";
import { formatNeed, parseNeedPattern } from "../needs/need-pattern.ts";
import { loadDirective } from "../rules/directives.ts";
import { loadFailures } from "../rules/failures.ts";
import { type Atom, atomsOf, concede, optionsWithout } from "./atoms.ts";
import { type Clue, cluesOf, provenNeeds, shapeOf, suspicion } from "./clues.ts";
import { isStricter } from "./is-stricter.ts";
import { isolate } from "./isolate.ts";
import type { Observation } from "./observe.ts";

type Broken = Extract<Observation, { kind: "broken" }>;

/** Something that was given up, and why. */
export interface Concession {
  readonly givenUp: GivenUp;
  /** `ProtectSystem=strict`, `cap:CAP_CHOWN`, `write:/var/lib/x`. */
  readonly what: string;
  /** The directive that it was taken from; several may be meant where a line proved a need. */
  readonly directives: readonly string[];
  /**
   * `proven`: a line says so; `found`: the service works without it and fails with it; `seen`: the same of a set of system calls,
   * of which a trace shows those that are made.
   */
  readonly how: "proven" | "found" | "seen";
  /** What the service said, or how it failed. */
  readonly evidence: readonly string[];
  /** The set of which this is one call. */
  readonly ofSet?: string;
}

/** A system call that the service was seen to make, and the line that shows it. */
export interface SeenCall {
  readonly call: string;
  readonly detail: string;
}

export interface Search {
  readonly wanted: ProposeOptions;
  readonly propose: (options: ProposeOptions) => Proposal;
  /** What was given up already. */
  readonly before?: readonly Concession[];
  /** Keys of atoms that are known to work together. */
  readonly works?: ReadonlySet<string>;
  /** Tries a drop-in. "" is the unit as it is. */
  readonly trial: (dropIn: string) => Promise<Observation>;
  /** Lines that the unit writes while all is well. */
  readonly known: ReadonlySet<string>;
  /** Told of each thing that was given up. */
  readonly onConcession: (concession: Concession) => void;
  /** Told of each of them that turned out to work in the end. */
  readonly onWonBack?: (concession: Concession) => void;
  /** The calls of a set that the service makes, where somebody watched it. */
  readonly callsIn?: (set: string) => Promise<readonly SeenCall[]>;
  /** Asked before each trial: where not, the search ends with the best that worked. Without it there is no end to patience. */
  readonly mayTry?: () => boolean;
}

export interface Found {
  readonly proposal: Proposal;
  readonly concessions: readonly Concession[];
  /** `spent`: patience ended before all was tried, and this is the best of what worked. */
  readonly end: "complete" | "spent";
}

/** What a failed trial showed, with the clues in it. */
interface Failed {
  readonly broken: Broken;
  readonly clues: readonly Clue[];
}

class PatienceSpent extends Error {}

/**
 * Gives up one thing after the other until the service works. Ends, because each round gives up something that the proposal
 * had, and a proposal of nothing is the unit as it is.
 * @returns `undefined` where patience ended before anything had worked
 * @throws what `trial` throws, such as a limit of restarts
 */
export async function findWorking(search: Search): Promise<Found | undefined> {
  let best: Proposal | undefined;
  let concessions = search.before ?? [];
  let works = search.works ?? new Set<string>();
  const attempt = async (proposal: Proposal): Promise<Failed | undefined> => {
    if (search.mayTry?.() === false) throw new PatienceSpent();
    const failed = failureOf(await search.trial(proposal.dropIn), search);
    if (failed === undefined && (best === undefined || isStricter(proposal, best))) best = proposal;
    return failed;
  };
  try {
    for (;;) {
      const proposal = search.propose(
        optionsWithout(
          [],
          search.wanted,
          concessions.map(each => each.givenUp),
        ),
      );
      if (proposal.dropIn === "") return { proposal, concessions, end: "complete" };
      const failed = await attempt(proposal);
      if (failed === undefined) return { proposal, concessions, end: "complete" };
      const { added, working } = await nextConcessions(proposal, failed, concessions, works, attempt, search);
      for (const concession of added) search.onConcession(concession);
      concessions = [...concessions, ...added];
      works = working;
    }
  } catch (error) {
    if (!(error instanceof PatienceSpent)) throw error;
    return best === undefined ? undefined : { proposal: best, concessions, end: "spent" };
  }
}

/** What to give up after a failure: what it proves, else one culprit that is searched for. */
async function nextConcessions(
  proposal: Proposal,
  failed: Failed,
  concessions: readonly Concession[],
  works: ReadonlySet<string>,
  attempt: (proposal: Proposal) => Promise<Failed | undefined>,
  search: Search,
): Promise<{ readonly added: readonly Concession[]; readonly working: ReadonlySet<string> }> {
  const givenUp = concessions.map(each => each.givenUp);
  const proven = provenBy(failed, proposal, givenUp, search);
  if (proven.length > 0) return { added: proven, working: works };
  const atoms = atomsOf(proposal, directive => loadDirective(directive)?.kind);
  // A list that was given something back before is likely to miss more of it.
  const again = new Set(concessions.flatMap(each => each.directives));
  const unknown = atoms.some(atom => !works.has(atom.key)) ? works : new Set<string>();
  const outcome = await isolate<Atom, Failed>({
    suspects: atoms,
    works: unknown,
    failure: failed,
    test: async applied => {
      const omitted = atoms.filter(atom => !applied.includes(atom));
      const reduced = search.propose(optionsWithout(omitted, search.wanted, givenUp));
      return reduced.dropIn === "" ? undefined : attempt(reduced);
    },
    weigh: (atom, { clues }) =>
      atom.odds * suspicion(atom, clues, loadDirective(atom.directive)) * (again.has(atom.directive) ? 3 : 1),
    isNews: news => provenBy(news, proposal, givenUp, search).length > 0,
  });
  const working = new Set(outcome.works.map(atom => atom.key));
  if (outcome.kind === "news")
    return { added: provenBy(outcome.failure, proposal, givenUp, search), working };
  return { added: await culpritsOf(outcome.culprit, outcome.failure, concessions, search), working };
}

/**
 * What to give up for a culprit. Of a set of calls only those that were seen; where the filter is still at fault after that, what
 * was seen was not all, and the set goes as a whole.
 */
async function culpritsOf(
  culprit: Atom,
  failure: Failed,
  before: readonly Concession[],
  search: Search,
): Promise<readonly Concession[]> {
  const found = foundToBe(culprit, failure);
  const set = /^syscall:(@.*)$/.exec(culprit.denied ?? "")?.[1];
  if (set !== undefined) {
    const calls = (await search.callsIn?.(set)) ?? [];
    if (calls.length > 0) return calls.map(each => seenToBe(each, set, culprit.directive));
  }
  if (culprit.kind !== "rest") return [found];
  const whole = new Set(before.flatMap(({ what }) => (what.startsWith("syscall:@") ? [what] : [])));
  const halved = before.find(({ ofSet }) => ofSet !== undefined && !whole.has(`syscall:${ofSet}`));
  if (halved?.ofSet === undefined) return [found];
  const need = parseNeedPattern(`syscall:${halved.ofSet}`);
  const detail = found.evidence[0] ?? "";
  return [
    {
      ...found,
      givenUp: {
        kind: "need",
        need: { ...need, certainty: "observed", evidence: { by: "trial", detail: detail.slice(0, 200) } },
        directive: culprit.directive,
      },
      what: formatNeed(need),
    },
  ];
}

function seenToBe({ call, detail }: SeenCall, set: string, directive: string): Concession {
  const need = parseNeedPattern(`syscall:${call}`);
  return {
    givenUp: {
      kind: "need",
      need: { ...need, certainty: "observed", evidence: { by: "trace", detail } },
      directive,
    },
    what: formatNeed(need),
    directives: [directive],
    how: "seen",
    evidence: [detail],
    ofSet: set,
  };
}

function foundToBe(atom: Atom, { broken, clues }: Failed): Concession {
  const telling = clues.filter(clue => suspicion(atom, [clue], loadDirective(atom.directive)) > 1);
  const lines = [...telling, ...clues].filter(clue => clue.from === "service").map(clue => clue.line.trim());
  const evidence = [...new Set([...lines.slice(0, 2), broken.reason])];
  const what = atom.denied ?? `${atom.directive}=${atom.value}`;
  const givenUp = concede(atom, evidence[0] ?? "");
  return { givenUp, what, directives: [atom.directive], how: "found", evidence };
}

/** The needs that lines prove, as far as granting them changes the proposal. */
function provenBy(
  { clues }: Failed,
  proposal: Proposal,
  givenUp: readonly GivenUp[],
  { propose, wanted }: Search,
): readonly Concession[] {
  const concessions: Concession[] = [];
  let text = proposal.dropIn;
  for (const need of provenNeeds(clues)) {
    const granted = [...givenUp, ...concessions.map(each => each.givenUp), { kind: "need", need } as const];
    const next = propose(optionsWithout([], wanted, granted));
    if (next.dropIn === text) continue;
    text = next.dropIn;
    concessions.push({
      givenUp: { kind: "need", need },
      what: formatNeed(need),
      directives: changed(proposal, next),
      how: "proven",
      evidence: [need.evidence.detail],
    });
  }
  return concessions;
}

function changed(before: Proposal, after: Proposal): readonly string[] {
  const lines = new Map(after.settings.map(setting => [setting.directive, setting.lines.join("\n")]));
  return before.settings
    .filter(setting => lines.get(setting.directive) !== setting.lines.join("\n"))
    .map(setting => setting.directive);
}

function failureOf(observation: Observation, { known }: Search): Failed | undefined {
  if (observation.kind === "works") return undefined;
  return { broken: observation, clues: cluesOf(observation, loadFailures(), known) };
}

/** What an observation of the working unit wrote, for `Search.known`. */
export function shapesOf(observation: Observation): ReadonlySet<string> {
  return new Set(observation.entries.flatMap(entry => entry.message.split("\n").map(shapeOf)));
}
