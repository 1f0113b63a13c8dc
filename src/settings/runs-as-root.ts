import type { Settings } from "./settings.ts";

/** Whether the service runs as root, or as another user with capabilities in hand. systemd.exec(5), User= and AmbientCapabilities=. */
export function runsAsRoot(settings: Settings): boolean {
  const user = settings.values.get("User")?.value;
  const dynamic = settings.values.get("DynamicUser")?.value;
  const ambient = settings.values.get("AmbientCapabilities")?.value;
  if (settings.target.scope === "user") return false;
  if (ambient?.kind === "capabilities" && ambient.mask !== 0n) return true;
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
