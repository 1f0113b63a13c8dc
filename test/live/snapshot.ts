/** What must be as it was: the files that make up a unit, what the manager has of it, and whether it runs. */
import type { BootedRoot } from "./harness/boot.ts";

export const snapshotOf = async (root: BootedRoot, unit: string): Promise<string> => {
  const files = await root.run(
    `find /etc/systemd /run/systemd/system /run/systemd/system.control /run/tightunit -path '*.wants*' -prune -o -ls 2>/dev/null | awk '{$1=$2="";$8=$9=$10="";print}' | grep -v ' /run/tightunit' | sort; cat /etc/systemd/system/${unit}.d/* /run/systemd/system/${unit}.d/* /run/systemd/system.control/${unit}.d/* 2>/dev/null; ls -A /run/tightunit 2>/dev/null`,
  );
  const shown = await root.systemctl(
    "show",
    "-p",
    "LoadState,ActiveState,SubState,FragmentPath,DropInPaths,UnitFileState",
    unit,
  );
  return `${files.stdout}\n${shown.stdout}`;
};

export const dropInOf = async (root: BootedRoot, path: string): Promise<string> =>
  (await root.run(`cat '${path}'`)).stdout;
