// What the commands that change a running service start with: the unit as its files say, a way to propose for it, the
// machine, and a line for every step.
import { basename } from "node:path";
import { hardener } from "../harden/harden-unit.ts";
import type { Proposal, ProposeOptions } from "../harden/proposal.ts";
import { withoutManagedBlock } from "../harden/without-managed-block.ts";
import { type DropInPlace, dropInName } from "../host/drop-in-file.ts";
import { type LiveContext, machineContext } from "../live/live-context.ts";
import { LiveError } from "../live/live-error.ts";
import type { BetSources } from "../live/place-bets.ts";
import type { Speak } from "../report/messages.ts";
import { speaker } from "../report/messages.ts";
import { loadBetRules } from "../rules/bets.ts";
import { loadMessages } from "../rules/messages.ts";
import { loadNeedVocabulary } from "../rules/needs.ts";
import { assess } from "../score/assess.ts";
import { callSets } from "../settings/call-sets.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { printUnit } from "../unit/print-unit.ts";
import type { Diagnostic, UnitTree } from "../unit/tree.ts";
import { dropInPlace } from "./drop-in-place.ts";
import { EXIT, Failure } from "./failure.ts";
import { interruption } from "./interruption.ts";
import type { ApplyOptions } from "./options.ts";
import { openSession, type Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";
import { traceContextOf, traceOf } from "./trace-of.ts";

/** Whether the unit's own lines of ours count as there, or are looked past because they will be replaced. */
export type ManagedLines = "seen" | "looked-past";

export interface LiveUnit {
  readonly session: Session;
  readonly unit: string;
  readonly place: DropInPlace;
  /** A drop-in that holds lines of ours, and what others wrote into it. */
  readonly managed?: { readonly name: string; readonly text: string };
  /** Drop-ins that are read after ours, and so win. */
  readonly later: readonly string[];
  readonly propose: (options: ProposeOptions) => Proposal;
  /** What a probe can be asked to decide, and how a trace of the unit is read. */
  readonly bets: BetSources;
}

/** @throws {Failure} where there is no such unit on this machine, or systemd refuses it. */
export async function openLiveUnit(options: ApplyOptions, terminal: Terminal): Promise<LiveUnit | undefined> {
  const session = await openSession({ ...options, root: undefined, user: undefined }, terminal);
  const [first] = [...session.units()];
  if (first === undefined || first.unit.status === "not-found") return undefined;
  const { unit, target } = first;
  if (target.kind !== "system") throw new Failure("Name a unit that this machine has, not a file");
  const place = dropInPlace(unit, target, session.machineRoot, terminal.cwd).writable;
  if (place === undefined) throw new Failure(`${unit.name} has no place for a drop-in`);
  const { context } = session;
  const bare = withoutManagedBlock(unit, dropInName);
  const settings = resolveSettings(bare, context.target, context.facts);
  if (settings.refused !== undefined) throw new Failure(session.speak(settings.refused));
  if (unit.status !== "loaded") throw new Failure(`${unit.name} is ${unit.status}`);
  const { tree } = target.source;
  const managed = bare.dropIns.find((dropIn, index) => dropIn !== unit.dropIns[index]);
  const traced = await traceOf(bare, session, options, tree, terminal);
  return {
    session,
    unit: unit.name,
    place,
    ...(managed === undefined ? {} : { managed: { name: dropInName, text: textOf(managed.tree) } }),
    later: bare.dropIns.map(({ path }) => path).filter(path => basename(path) > dropInName),
    propose: hardener({
      unit: bare,
      facts: context.facts,
      resolve: each => resolveSettings(each, context.target, context.facts),
      assess: each => assess(each, context.pack, context.facts, context.policy),
      tree,
      ...(traced === undefined ? {} : { traced }),
    }),
    bets: {
      rules: loadBetRules(),
      vocabulary: loadNeedVocabulary(),
      callsOf: callSets(context.facts).callsOf,
      traced: traceContextOf(bare, session, tree),
    },
  };
}

function textOf(tree: UnitTree): string {
  return Buffer.from(printUnit(tree)).toString();
}

/** Runs a live command with its steps told, signals caught, and its failures as one line and an exit code. */
export async function withMachine(
  terminal: Terminal,
  run: (context: LiveContext, speak: Speak) => Promise<number>,
): Promise<number> {
  const speak = speaker(loadMessages());
  const { signal, release } = interruption();
  const say = (diagnostic: Diagnostic): void => terminal.warn(speak(diagnostic));
  try {
    return await run(machineContext(signal, say), speak);
  } catch (error) {
    if (!(error instanceof LiveError)) throw error;
    terminal.warn(`tightunit: ${speak(error.diagnostic)}`);
    return { machine: EXIT.findings, usage: EXIT.usage, nothing: EXIT.nothing }[error.sort];
  } finally {
    release();
  }
}
