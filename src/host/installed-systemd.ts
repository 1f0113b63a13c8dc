import type { FileTree } from "./file-tree.ts";

export interface InstalledSystemd {
  readonly version: number;
  /** The file whose name tells the version, as a path inside the tree. */
  readonly path: string;
  /** The multiarch folder it lies in, such as `x86_64-linux-gnu`; absent where the distribution has none. */
  readonly multiarch?: string;
}

/** `libsystemd-shared-252.so` (Debian), `libsystemd-shared-257.6-1.fc42.so` (Fedora), `libsystemd-shared-258.1-1.so` (Arch). */
const SHARED_LIBRARY = /^libsystemd-shared-(\d{3})(?:[~.-][^/]*)?\.so$/;
const FOLDERS = ["/usr/lib", "/usr/lib64", "/lib", "/lib64"] as const;

/**
 * The systemd that a tree holds, told by the name of the library that all its programs share, so that nothing of the
 * tree has to be executed. The highest version wins where several lie side by side.
 */
export function installedSystemd(tree: FileTree): InstalledSystemd | undefined {
  let best: InstalledSystemd | undefined;
  const consider = (folder: string, multiarch?: string): void => {
    for (const name of tree.readDirectory(folder)) {
      const digits = SHARED_LIBRARY.exec(name)?.[1];
      if (digits === undefined || (best !== undefined && best.version >= Number(digits))) continue;
      const found = { version: Number(digits), path: `${folder}/${name}` };
      best = multiarch === undefined ? found : { ...found, multiarch };
    }
  };
  for (const folder of FOLDERS) {
    consider(`${folder}/systemd`);
    for (const name of tree.readDirectory(folder)) {
      if (name.includes("-linux-")) consider(`${folder}/${name}/systemd`, name);
    }
  }
  return best;
}
