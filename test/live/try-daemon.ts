/** `tightunit try` on a daemon of the table, inside a boot of its own, with the daemon's probe. */
import { readFileSync } from "node:fs";
import { type Daemon, unitsOf } from "./daemons/daemon.ts";
import type { BootedRoot } from "./harness/boot.ts";
import { harnessScript } from "./harness/paths.ts";
import type { Suite } from "./harness/roots.ts";
import { bringProgram, findStrace, installTool } from "./harness/tool.ts";
import { bootDaemon } from "./measure.ts";

/** What `try --format json` prints. */
export interface Tried {
  readonly unit: string;
  readonly works: boolean;
  readonly before: number;
  readonly after: number;
  readonly wished: number;
  readonly givenUp: readonly { readonly what: string; readonly directives: readonly string[] }[];
  readonly bets: readonly {
    readonly what: string;
    readonly directive: string;
    readonly against: string;
  }[];
  readonly restarts: number;
  readonly milliseconds: number;
  readonly dropIn: string;
}

export type TryOutcome =
  | { readonly kind: "tried"; readonly tried: Tried; readonly log: string }
  | { readonly kind: "failed"; readonly code: number; readonly log: string };

/** The folders that probes change, and what in them belongs to the machine or to the trial. */
const folders = "/etc /var /srv /home /root /opt /mnt /tmp /usr/local";
const kept = [
  "/etc/systemd",
  "/var/lib/systemd",
  "/var/lib/tightunit",
  "/var/log/journal",
  "/var/lib/dpkg",
  "/var/lib/apt",
  "/var/cache/apt",
  "/opt/tightunit",
  "/tmp/systemd-private-*",
];

/** Keeps what stands there before the service is started for the first time. */
const keepCommand = `#!/bin/bash
cd /
tar -cf /run/live-before.tar ${kept.map(path => `--exclude='${path}'`).join(" ")} ${folders} 2>/dev/null
ls /run/netns 2>/dev/null | sort > /run/live-before.namespaces
ls /sys/class/net | sort > /run/live-before.links
ip addr save > /run/live-before.addresses
sleep 0.02; touch /run/live-before.stamp
`;

/**
 * The daemon's probe as a command for --probe. A probe is written for one run in a fresh boot, so before each run what the one
 * before changed is put back, with the service stopped, to what stood there before its first start: what an earlier trial wrote
 * must not pass for what this one did. What the probe left running is ended.
 */
const probeCommand = (start: readonly string[], units: readonly string[]): string => `#!/bin/bash
exec 2>&1
cd /
systemctl stop ${units.join(" ")}
find ${folders} -xdev '(' ${kept.map(path => `-path '${path}'`).join(" -o ")} ')' -prune -o ! -type d -cnewer /run/live-before.stamp -print0 | xargs -0 -r rm -f
# Folders in folders, from the innermost on.
for level in 1 2 3 4; do
  find ${folders} -xdev '(' ${kept.map(path => `-path '${path}'`).join(" -o ")} ')' -prune -o -type d -cnewer /run/live-before.stamp -empty -print0 | xargs -0 -r rmdir 2>/dev/null
done
# Notes that it was started in this boot.
find /run -maxdepth 1 -type f -newer /run/live-before.stamp ! -name 'live*' -delete
tar -xf /run/live-before.tar -C / --skip-old-files 2>/dev/null
# It writes into files that are gone now.
systemctl try-restart rsyslog 2>/dev/null
for space in $(ls /run/netns 2>/dev/null | sort | comm -13 /run/live-before.namespaces -); do
  ip netns pids "$space" | xargs -r kill -9
  # A link that was moved there would end with it.
  for link in $(ip netns exec "$space" ls /sys/class/net | sort | comm -12 /run/live-before.links -); do
    [ "$link" = lo ] || ip -n "$space" link set "$link" netns 1
  done
  ip netns del "$space"
done
for link in $(ls /sys/class/net | sort | comm -13 /run/live-before.links -); do ip link del "$link"; done
for link in $(grep -vx lo /run/live-before.links); do ip addr flush dev "$link" scope global; done
ip addr restore < /run/live-before.addresses 2>/dev/null
for unit in ${start.join(" ")}; do
  systemctl reset-failed "$unit" 2>/dev/null
  # Under strace a start takes its time.
  timeout 120 systemctl restart "$unit" || exit 1
done
systemd-run --quiet --scope --collect --unit=live-probe bash /run/live-probe-script
code=$?
systemctl kill --signal=KILL live-probe.scope 2>/dev/null
# Units that the probe made with systemd-run.
for file in /run/systemd/transient/*.service; do
  [ -e "$file" ] || continue
  systemctl stop "$(basename "$file")" 2>/dev/null; systemctl reset-failed "$(basename "$file")" 2>/dev/null
done
exit $code
`;

/** Tries the daemon's units one after the other; what works for one is in place while the next is tried. */
export const tryDaemon = async (
  daemon: Daemon,
  suite: Suite,
  args = "--level strict",
): Promise<ReadonlyMap<string, TryOutcome>> => {
  const root = await bootDaemon(daemon, suite);
  try {
    return await tryUnits(root, daemon, args);
  } finally {
    root.stop();
  }
};

export const tryUnits = async (root: BootedRoot, daemon: Daemon, args: string) => {
  await installTool(root);
  const strace = findStrace();
  if (strace !== undefined) bringProgram(root, strace);
  const library = readFileSync(harnessScript("probe-lib.sh"), "utf8");
  await root.writeFile("/run/live-probe-script", `${library}\n${daemon.probe}`);
  const outcomes = new Map<string, TryOutcome>();
  const units = unitsOf(daemon, root.suite);
  const start = daemon.start ?? units;
  await root.writeFile("/run/live-probe", probeCommand(start, units), 0o755);
  await root.systemctl("daemon-reload");
  await root.writeFile("/run/live-keep", keepCommand, 0o755);
  await root.run("/run/live-keep");
  for (const unit of start) await root.run(`timeout 40 systemctl restart '${unit}'`);
  // What its probe starts needs what the probe brings, such as logs to rotate.
  if (start.length === 0) await root.run("/run/live-probe", { timeoutMs: 300_000 });
  for (const unit of units) {
    const keep = units.length > 1 ? "--keep" : "";
    const done = await root.run(
      `tightunit try '${unit}' --probe /run/live-probe --probe-timeout 300s --format json ${keep} ${args}`,
      { timeoutMs: 1_800_000 },
    );
    const line = done.stdout.split("\n").find(each => each.startsWith("{"));
    outcomes.set(
      unit,
      line === undefined
        ? { kind: "failed", code: done.code, log: done.output }
        : { kind: "tried", tried: JSON.parse(line) as Tried, log: done.stderr },
    );
  }
  return outcomes;
};
