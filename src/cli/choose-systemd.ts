// Which systemd the units are read for, and why that one.
import { architectureOf, hostArchitecture } from "../host/architecture.ts";
import type { FileTree } from "../host/file-tree.ts";
import { installedSystemd } from "../host/installed-systemd.ts";
import { tellVersion } from "../host/tell-version.ts";
import { visible } from "../report/escape-terminal.ts";
import { speaker } from "../report/messages.ts";
import { loadMessages } from "../rules/messages.ts";
import type { Scope } from "../rules/scope.ts";
import { systemdProfiles } from "../rules/systemd-facts.ts";
import { resolveTarget } from "../settings/resolve-target.ts";
import type { Target } from "../settings/settings.ts";
import { Failure } from "./failure.ts";

const isHostTree = ({ label }: FileTree): boolean => label === "this host";

export interface Asked {
  readonly systemd?: string | undefined;
  readonly arch?: string | undefined;
  readonly scope: Scope;
}

export interface Choice {
  readonly target: Target;
  /** For a person: the version, why that one, and what stands in for it. */
  readonly readFor: string;
}

/**
 * What was asked for, else the systemd that the source has installed, else the newest known.
 * @param trees where to look for an installed one: the root, package or host under audit.
 * @throws {Failure} where the version or architecture is none, or is not covered.
 */
export function chooseSystemd(asked: Asked, trees: readonly FileTree[]): Choice {
  const found = trees.map(tree => ({ tree, systemd: installedSystemd(tree) })).find(each => each.systemd);
  // Only the machine's own program is asked: nothing of a root or a package is ever run.
  const told =
    found === undefined && trees.some(isHostTree) && asked.systemd === undefined ? tellVersion() : undefined;
  const installed = found?.systemd ?? told;
  const isHost = found === undefined || isHostTree(found.tree);
  const newest = systemdProfiles[systemdProfiles.length - 1] ?? 0;
  const version = asked.systemd ?? installed?.version ?? newest;
  const ofRoot = found?.systemd === undefined || isHost ? undefined : architectureOf(found.systemd);
  const request = { scope: asked.scope, arch: asked.arch ?? ofRoot ?? hostArchitecture() };
  const exactly = resolveTarget({ ...request, version });
  // A machine older than all that is known is no fault of who asks: the oldest rules are the nearest.
  const isOlder = exactly.kind === "error" && asked.systemd === undefined;
  const result = isOlder ? resolveTarget({ ...request, version: systemdProfiles[0] }) : exactly;
  const speak = speaker(loadMessages());
  if (result.kind === "error") throw new Failure(speak(result.diagnostic));
  const { target, note } = result;
  const why =
    asked.systemd !== undefined
      ? "as asked"
      : installed === undefined
        ? "the newest known, none is installed"
        : `installed ${isHost ? "here" : `in ${visible(found?.tree.label ?? "")}`}`;
  const line = `Read for systemd ${target.version} (${why}), ${target.scope} units on ${target.arch}.`;
  return { target, readFor: note === undefined ? line : `${line} ${speak(note)}` };
}
