import { parseUnitName } from "../unit/unit-name.ts";
import { dropInFolderNames } from "./drop-in-folders.ts";
import { baseOf, lookAt } from "./link-target.ts";
import type { UnitIndex } from "./unit-index.ts";

export interface DropInFiles {
  /** In the order in which systemd reads them; masked ones are left out. */
  readonly paths: readonly string[];
  /** Files in the same folders that systemd does not read for want of `.conf`. */
  readonly stray: readonly string[];
}

/**
 * systemd.unit(5): drop-ins of all names of a unit; of files with the same name the first folder's counts, in the order
 * names, search path, specific to general, and the folders of the whole type (`service.d`) last of all.
 * @param names every name of the unit, the id first.
 */
export function findDropIns(index: UnitIndex, names: readonly string[]): DropInFiles {
  const kept = new Map<string, string>();
  const stray: string[] = [];
  const { tree } = index.source;
  for (const folder of foldersOf(index, names)) {
    if (lookAt(index.source, folder) !== "file") continue;
    for (const file of tree.readDirectory(folder)) {
      const path = `${folder}/${file}`;
      // conf_files_list passes over hidden files.
      if (file.endsWith(".conf") && !file.startsWith(".")) {
        if (!kept.has(file)) kept.set(file, path);
      } else if (tree.lstat(path)?.kind !== "directory") stray.push(path);
    }
  }
  const paths = [...kept.values()].sort((a, b) =>
    Buffer.compare(Buffer.from(baseOf(a)), Buffer.from(baseOf(b))),
  );
  return { paths: paths.filter(path => lookAt(index.source, path) === "file"), stray };
}

function foldersOf(index: UnitIndex, names: readonly string[]): Set<string> {
  const folders = new Set<string>();
  for (const name of names) {
    const wanted = dropInFolderNames(name).flatMap(folder => {
      const paths = index.dropInFolders.get(folder);
      return paths === undefined ? [] : [paths];
    });
    if (wanted.length === 0) continue;
    for (const directory of index.directories) {
      for (const paths of wanted) {
        for (const path of paths)
          if (path.startsWith(`${directory}/`) && path.lastIndexOf("/") === directory.length)
            folders.add(path);
      }
    }
  }
  const type = parseUnitName(names[0] ?? "")?.type;
  for (const path of index.dropInFolders.get(`${type}.d`) ?? []) folders.add(path);
  return folders;
}
