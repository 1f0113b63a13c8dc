import type { FileTree } from "../host/file-tree.ts";
import { SourceError } from "../host/source-error.ts";
import { oncePer, oncePerPath } from "./once-per.ts";

/** The files that a package installed. */
export interface PackageFiles {
  /** The list that they stand in. */
  readonly file: string;
  readonly paths: readonly string[];
}

const FOLDER = "/var/lib/dpkg/info";
/** Of one package; the longest list of Debian has some 20 MB of paths, and is no service's. */
const MAX_LIST = 4 * 1024 * 1024;

/**
 * The files of the package that ships a unit, after dpkg's lists (dpkg-query(1)), which are read once for all units.
 * `undefined` where no package ships it, or where the packages are of a kind whose lists are no text (rpm).
 */
export function packageFiles(unitPath: string, tree: FileTree): PackageFiles | undefined {
  const file = listFiles(tree).get(plainUnitPath(unitPath));
  return file === undefined ? undefined : readList(file, tree);
}

const readList = oncePerPath((file, tree): PackageFiles => ({ file, paths: textOf(file, tree).split("\n") }));

const UNIT_FILE = /^(?:(?:\/usr)?\/lib\/systemd\/(?:system|user)\/[^/\n]+|\/etc\/systemd\/system\/[^\n]+)$/gm;

/** Unit file → list file. */
const listFiles = oncePer((tree: FileTree): ReadonlyMap<string, string> => {
  const index = new Map<string, string>();
  for (const name of tree.readDirectory(FOLDER)) {
    if (!name.endsWith(".list")) continue;
    const file = `${FOLDER}/${name}`;
    // Few packages ship units; a look at the whole text is a tenth of the work of cutting it into lines.
    for (const [path] of textOf(file, tree).matchAll(UNIT_FILE)) index.set(plainUnitPath(path), file);
  }
  return index;
});

/** Since the merge of /lib into /usr a list may name either. */
function plainUnitPath(path: string): string {
  return path.replace(/^\/lib\//, "/usr/lib/");
}

function textOf(file: string, tree: FileTree): string {
  try {
    return new TextDecoder().decode(tree.readFile(file, MAX_LIST));
  } catch (error) {
    if (error instanceof SourceError) return "";
    throw error;
  }
}
