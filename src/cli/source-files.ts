// How consumers of reports find the files that findings name: below the top of the repository, else below the system's root.
import { dirname, relative, resolve } from "node:path";
import type { FileTree } from "../host/file-tree.ts";
import { plainFile, type ReportFile } from "../report/formats/format.ts";

/**
 * @param machineRoot the folder of this machine that paths of units start in; "/" without `--root`.
 * @returns relative files of findings are below `cwd`, absolute ones inside the root.
 */
export function sourceFiles(cwd: string, machineRoot: string, tree: FileTree): (file: string) => ReportFile {
  const top = repositoryOf(cwd, tree);
  return file => {
    const isAbsolute = file.startsWith("/");
    const path = isAbsolute ? `${machineRoot === "/" ? "" : machineRoot}${file}` : resolve(cwd, file);
    const near = relative(top, path);
    return near === "" || near.startsWith("..") ? plainFile(file) : { base: "source", path: near };
  };
}

/** The folder with `.git`, upwards; the working folder where there is none. A repository of everything is none. */
function repositoryOf(cwd: string, tree: FileTree): string {
  for (let folder = resolve(cwd); folder !== "/"; folder = dirname(folder)) {
    if (tree.stat(`${folder}/.git`) !== undefined) return folder;
  }
  return cwd;
}
