// Many units, each made into something by a command, in their order: here, or on more threads where that pays. Whoever
// made a piece, it is the same, and comes at its place; so a run's output does not depend on the machine.
import type { AuditTarget } from "../host/audit-target.ts";
import { keepHeapSmall } from "../host/heap.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { Thread } from "../host/threads.ts";
import type { AuditOptions, FixOptions, GateOptions } from "./options.ts";
import type { Session, UnitSource } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/**
 * What a command makes of one unit: plain data, which can go from thread to thread.
 * `warn` takes lines for a person, which are shown at the unit's place.
 */
export type UnitWork<P> = (
  unit: LoadedUnit,
  target: AuditTarget,
  warn: (line: string) => void,
) => P | Promise<P>;

/** What a thread has to know to do the same work. */
export type ThreadTask =
  | { readonly command: "audit"; readonly options: AuditOptions }
  | { readonly command: "fix"; readonly options: FixOptions }
  | { readonly command: "gate"; readonly options: GateOptions };

export interface Spread {
  readonly task: ThreadTask;
  /** From how many units on a further thread is worth its start. */
  readonly from: number;
  /** How many units a thread takes at a time. */
  readonly at: number;
}

/** What was made of one unit, and what was said. */
export interface Made<P> {
  readonly piece: P;
  readonly warnings: readonly string[];
  readonly isFound: boolean;
}

/** A question to a thread, and its answer; both name the block, which is the place in the order. */
export interface Asked {
  readonly block: number;
  readonly names: readonly string[];
}
export type Answered =
  | { readonly kind: "ready" }
  | { readonly kind: "made"; readonly block: number; readonly made: readonly Made<unknown>[] };

/** What a thread starts with. */
export interface Start {
  readonly task: ThreadTask;
  readonly columns: number;
  readonly isTerminal: boolean;
}

/** More blocks than this wait for one before them: then we wait as well, so that what is held stays bounded. */
const MAX_AHEAD = 64;

/** From so many units on memory counts for more than the time that collecting garbage takes. */
const VERY_MANY = 2000;

/** Every unit that is meant. @throws whatever `work` throws, at the unit's place. */
export async function* eachUnit<P>(
  session: Session,
  work: UnitWork<P>,
  terminal: Terminal,
  spread?: Spread,
): AsyncGenerator<P> {
  for (const source of session.sources()) {
    let done = 0;
    if (source.names.length >= VERY_MANY) keepHeapSmall();
    for await (const block of blocksOf(source, work, terminal, spread)) {
      for (const { piece, warnings, isFound } of block) {
        session.count(isFound);
        for (const line of warnings) terminal.warn(line);
        yield piece;
      }
      done += block.length;
      if (source.names.length > 32) terminal.progress(`${done} of ${source.names.length} units`);
    }
    terminal.progress("");
  }
}

/** One block, by whoever it is. */
export async function makeBlock<P>(
  source: UnitSource,
  names: readonly string[],
  work: UnitWork<P>,
): Promise<readonly Made<P>[]> {
  const made: Made<P>[] = [];
  for (const name of names) {
    const warnings: string[] = [];
    const unit = source.load(name);
    const piece = await work(unit, source.target, line => warnings.push(line));
    made.push({ piece, warnings, isFound: unit.status !== "not-found" });
  }
  return made;
}

async function* blocksOf<P>(
  source: UnitSource,
  work: UnitWork<P>,
  terminal: Terminal,
  spread: Spread | undefined,
): AsyncGenerator<readonly Made<P>[]> {
  const size = spread?.at ?? 16;
  const count = Math.ceil(source.names.length / size);
  const namesOf = (block: number): readonly string[] => source.names.slice(block * size, (block + 1) * size);
  const helpers = spread === undefined ? undefined : await helpersFor(spread, source, terminal);
  if (helpers === undefined) {
    for (let block = 0; block < count; block++) yield makeBlock(source, namesOf(block), work);
    return;
  }
  try {
    yield* shared(helpers, count, namesOf, names => makeBlock(source, names, work));
  } finally {
    await helpers.stop();
  }
}

interface Helpers {
  readonly threads: readonly Thread[];
  turn(): Promise<void>;
  stop(): Promise<void>;
}

/** Threads, where the units are many and lie where any thread can read them; nothing otherwise. */
async function helpersFor(
  { task, from }: Spread,
  { names, isShareable }: UnitSource,
  { threadFile, columns, isTerminal }: Terminal,
): Promise<Helpers | undefined> {
  if (threadFile === undefined || names.length < from || !isShareable) return undefined;
  const { processors, startThread, turn } = await import("../host/threads.ts");
  const count = Math.min(processors(), Math.ceil(names.length / from) + 1) - 1;
  if (count < 1) return undefined;
  const start: Start = { task, columns, isTerminal };
  const threads = Array.from({ length: count }, () => startThread(threadFile, start));
  return {
    threads,
    turn,
    async stop() {
      await Promise.all(threads.map(thread => thread.stop()));
    },
  };
}

/** Blocks in their order: each thread has one to work on and one to go on with, this one takes the next of what is left. */
async function* shared<P>(
  { threads, turn }: Helpers,
  count: number,
  namesOf: (block: number) => readonly string[],
  here: (names: readonly string[]) => Promise<readonly Made<P>[]>,
): AsyncGenerator<readonly Made<P>[]> {
  const made = new Map<number, readonly Made<P>[]>();
  const crew = threads.map(thread => ({ thread, isReady: false, asked: new Set<number>() }));
  /** What a thread that failed was asked. */
  const again: number[] = [];
  let next = 0;
  for (let place = 0; place < count; ) {
    for (const member of crew) {
      for (const message of member.thread.received()) {
        // Only our own threads answer, with what `serveUnits` makes of the same work.
        const answer = message as Answered;
        member.isReady = true;
        if (answer.kind !== "made") continue;
        member.asked.delete(answer.block);
        made.set(answer.block, answer.made as readonly Made<P>[]);
      }
      if (member.thread.hasFailed()) {
        again.push(...member.asked);
        member.asked.clear();
        continue;
      }
      while (member.isReady && member.asked.size < 2 && next < count && made.size < MAX_AHEAD) {
        member.thread.post({ block: next, names: namesOf(next) } satisfies Asked);
        member.asked.add(next++);
      }
    }
    const block = made.get(place);
    if (block !== undefined) {
      made.delete(place++);
      yield block;
      continue;
    }
    const own = again.shift() ?? (next < count && made.size < MAX_AHEAD ? next++ : undefined);
    if (own !== undefined) {
      made.set(own, await here(namesOf(own)));
      await turn();
    } else {
      await Promise.race(crew.filter(({ asked }) => asked.size > 0).map(({ thread }) => thread.wait()));
    }
  }
}
