import type { FileTree } from "../host/file-tree.ts";
import { oncePer } from "./once-per.ts";

/** A folder that systemd-tmpfiles makes at every boot. tmpfiles.d(5). */
export interface BootFolder {
  readonly path: string;
  /** As the file names them; "root" where it says `-`. */
  readonly user: string;
  readonly group: string;
  readonly file: string;
  readonly line: number;
}

const FOLDERS = ["/etc/tmpfiles.d", "/run/tmpfiles.d", "/usr/local/lib/tmpfiles.d", "/usr/lib/tmpfiles.d"];

/** Every folder of the source's tmpfiles.d; a file of the same name in an earlier folder replaces the later. */
export const bootFolders = oncePer((tree: FileTree): readonly BootFolder[] => {
  const seen = new Set<string>();
  return FOLDERS.flatMap(folder =>
    tree.readDirectory(folder).flatMap(name => {
      if (!name.endsWith(".conf") || seen.has(name)) return [];
      seen.add(name);
      return readTmpfiles(tree, `${folder}/${name}`);
    }),
  );
});

function readTmpfiles(tree: FileTree, file: string): readonly BootFolder[] {
  const bytes = tree.readFile(file);
  if (bytes === undefined) return [];
  return new TextDecoder()
    .decode(bytes)
    .split("\n")
    .flatMap((text, index) => {
      const [type, path, , user, group] = text.trim().split(/\s+/);
      if (type === undefined || path === undefined || !/^[dDvqQ][!+=~^-]*$/.test(type)) return [];
      // The legacy spelling of /run; specifiers in paths are rare there and cannot be a service's own folder.
      const normal = path.replace(/^\/var\/run(?=\/|$)/, "/run");
      const named = (word: string | undefined) =>
        word === undefined || word === "-" ? "root" : word.replace(/^:/, "");
      return [{ path: normal, user: named(user), group: named(group), file, line: index + 1 }];
    });
}
