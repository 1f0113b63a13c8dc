import { spawnSync } from "node:child_process";
import type { InstalledSystemd } from "./installed-systemd.ts";

/** systemctl says its version at once, whatever state the manager is in. */
const patience = 2000;

/**
 * The version that this machine's `systemctl` says of itself, for distributions whose files do not tell it: those that
 * link statically, or keep packages in folders of their own. Nothing where there is no such program.
 * @param program by name or path; the machine's own, never one of a root that is audited.
 */
export function tellVersion(program = "systemctl"): Pick<InstalledSystemd, "version"> | undefined {
  const { status, stdout } = spawnSync(program, ["--version"], {
    encoding: "utf8",
    timeout: patience,
    maxBuffer: 1 << 16,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const version = status === 0 ? versionIn(stdout) : undefined;
  return version === undefined ? undefined : { version };
}

/** `systemd 257 (257.6-1)`, `systemd 258.1`; of a text that begins otherwise, nothing. */
export function versionIn(text: string): number | undefined {
  const digits = /^systemd (\d{3})(?!\d)/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
