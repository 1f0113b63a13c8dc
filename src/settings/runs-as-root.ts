import type { Settings } from "./settings.ts";

/** Whether the service runs as root, or as another user with capabilities in hand. systemd.exec(5), User= and AmbientCapabilities=. */
export function runsAsRoot(settings: Settings): boolean {
  if (settings.target.scope === "user") return false;
  return ambientMask(settings) !== 0n || isRootsOwn(settings);
}

/**
 * The capabilities that a service under another user than root has in hand: its ambient ones, as a mask by their numbers.
 * `undefined` for a service of root, which may have all. capabilities(7), ambient set.
 */
export function heldCapabilities(settings: Settings): bigint | undefined {
  if (settings.target.scope === "user") return 0n;
  return isRootsOwn(settings) ? undefined : ambientMask(settings);
}

function ambientMask(settings: Settings): bigint {
  const ambient = settings.values.get("AmbientCapabilities")?.value;
  return ambient?.kind === "capabilities" ? ambient.mask : 0n;
}

/** Whether one of its commands starts as root. */
function isRootsOwn(settings: Settings): boolean {
  const user = settings.values.get("User")?.value;
  const dynamic = settings.values.get("DynamicUser")?.value;
  const startOnly = settings.values.get("PermissionsStartOnly")?.value;
  if (startOnly?.kind === "boolean" && startOnly.value) return true;
  // `!` leaves the command root's powers within the sandbox; systemd.service(5), special executable prefixes.
  const isElevated = [...settings.values.values()].some(
    ({ value }) =>
      value.kind === "commands" &&
      value.commands.some(({ prefixes }) => prefixes.includes("!") && !prefixes.includes("!!")),
  );
  if (isElevated) return true;
  if (dynamic?.kind === "boolean" && dynamic.value) return false;
  return user?.kind !== "text" || user.value === "" || user.value === "root" || user.value === "0";
}
