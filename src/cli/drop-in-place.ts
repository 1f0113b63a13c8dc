// Where a unit's drop-in belongs: beside a file of a source tree, else in /etc of the system that the unit runs on.
import { dirname, relative } from "node:path";
import type { AuditTarget } from "../host/audit-target.ts";
import { type DropInPlace, dropInName } from "../host/drop-in-file.ts";
import type { LoadedUnit, Scope } from "../host/loaded-unit.ts";
import { parseUnitName } from "../unit/unit-name.ts";

export interface Place {
  /** Absent where there is nowhere to write: a package, standard input. */
  readonly writable?: DropInPlace;
  /** As a diff names it: relative to the working folder for files of a source tree, else to the system's root. */
  readonly shown: string;
}

/**
 * Where drop-ins of the one user go who runs this; nothing where the units are the system's, or there is no such folder.
 * systemd.unit(5): `$XDG_CONFIG_HOME/systemd/user` counts before /etc/systemd/user, which is for all users.
 */
export function ownFolder(
  scope: Scope,
  isForAll: boolean,
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  if (scope === "system" || isForAll) return undefined;
  const config = env.XDG_CONFIG_HOME || (env.HOME === undefined ? undefined : `${env.HOME}/.config`);
  return config?.startsWith("/") ? `${config}/systemd/user` : undefined;
}

/**
 * @param machineRoot the folder of this machine that `--root` named; "/" without it.
 * @param own the folder of one user's units, for units of this machine.
 */
export function dropInPlace(
  unit: LoadedUnit,
  target: AuditTarget,
  machineRoot: string,
  workingFolder: string,
  own?: string,
): Place {
  const folder = `${dropInOwner(unit)}.d/${dropInName}`;
  const inSystem = `etc/systemd/${unit.scope}/${folder}`;
  switch (target.kind) {
    case "system": {
      const path = own === undefined ? `/${inSystem}` : `${own}/${folder}`;
      return { writable: { root: target.machineRoot ?? machineRoot, path }, shown: path.slice(1) };
    }
    case "root":
      return { writable: { root: target.machineRoot ?? machineRoot, path: `/${inSystem}` }, shown: inSystem };
    case "file":
    case "folder": {
      const path = `${dirname(unit.path ?? `${workingFolder}/x`)}/${folder}`;
      const near = relative(workingFolder, path);
      return { writable: { root: "/", path }, shown: near.startsWith("..") ? path.slice(1) : near };
    }
    case "package":
    case "standard-input":
      return { shown: inSystem };
    default: {
      const never: never = target.kind;
      return never;
    }
  }
}

/** A template that was named alone is hardened as the template, an instance as itself. */
function dropInOwner(unit: LoadedUnit): string {
  const asked = parseUnitName(unit.requested);
  const file = (unit.path ?? "").slice((unit.path ?? "").lastIndexOf("/") + 1);
  const fragment = parseUnitName(file);
  // A file of a source tree may have another name than the unit that it becomes.
  const isTemplate = fragment === undefined ? file !== "" : fragment.isTemplate;
  if (asked?.isTemplate !== true || !isTemplate) return unit.name;
  return fragment?.name ?? asked.name;
}
