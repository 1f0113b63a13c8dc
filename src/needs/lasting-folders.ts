// Which folders are there at every start, and which only because something made them once.

import type { FileTree } from "../host/file-tree.ts";
import { loadPlaces } from "../rules/places.ts";
import { bootFolders } from "./boot-folders.ts";
import { packageFiles } from "./package-files.ts";

/**
 * Tells of a folder of the source whether it lasts: it is the system's own (hier(7)), came with the package that ships the unit, is made
 * at every boot (tmpfiles.d(5)), or is one of `provided`, which the manager makes before each start. Any other may have been made by a
 * first start, an installer or a person, and be gone with the next machine, where systemd.exec(5), ReadWritePaths=, would let nothing of
 * the service start.
 */
export function lastingFolders(
  unitPath: string | undefined,
  provided: readonly string[],
  tree: FileTree,
): (folder: string) => boolean {
  let known: ReadonlySet<string> | undefined;
  return folder => {
    known ??= new Set([
      ...loadPlaces().standing,
      ...provided,
      ...bootFolders(tree).map(({ path }) => path),
      ...(unitPath === undefined ? [] : (packageFiles(unitPath, tree)?.paths ?? [])),
    ]);
    return known.has(folder);
  };
}
