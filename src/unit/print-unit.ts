import type { UnitTree } from "./tree.ts";

/** @returns the bytes of the file that the tree was parsed from, with every change made to its nodes' `raw`. */
export function printUnit(tree: UnitTree): Uint8Array {
  const printed = Buffer.from(tree.nodes.map(node => node.raw).join(""), "latin1");
  return new Uint8Array(printed.buffer, printed.byteOffset, printed.byteLength);
}
