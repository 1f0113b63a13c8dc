// Finding one culprit among many suspects in few trials: a binary search over the likely ones, halving by odds, not by number.

/** Something that may be at fault, with its odds. */
export interface Suspect {
  readonly key: string;
  readonly odds: number;
}

export type Isolated<S, F> =
  /** `culprit` fails where `works` alone does not; `failure` is what its trial showed. */
  | { readonly kind: "culprit"; readonly culprit: S; readonly works: readonly S[]; readonly failure: F }
  /** A trial showed something that is worth acting on before going on. */
  | { readonly kind: "news"; readonly failure: F; readonly works: readonly S[] };

export interface Isolation<S extends Suspect, F> {
  /** All of these together fail. */
  readonly suspects: readonly S[];
  /** Keys of those that are known to work together; nothing works always. */
  readonly works: ReadonlySet<string>;
  /** What the trial of all showed. */
  readonly failure: F;
  /** Tries these alone: `undefined` where they work. */
  readonly test: (applied: readonly S[]) => Promise<F | undefined>;
  /** The odds in the light of a failure. */
  readonly weigh: (suspect: S, failure: F) => number;
  /** Whether a failure says so much that the search can stop. */
  readonly isNews: (failure: F) => boolean;
}

/**
 * Finds a suspect that fails together with others that work without it. Costs about log2(1 / its share of the odds)
 * trials: one where the odds name it at once.
 */
export async function isolate<S extends Suspect, F>(input: Isolation<S, F>): Promise<Isolated<S, F>> {
  const { suspects, test, weigh, isNews } = input;
  let { failure } = input;
  let works: readonly S[] = suspects.filter(suspect => input.works.has(suspect.key));
  let rest: readonly S[] = suspects.filter(suspect => !input.works.has(suspect.key));
  while (rest.length > 1) {
    rest = byOdds(rest, suspect => weigh(suspect, failure));
    const count = half(rest.map(suspect => weigh(suspect, failure)));
    const low = rest.slice(0, count);
    const outcome = await test([...works, ...low]);
    if (outcome === undefined) {
      works = [...works, ...low];
      rest = rest.slice(count);
    } else {
      failure = outcome;
      rest = low;
      if (isNews(outcome)) return { kind: "news", failure, works };
    }
  }
  const [culprit] = rest;
  if (culprit === undefined) return { kind: "news", failure, works };
  return { kind: "culprit", culprit, works, failure };
}

/** The unlikely first: they are put in place first, and what then breaks it is among the likely. Equal odds keep their order. */
function byOdds<S>(suspects: readonly S[], oddsOf: (suspect: S) => number): readonly S[] {
  return [...suspects].sort((a, b) => oddsOf(a) - oddsOf(b));
}

/** How many from the start make up half of the odds; at least one, and not all. */
export function half(odds: readonly number[]): number {
  const total = odds.reduce((sum, each) => sum + each, 0);
  let sum = 0;
  let best = 1;
  for (let count = 1; count < odds.length; count++) {
    sum += odds[count - 1] ?? 0;
    const distance = Math.abs(total / 2 - sum);
    const bestSum = odds.slice(0, best).reduce((all, each) => all + each, 0);
    if (distance <= Math.abs(total / 2 - bestSum)) best = count;
  }
  return best;
}
