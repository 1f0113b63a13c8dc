import type { AddressPrefix } from "../settings/settings.ts";

function bitsOf({ address, length }: AddressPrefix): string {
  return address
    .map(byte => byte.toString(2).padStart(8, "0"))
    .join("")
    .slice(0, length);
}

/**
 * Whether prefixes of a family cover every address without one of them being of length 0: `0.0.0.0/1 128.0.0.0/1`.
 * Takes time linear in the number of prefixes times their length.
 */
export function coversByParts(prefixes: readonly AddressPrefix[], family: 4 | 6): boolean {
  const own = prefixes.filter(prefix => prefix.family === family);
  if (own.some(prefix => prefix.length === 0)) return false;
  const covered = new Set(own.map(bitsOf));
  for (let length = family === 4 ? 32 : 128; length > 0; length--) {
    for (const bits of [...covered].filter(each => each.length === length)) {
      const sibling = bits.slice(0, -1) + (bits.endsWith("0") ? "1" : "0");
      if (covered.has(sibling)) covered.add(bits.slice(0, -1));
      covered.delete(bits);
      covered.delete(sibling);
    }
  }
  return covered.has("");
}
