// Whether root got at a file as any other user would, or by a capability: capabilities(7), CAP_DAC_OVERRIDE and its neighbours.
// A trace shows that a call succeeded; owners and modes in the source say what it took.

import { posix } from "node:path";
import type { FileTree } from "../../host/file-tree.ts";
import { isBelow } from "../need-pattern.ts";

/** Who owns a path and what its mode is, as far as anybody knows. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly isDirectory: boolean;
}

export type Wanted = "read" | "write" | "exec";

const BITS: Readonly<Record<Wanted, number>> = { read: 4, write: 2, exec: 1 };
const UNSEEN = ["/proc", "/sys", "/dev", "/run", "/tmp", "/var/tmp"];

/** The owner of a path in the source; `undefined` for what a running system makes, and for what is not there. */
export function ownerOf(path: string, tree: FileTree): Owner | undefined {
  if (UNSEEN.some(folder => isBelow(path, folder))) return undefined;
  const stat = tree.stat(path);
  return stat === undefined ? undefined : { ...stat, isDirectory: stat.kind === "directory" };
}

/**
 * The capability that root needs for an access; none where root would be allowed as an owner, a member of its group or anybody.
 * @param owner what is known of a path: from the source, or because the trace showed it made or given away
 */
export function rightFor(
  path: string,
  wanted: Wanted,
  owner: (path: string) => Owner | undefined,
): "CAP_DAC_OVERRIDE" | "CAP_DAC_READ_SEARCH" | undefined {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const above = owner(folder);
    if (above !== undefined && !isAllowed(above, 1))
      return wanted === "write" ? "CAP_DAC_OVERRIDE" : "CAP_DAC_READ_SEARCH";
    if (folder === "/" || folder === ".") break;
  }
  const file = owner(path);
  if (file === undefined || isAllowed(file, BITS[wanted])) return undefined;
  return wanted === "write" || (wanted === "exec" && !file.isDirectory)
    ? "CAP_DAC_OVERRIDE"
    : "CAP_DAC_READ_SEARCH";
}

function isAllowed({ uid, gid, mode }: Owner, bits: number): boolean {
  const shift = uid === 0 ? 6 : gid === 0 ? 3 : 0;
  return ((mode >> shift) & bits) === bits;
}
