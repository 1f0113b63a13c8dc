import { dirname, resolve } from "node:path";
import type { FileTree } from "../host/file-tree.ts";

export const configName = "tightunit.conf";

/** The nearest tightunit.conf, in the folder or above it; `undefined` where there is none. */
export function findConfig(workingFolder: string, tree: FileTree): string | undefined {
  for (let folder = resolve(workingFolder); ; folder = dirname(folder)) {
    const file = folder === "/" ? `/${configName}` : `${folder}/${configName}`;
    if (tree.stat(file)?.kind === "file") return file;
    if (folder === dirname(folder)) return undefined;
  }
}
