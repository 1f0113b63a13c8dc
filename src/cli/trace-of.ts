import type { FileTree } from "../host/file-tree.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { Needs } from "../needs/need.ts";
import { findPrograms } from "../needs/programs.ts";
import { outsideCommands } from "../needs/trace/outside-commands.ts";
import type { TraceContext } from "../needs/trace/trace-needs.ts";
import { loadCommandTable } from "../rules/evidence.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { workingFolder } from "../settings/run-identity.ts";
import { heldCapabilities } from "../settings/runs-as-root.ts";
import { readTraces } from "./read-traces.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/** What the traces that the user gave show of a unit. */
export async function traceOf(
  unit: LoadedUnit,
  session: Session,
  options: { readonly trace?: readonly string[] | undefined },
  tree: FileTree | undefined,
  terminal: Terminal,
): Promise<Needs | undefined> {
  if (options.trace === undefined || options.trace.length === 0) return undefined;
  return readTraces(options.trace, unit.name, traceContextOf(unit, session, tree), terminal);
}

/** What a trace of the unit is read with. */
export function traceContextOf(
  unit: LoadedUnit,
  { context }: Session,
  tree: FileTree | undefined,
): TraceContext {
  const settings = resolveSettings(unit, context.target, context.facts);
  return {
    isRoot: heldCapabilities(settings) === undefined,
    programs: findPrograms(settings, loadCommandTable(), tree).programs.map(({ path }) => path),
    outside: outsideCommands(settings),
    workingFolder: workingFolder(settings),
    ...(tree === undefined ? {} : { tree }),
  };
}
