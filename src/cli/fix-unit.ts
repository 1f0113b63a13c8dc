// One unit of `fix`: what is proposed, as text, and what writing it down takes. Nothing is written here, so that any thread
// can do it.
import { hardenUnit } from "../harden/harden-unit.ts";
import type { Proposal } from "../harden/proposal.ts";
import { withoutManagedBlock } from "../harden/without-managed-block.ts";
import { dropInName, previewDropIn } from "../host/drop-in-file.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { SourceError } from "../host/source-error.ts";
import { oncePer } from "../needs/once-per.ts";
import { visible } from "../report/escape-terminal.ts";
import type { FixedUnit } from "../report/fix-summary.ts";
import { plain } from "../report/paint.ts";
import { proposalText } from "../report/proposal-text.ts";
import { unifiedDiff } from "../report/unified-diff.ts";
import { assess } from "../score/assess.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import type { Settings } from "../settings/settings.ts";
import { dropInPlace, ownFolder, type Place } from "./drop-in-place.ts";
import type { UnitWork } from "./each-unit.ts";
import { Failure } from "./failure.ts";
import type { FixOptions } from "./options.ts";
import { proposeOptions } from "./propose-options.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";
import { traceOf } from "./trace-of.ts";

/** What `fix` makes of a unit. */
export type FixPiece =
  | {
      readonly kind: "proposed";
      readonly place: Place;
      /** The managed block of the drop-in; empty where there is nothing to propose. */
      readonly dropIn: string;
      /** What is shown in the asked format. */
      readonly text: string;
      readonly row: FixedUnit;
    }
  | { readonly kind: "failed" };

/** @throws {Failure} on options that cannot be */
export function fixWork(options: FixOptions, session: Session, terminal: Terminal): UnitWork<FixPiece> {
  const wanted = proposeOptions(options);
  const { target, facts, pack, policy } = session.context;
  const own = ownFolder(target.scope, options.global === true, terminal.env);
  return async (unit, from, warn) => {
    const failed = (why: string): FixPiece => {
      warn(`tightunit: ${visible(unit.name)}: ${why}`);
      return { kind: "failed" };
    };
    try {
      // Mostly the unit is hardened as it was found, and is resolved but once.
      const resolve = oncePer((each: LoadedUnit) => resolveSettings(each, target, facts));
      const problem = problemOf(unit, resolve, session);
      if (problem !== undefined) return failed(problem);
      const place = dropInPlace(unit, from, session.machineRoot, terminal.cwd, own);
      const tree = from.evidence === "system" ? from.source.tree : undefined;
      const traced = await traceOf(unit, session, options, tree, { ...terminal, warn });
      const proposal = hardenUnit({
        unit: withoutManagedBlock(unit, dropInName),
        facts,
        resolve,
        assess: settings => assess(settings, pack, facts, policy),
        options: wanted,
        ...(tree === undefined ? {} : { tree }),
        ...(traced === undefined ? {} : { traced }),
      });
      const { dropIn, before, after, settings } = proposal;
      const text = shown(proposal, place, options, session, terminal);
      const row = { unit: unit.name, before, after, directives: settings.length };
      return { kind: "proposed", place, dropIn, text, row: rowOf(row) };
    } catch (error) {
      if (error instanceof SourceError) return failed(session.speak(error.diagnostic));
      // Of many units, one that trips a mistake of ours is no reason to keep quiet about the others.
      if (options.all !== true || error instanceof Failure || !(error instanceof Error)) throw error;
      return failed(visible(`internal error: ${error.message}`));
    }
  };
}

/** The figures alone: the assessments are large, and nobody asks for more. */
function rowOf({ before, after, ...rest }: FixedUnit): FixedUnit {
  const figures = ({ exposure, level }: FixedUnit["before"]) => ({ exposure, level });
  return { ...rest, before: figures(before), after: figures(after) };
}

/** Why a unit cannot be hardened, or nothing. */
function problemOf(
  unit: LoadedUnit,
  resolve: (unit: LoadedUnit) => Settings,
  { speak }: Session,
): string | undefined {
  if (unit.status === "loaded") {
    const { refused } = resolve(unit);
    return refused === undefined ? undefined : speak(refused);
  }
  const reason = unit.diagnostics.find(each => each.severity === "error");
  return reason === undefined ? unit.status : speak(reason);
}

function shown(
  proposal: Proposal,
  place: Place,
  options: FixOptions,
  session: Session,
  { columns }: Terminal,
): string {
  if (options.format !== "json" && options.write === true) return "";
  if (options.format === "dropin") return proposal.dropIn;
  const diff = diffOf(place, proposal);
  if (options.format === "json")
    return JSON.stringify({ ...proposal, path: place.writable?.path ?? null, diff });
  // A patch in a file is for programs as well as for people.
  const paint = options.output === undefined ? session.paint : plain;
  return `${proposalText(proposal, { columns, paint })}${diff}`;
}

function diffOf(place: Place, proposal: Proposal): string {
  if (place.writable === undefined) return unifiedDiff(place.shown, undefined, proposal.dropIn);
  const { before, after } = previewDropIn(place.writable, proposal.dropIn);
  return unifiedDiff(place.shown, before === "" ? undefined : before, after);
}
