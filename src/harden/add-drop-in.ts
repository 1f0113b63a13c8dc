import type { LoadedUnit } from "../host/loaded-unit.ts";
import { parseUnit } from "../unit/parse-unit.ts";

/** The file that a proposal is written to, in the unit's own drop-in folder. */
export const DROP_IN_NAME = "50-tightunit.conf";

/** The unit as systemd would load it with the text in place: drop-ins apply in the order of their base names. */
export function addDropIn(unit: LoadedUnit, text: string): LoadedUnit {
  const path = `/etc/systemd/${unit.scope}/${unit.name}.d/${DROP_IN_NAME}`;
  const tree = parseUnit(new TextEncoder().encode(text), path);
  const added = [...unit.dropIns, { path, tree }];
  return { ...unit, dropIns: added.sort((a, b) => compareBytes(baseName(a.path), baseName(b.path))) };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
