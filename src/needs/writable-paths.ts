// What a user may write, by owners and modes. One walk over the tree serves every unit and every user.

import type { FileTree } from "../host/file-tree.ts";
import { loadPlaces } from "../rules/places.ts";
import type { Account } from "./accounts.ts";
import type { Need } from "./need.ts";
import { isBelow } from "./need-pattern.ts";

/** Bounds on the walk: services own folders near the top, and an image may hold millions of files. */
const MAX_DEPTH = 5;
const MAX_ENTRIES = 40_000;

export interface WritablePaths {
  /** The highest folders and the single files that the user may write. */
  readonly needs: readonly Need[];
  /** Whether those are all; not where a bound ended the walk. */
  readonly isComplete: boolean;
}

/** What was seen of one path, so that the next user's walk need not look again. */
interface Seen {
  readonly path: string;
  readonly stat: NonNullable<ReturnType<FileTree["lstat"]>>;
  children?: readonly Seen[];
}

/** Per tree: what was seen, and the results by account. */
const walks = new WeakMap<
  FileTree,
  { readonly seen: Map<string, Seen>; readonly results: Map<string, WritablePaths> }
>();

/** Walks the places where services write, and the user's home folder. */
export function writablePaths(account: Account, tree: FileTree): WritablePaths {
  const walk = walks.get(tree) ?? { seen: new Map(), results: new Map() };
  walks.set(tree, walk);
  const key = [account.uid, ...account.gids, account.home].join(" ");
  const known = walk.results.get(key);
  if (known !== undefined) return known;
  const result = walkPlaces(account, tree, walk.seen);
  walk.results.set(key, result);
  return result;
}

function walkPlaces(account: Account, tree: FileTree, roots: Map<string, Seen>): WritablePaths {
  const needs: Need[] = [];
  let left = MAX_ENTRIES;
  const visit = (seen: Seen, depth: number): void => {
    const { path, stat } = seen;
    if (stat.kind === "symlink" || left-- <= 0) return;
    const isOwner = stat.uid === account.uid;
    const isMember = account.gids.includes(stat.gid);
    const isWritable = isOwner || (isMember && (stat.mode & 0o020) !== 0) || (stat.mode & 0o002) !== 0;
    // Everybody's folders with the sticky bit are /tmp by another name.
    const isShared = stat.kind === "directory" && (stat.mode & 0o1002) === 0o1002 && !isOwner;
    if (isWritable && (stat.kind === "directory" || stat.kind === "file")) {
      const detail = isShared ? "everybody may write it" : `the user ${account.name} may write it`;
      needs.push({
        kind: "write",
        subject: path,
        certainty: "inferred",
        evidence: { by: "filesystem", file: path, detail },
      });
      if (!isShared) return;
    }
    if (stat.kind !== "directory" || depth >= MAX_DEPTH) return;
    // Who may not search a folder cannot write what lies in it: path_resolution(7).
    if ((stat.mode & (isOwner ? 0o100 : isMember ? 0o010 : 0o001)) === 0) return;
    for (const child of childrenOf(seen, tree)) visit(child, depth + 1);
  };
  const places = [...loadPlaces().written, account.home].filter(
    (place, index, all) =>
      place.startsWith("/") &&
      !all.some((other, at) => at !== index && isBelow(place, other) && (place !== other || at < index)),
  );
  for (const place of places) {
    const stat = tree.lstat(place);
    if (stat === undefined) continue;
    const root = roots.get(place) ?? { path: place, stat };
    roots.set(place, root);
    visit(root, 0);
  }
  return { needs, isComplete: left > 0 };
}

function childrenOf(seen: Seen, tree: FileTree): readonly Seen[] {
  seen.children ??= tree.readDirectory(seen.path).flatMap(name => {
    const path = seen.path === "/" ? `/${name}` : `${seen.path}/${name}`;
    const stat = tree.lstat(path);
    return stat === undefined ? [] : [{ path, stat }];
  });
  return seen.children;
}
