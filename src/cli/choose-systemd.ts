// Which systemd the units are read for, and why that one.
import type { FileTree } from "../host/file-tree.ts";
import { installedSystemd } from "../host/installed-systemd.ts";
import { visible } from "../report/escape-terminal.ts";
import { Failure } from "./failure.ts";

/** The versions that the rule data covers. */
export const oldest = 247;
export const newest = 262;

export interface ChosenSystemd {
  readonly version: number;
  /** "installed here", "as asked" … */
  readonly why: string;
}

/**
 * The version that was asked for, else the one that the source has installed, else the newest known.
 * @param trees where to look for an installed one: the root, package or host under audit.
 * @throws {Failure} where the version is none, or is not covered.
 */
export function chooseSystemd(
  asked: string | undefined,
  trees: readonly FileTree[],
  origin = "--systemd",
): ChosenSystemd {
  if (asked !== undefined) {
    const digits = /^v?(\d{3})(?:[.~-].*)?$/.exec(asked.trim())?.[1];
    const version = Number(digits);
    if (!(version >= oldest && version <= newest)) {
      throw new Failure(`${origin} takes a version from ${oldest} to ${newest}, not "${visible(asked)}"`);
    }
    return { version, why: "as asked" };
  }
  for (const tree of trees) {
    const found = installedSystemd(tree);
    if (found === undefined) continue;
    const where = tree.label === "this host" ? "installed here" : `installed in ${visible(tree.label)}`;
    if (found.version > newest)
      return { version: newest, why: `the newest known; ${found.version} is ${where}` };
    if (found.version < oldest)
      return { version: oldest, why: `the oldest known; ${found.version} is ${where}` };
    return { version: found.version, why: where };
  }
  return { version: newest, why: "the newest known; none is installed" };
}
