import type { FileTree } from "../host/file-tree.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import type { Needs } from "../needs/need.ts";
import { findPrograms } from "../needs/programs.ts";
import { loadCommandTable } from "../rules/evidence.ts";
import { resolveSettings } from "../settings/resolve-settings.ts";
import { runsAsRoot } from "../settings/runs-as-root.ts";
import { readTraces } from "./read-traces.ts";
import type { Session } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/** What the traces that the user gave show of a unit. */
export async function traceOf(
  unit: LoadedUnit,
  { context }: Session,
  options: { readonly trace?: readonly string[] | undefined },
  tree: FileTree | undefined,
  terminal: Terminal,
): Promise<Needs | undefined> {
  if (options.trace === undefined || options.trace.length === 0) return undefined;
  const settings = resolveSettings(unit, context.target, context.facts);
  const folder = settings.values.get("WorkingDirectory")?.value;
  return readTraces(
    options.trace,
    unit.name,
    {
      isRoot: runsAsRoot(settings),
      programs: findPrograms(settings, loadCommandTable(), tree).programs.map(({ path }) => path),
      workingFolder: folder?.kind === "text" && folder.value.startsWith("/") ? folder.value : "/",
      ...(tree === undefined ? {} : { tree }),
    },
    terminal,
  );
}
