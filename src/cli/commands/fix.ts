// fix: units → drop-ins, shown as diffs with their reasons, or put in place, or taken back.

import { hardenUnit } from "../../harden/harden-unit.ts";
import type { Proposal, ProposeOptions } from "../../harden/proposal.ts";
import { withoutManagedBlock } from "../../harden/without-managed-block.ts";
import { dropInName, previewDropIn, undoDropIn, writeDropIn } from "../../host/drop-in-file.ts";
import type { LoadedUnit } from "../../host/loaded-unit.ts";
import { SourceError } from "../../host/source-error.ts";
import type { Needs } from "../../needs/need.ts";
import { visible } from "../../report/escape-terminal.ts";
import { tenths } from "../../report/paint.ts";
import { proposalText } from "../../report/proposal-text.ts";
import { unifiedDiff } from "../../report/unified-diff.ts";
import { assess } from "../../score/assess.ts";
import { resolveSettings } from "../../settings/resolve-settings.ts";
import { dropInPlace, ownFolder, type Place } from "../drop-in-place.ts";
import { exitOf } from "../exit-of.ts";
import { EXIT } from "../failure.ts";
import type { FixOptions } from "../options.ts";
import { proposeOptions } from "../propose-options.ts";
import { openSession, type Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";
import { traceOf } from "../trace-of.ts";

interface Fixed {
  readonly unit: LoadedUnit;
  readonly place: Place;
  readonly proposal: Proposal;
  readonly diff: string;
}

/** @returns 0; 2 where a unit cannot be hardened or written, 3 where there is none. */
export async function fix(options: FixOptions, terminal: Terminal): Promise<number> {
  const wanted = proposeOptions(options);
  const session = await openSession(options, terminal);
  const own = ownFolder(session.context.target.scope, options.global === true, terminal.env);
  let failed = 0;
  let separator = "";
  if (options.format === "json" && options.undo !== true) await terminal.write(`${opening(session)}\n`);
  for (const { unit, target } of session.units()) {
    const name = visible(unit.name);
    try {
      const place = dropInPlace(unit, target, session.machineRoot, terminal.cwd, own);
      if (options.undo === true) {
        await terminal.write(undo(name, place));
        continue;
      }
      const problem = problemOf(unit, session);
      if (problem !== undefined) {
        failed++;
        terminal.warn(`tightunit: ${name}: ${problem}`);
        continue;
      }
      const tree = target.evidence === "system" ? target.source.tree : undefined;
      const traced = await traceOf(unit, session, options, tree, terminal);
      const proposal = harden(unit, session, wanted, tree, traced);
      const fixed = { unit, place, proposal, diff: diffOf(place, proposal) };
      if (options.format === "json") {
        await terminal.write(`${separator}${JSON.stringify(json(fixed))}`);
        separator = ",\n";
      } else await terminal.write(show(fixed, options, session, terminal));
      if (options.write === true) await terminal.write(options.format === "json" ? "" : put(fixed));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failed++;
      terminal.warn(`tightunit: ${name}: ${session.speak(error.diagnostic)}`);
    }
  }
  if (options.format === "json" && options.undo !== true) await terminal.write("\n]}\n");
  const code = exitOf(session.outcome(), terminal);
  return code === EXIT.fine && failed > 0 ? EXIT.usage : code;
}

/** Why a unit cannot be hardened, or nothing. */
function problemOf(unit: LoadedUnit, session: Session): string | undefined {
  if (unit.status === "loaded") {
    const { refused } = resolveSettings(unit, session.context.target, session.context.facts);
    return refused === undefined ? undefined : session.speak(refused);
  }
  const reason = unit.diagnostics.find(each => each.severity === "error");
  return reason === undefined ? unit.status : session.speak(reason);
}

function harden(
  unit: LoadedUnit,
  session: Session,
  options: ProposeOptions,
  tree: Parameters<typeof hardenUnit>[0]["tree"],
  traced: Needs | undefined,
): Proposal {
  const { target, facts, pack, policy } = session.context;
  return hardenUnit({
    unit: withoutManagedBlock(unit, dropInName),
    facts,
    resolve: each => resolveSettings(each, target, facts),
    assess: settings => assess(settings, pack, facts, policy),
    options,
    ...(tree === undefined ? {} : { tree }),
    ...(traced === undefined ? {} : { traced }),
  });
}

function diffOf(place: Place, proposal: Proposal): string {
  if (place.writable === undefined) return unifiedDiff(place.shown, undefined, proposal.dropIn);
  const { before, after } = previewDropIn(place.writable, proposal.dropIn);
  return unifiedDiff(place.shown, before === "" ? undefined : before, after);
}

function show(fixed: Fixed, options: FixOptions, session: Session, terminal: Terminal): string {
  if (options.write === true) return "";
  if (options.format === "dropin") return fixed.proposal.dropIn;
  const { columns } = terminal;
  return `${proposalText(fixed.proposal, { columns, paint: session.paint })}${fixed.diff}`;
}

function put({ unit, place, proposal }: Fixed): string {
  const name = visible(unit.name);
  if (place.writable === undefined) throw new SourceError("nowhere-to-write", { unit: unit.name });
  if (proposal.dropIn === "") return `${name}: nothing to add\n`;
  const outcome = writeDropIn(place.writable, proposal.dropIn);
  const figures = `${tenths(proposal.before.exposure)} → ${tenths(proposal.after.exposure)}`;
  return `${outcome === "written" ? "wrote" : "unchanged:"} ${visible(place.writable.path)} (${name} ${figures})\n`;
}

function undo(name: string, place: Place): string {
  if (place.writable === undefined) throw new SourceError("nowhere-to-write", { unit: name });
  const path = visible(place.writable.path);
  switch (undoDropIn(place.writable)) {
    case "removed":
      return `removed ${path}\n`;
    case "kept":
      return `took our lines out of ${path}, which has others\n`;
    default:
      return `${name}: nothing of ours to remove\n`;
  }
}

function opening(session: Session): string {
  return `${JSON.stringify(session.head).slice(0, -1)},"units":[`;
}

function json({ place, proposal, diff }: Fixed): object {
  return { ...proposal, path: place.writable?.path ?? null, diff };
}
