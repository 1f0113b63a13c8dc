// What the commands that look at a service's doings start with: the unit as its files say, and who can explain its failures.

import { withoutRestrictions } from "../harden/without-restrictions.ts";
import type { FileTree } from "../host/file-tree.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { ExplainOptions } from "../live/explain-failure.ts";
import { collectNeeds } from "../needs/collect-needs.ts";
import { pathKindAtStart } from "../needs/filesystem-needs.ts";
import type { Need } from "../needs/need.ts";
import { findPrograms } from "../needs/programs.ts";
import { loadCommandTable } from "../rules/evidence.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { Failure } from "./failure.ts";
import type { SourceOptions } from "./options.ts";
import { openSession, type Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

export interface FailureSession {
  readonly session: Session;
  readonly unit: string;
  readonly loaded: LoadedUnit;
  /** The file system that the service lives in, where it can be looked at. */
  readonly tree: FileTree | undefined;
  readonly explain: ExplainOptions;
  /** Paths of the programs that the unit executes, as far as they are known. */
  readonly programs: readonly string[];
}

/** @returns `undefined` where there is no such unit, which has been said. @throws {Failure} where systemd refuses it. */
export async function openFailureSession(
  options: SourceOptions,
  terminal: Terminal,
): Promise<FailureSession | undefined> {
  const session = await openSession(options, terminal);
  const [first] = [...session.units()];
  if (first === undefined || first.unit.status === "not-found") return undefined;
  const { unit, target } = first;
  const { context } = session;
  if (unit.status !== "loaded") throw new Failure(`${unit.name} is ${unit.status}`);
  const settings = resolveSettings(unit, context.target, context.facts);
  const tree = target.evidence === "system" ? target.source.tree : undefined;
  return {
    session,
    unit: unit.name,
    loaded: unit,
    tree,
    explain: {
      settings,
      facts: context.facts,
      pathKind: tree === undefined ? undefined : pathKindAtStart(tree, []),
      needs: evidenceOf(unit, context, tree),
    },
    programs: findPrograms(settings, loadCommandTable(), tree).programs.map(({ path }) => path),
  };
}

/** What the service would do without restrictions, collected when it is first asked for. */
function evidenceOf(
  unit: LoadedUnit,
  { target, facts }: Session["context"],
  tree: FileTree | undefined,
): () => readonly Need[] {
  let needs: readonly Need[] | undefined;
  return () => {
    if (needs !== undefined) return needs;
    const bare = withoutRestrictions(unit);
    needs = collectNeeds(bare, resolveSettings(bare, target, facts), facts, tree).knowledge.needs.present;
    return needs;
  };
}
