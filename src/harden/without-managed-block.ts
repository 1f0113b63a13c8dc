import type { LoadedUnit } from "../host/loaded-unit.ts";
import { removeManagedBlock } from "../host/managed-block.ts";
import { parseUnit } from "../unit/parse-unit.ts";
import { printUnit } from "../unit/print-unit.ts";

/**
 * The unit as it would be without what we wrote into its drop-ins, so that proposing again says the same again.
 * A drop-in whose markers are damaged counts as its author's. Where there is nothing of ours, it is the unit itself.
 * @param name the base name of the drop-ins that we write.
 */
export function withoutManagedBlock(unit: LoadedUnit, name: string): LoadedUnit {
  const dropIns = unit.dropIns.map(dropIn => {
    if (!dropIn.path.endsWith(`/${name}`)) return dropIn;
    const text = Buffer.from(printUnit(dropIn.tree)).toString("latin1");
    const rest = removeManagedBlock(text);
    if (rest.kind === "broken" || !rest.hadBlock) return dropIn;
    return { ...dropIn, tree: parseUnit(Buffer.from(rest.text, "latin1"), dropIn.path) };
  });
  return dropIns.every((dropIn, index) => dropIn === unit.dropIns[index]) ? unit : { ...unit, dropIns };
}
