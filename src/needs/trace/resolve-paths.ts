// The path that a call means: from the working folder, a descriptor or the root, links followed where the source is at hand.

import { posix } from "node:path";
import type { FileTree } from "../../host/file-tree.ts";
import { normalizePath } from "../../host/resolve-path.ts";
import { loadPlaces } from "../../rules/places.ts";
import { isBelow } from "../need-pattern.ts";
import { notePath, readDescriptor, readString } from "./arguments.ts";
import type { Process } from "./processes.ts";

const MAX_KNOWN = 50_000;
const MAX_PATH = 4096;

export interface PathResolver {
  /**
   * The absolute path, as the unit sees it, that a path argument and the descriptor before it mean; links are not followed yet.
   * Without a path the descriptor itself is meant. `undefined` where the trace does not tell.
   */
  absolute(process: Process, dir: string | undefined, path: string | undefined): string | undefined;
  /** The same for a path that is known as such. */
  from(process: Process, dir: string | undefined, path: string): string | undefined;
  /** The same with links followed, in the last part only if `keepsLink` is false. */
  real(path: string, keepsLink: boolean): string;
}

/** @param links those that every system has; they count where the source does not show them */
export function pathResolver(
  tree: FileTree | undefined,
  links: Readonly<Record<string, string>>,
): PathResolver {
  const known = new Map<string, string>();
  const common = Object.entries(links);
  const { live } = loadPlaces();

  const withLinks = (path: string): string => {
    const link = common.find(([from]) => isBelow(path, from));
    return link === undefined ? path : link[1] + path.slice(link[0].length);
  };

  function follow(path: string): string {
    const name = withLinks(path);
    if (tree === undefined || live.some(folder => isBelow(name, folder))) return name;
    // The part that is there, links followed, and the rest as it stands.
    let rest = "";
    let folder = name;
    for (let depth = 0; depth < 64 && folder !== "/"; depth++) {
      const real = tree.realPath(folder);
      if (real !== undefined) return withLinks(normalizePath(real + rest));
      rest = `/${posix.basename(folder)}${rest}`;
      folder = posix.dirname(folder);
    }
    return name;
  }

  function real(path: string, keepsLink: boolean): string {
    const key = keepsLink ? `l${path}` : path;
    const before = known.get(key);
    if (before !== undefined) return before;
    const parent = posix.dirname(path);
    const found =
      keepsLink && path !== "/" ? normalizePath(`${follow(parent)}/${posix.basename(path)}`) : follow(path);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(key, found);
    return found;
  }

  function from(process: Process, dir: string | undefined, path: string): string | undefined {
    if (path.length > MAX_PATH) return undefined;
    // Even where it does not count, it tells where the process stands.
    const base = baseOf(process, dir);
    if (path.startsWith("/")) return normalizePath(process.place.root + path);
    return base === undefined || path === "" ? base : normalizePath(`${base}/${path}`);
  }

  return {
    absolute(process, dir, path) {
      const text = path === undefined || path === "NULL" ? "" : readString(path);
      return text === undefined ? undefined : from(process, dir, text);
    },
    from,
    real,
  };
}

/** Where a relative path counts from: the working folder, or the descriptor's. */
function baseOf(process: Process, dir: string | undefined): string | undefined {
  if (dir === undefined) return process.place.cwd;
  const held = readDescriptor(dir);
  if (held === undefined) return undefined;
  const noted = notePath(held.note);
  if (noted !== undefined) {
    // Calls without a descriptor count from there as well.
    if (held.fd === -100) process.place.cwd = noted;
    return noted;
  }
  // A note that is no path is a socket, a pipe or another thing that has none.
  if (held.note !== undefined) return undefined;
  return held.fd === -100 ? process.place.cwd : process.files.get(held.fd)?.path;
}
