// Which systemd the units are read for, and why that one.
import { architectureOf, hostArchitecture } from "../host/architecture.ts";
import type { FileTree } from "../host/file-tree.ts";
import { installedSystemd } from "../host/installed-systemd.ts";
import type { Scope } from "../host/loaded-unit.ts";
import { visible } from "../report/escape-terminal.ts";
import { hasSyscallTable, syscallArchitectures, systemdProfiles } from "../rules/systemd-facts.ts";
import type { Target } from "../settings/settings.ts";
import { Failure } from "./failure.ts";

/** The versions that the rule data covers. */
const oldest = 247;
const newest = 262;

export interface Asked {
  readonly systemd?: string | undefined;
  readonly arch?: string | undefined;
  readonly scope: Scope;
}

export interface Choice {
  readonly target: Target;
  /** One line for a person: the version, why that one, and what stands in for it. */
  readonly readFor: string;
}

/**
 * What was asked for, else the systemd that the source has installed, else the newest known.
 * @param trees where to look for an installed one: the root, package or host under audit.
 * @throws {Failure} where the version or architecture is none, or is not covered.
 */
export function chooseSystemd(asked: Asked, trees: readonly FileTree[]): Choice {
  const found = trees
    .map(tree => ({ tree, systemd: installedSystemd(tree) }))
    .find(each => each.systemd !== undefined);
  const installed = found?.systemd;
  const where =
    found === undefined || found.tree.label === "this host"
      ? "installed here"
      : `installed in ${visible(found.tree.label)}`;
  const { version, why } = chooseVersion(asked.systemd, installed?.version, where);
  const profile = systemdProfiles.findLast(each => each <= version) ?? systemdProfiles[0];
  const ofRoot =
    installed === undefined || where === "installed here" ? undefined : architectureOf(installed);
  const arch = asked.arch ?? ofRoot ?? hostArchitecture();
  if (!hasSyscallTable(profile, arch)) {
    const known = syscallArchitectures(profile).join(", ");
    throw new Failure(
      `no table of system calls for the architecture "${visible(arch)}"; there is one for ${known}`,
    );
  }
  const exact = profile === version ? "" : `, by the rules of ${profile}, the nearest that is known exactly`;
  return {
    target: { version, profile, scope: asked.scope, arch },
    readFor: `Read for systemd ${version} (${why})${exact}; ${asked.scope} units on ${arch}.`,
  };
}

function chooseVersion(
  asked: string | undefined,
  installed: number | undefined,
  where: string,
): { readonly version: number; readonly why: string } {
  if (asked !== undefined) {
    const version = Number(/^v?(\d{3})(?:[.~-].*)?$/.exec(asked.trim())?.[1]);
    if (version >= oldest && version <= newest) return { version, why: "as asked" };
    throw new Failure(`--systemd takes a version from ${oldest} to ${newest}, not "${visible(asked)}"`);
  }
  if (installed === undefined) return { version: newest, why: "the newest known; none is installed" };
  if (installed > newest) return { version: newest, why: `the newest known; ${installed} is ${where}` };
  if (installed < oldest) return { version: oldest, why: `the oldest known; ${installed} is ${where}` };
  return { version: installed, why: where };
}
