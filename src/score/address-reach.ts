import type { AddressPrefix, SettingValue } from "../settings/settings.ts";

/** How far a service's packets may go. `open`: some address is not denied; `some`, `local`: by what is allowed. */
export type AddressReach = "open" | "some" | "local" | "none";

function prefixesOf(value: SettingValue | undefined): readonly AddressPrefix[] {
  return value?.kind === "addresses" ? value.prefixes : [];
}

/** systemd looks at the masked address alone: 127.0.0.0/4 becomes 112.0.0.0 and ::1/64 becomes ::, no loopback. */
function isLoopback({ family, address }: AddressPrefix): boolean {
  if (family === 4) return address[0] === 127;
  return address.every((byte, index) => byte === (index === 15 ? 1 : 0));
}

/**
 * Reads `IPAddressDeny=` and `IPAddressAllow=` as systemd's check does: everything is denied only by a prefix of
 * length 0 in both families; halves of the address space do not count (systemd.resource-control(5)).
 */
export function addressReach(deny: SettingValue | undefined, allow: SettingValue | undefined): AddressReach {
  const denied = prefixesOf(deny);
  const isAllDenied = ([4, 6] as const).every(family =>
    denied.some(prefix => prefix.family === family && prefix.length === 0),
  );
  if (!isAllDenied) return "open";
  const allowed = prefixesOf(allow);
  if (allowed.length === 0) return "none";
  return allowed.every(isLoopback) ? "local" : "some";
}
