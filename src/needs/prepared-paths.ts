// What commands outside of the sandbox prepare for the service: evidence of what it writes, though they need nothing of the sandbox.

import type { FileTree } from "../host/file-tree.ts";
import { loadCommandTable } from "../rules/evidence.ts";
import type { Settings } from "../settings/settings.ts";
import { commandNeeds } from "./command-needs.ts";
import type { Need } from "./need.ts";
import { findPrograms } from "./programs.ts";

/**
 * The paths that `+` commands make or hand over, as in `ExecStartPre=+install -d -o baker /data/oven`. Permissions of the source say
 * nothing about them, since nobody has made them yet.
 */
export function preparedPaths(settings: Settings, tree: FileTree | undefined): readonly Need[] {
  const table = loadCommandTable();
  return findPrograms(settings, table, tree, "outside").programs.flatMap(program =>
    (commandNeeds(program, table) ?? []).filter(({ kind }) => kind === "write"),
  );
}
