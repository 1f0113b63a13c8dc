/** `tightunit try` on a daemon of the table, inside a boot of its own, with the daemon's probe. */
import { readFileSync } from "node:fs";
import { type Daemon, unitsOf } from "./daemons/daemon.ts";
import type { BootedRoot } from "./harness/boot.ts";
import { harnessScript } from "./harness/paths.ts";
import type { Suite } from "./harness/roots.ts";
import { installTool } from "./harness/tool.ts";
import { bootDaemon } from "./measure.ts";

/** What `try --format json` prints. */
export interface Tried {
  readonly unit: string;
  readonly works: boolean;
  readonly before: number;
  readonly after: number;
  readonly wished: number;
  readonly givenUp: readonly { readonly what: string; readonly directives: readonly string[] }[];
  readonly restarts: number;
  readonly milliseconds: number;
  readonly dropIn: string;
}

export type TryOutcome =
  | { readonly kind: "tried"; readonly tried: Tried; readonly log: string }
  | { readonly kind: "failed"; readonly code: number; readonly log: string };

/** The folders that probes change: put back before each probe, so that it finds what its first run found. */
const folders = "/etc /srv /home /root /opt /usr/local";

/**
 * The daemon's probe as a command for --probe. A probe is written for one run in a fresh boot, so what it changes in
 * configuration is put back first; a daemon whose files those are gets them as they were before it starts.
 */
const probeScript = (daemon: Daemon): string => `#!/bin/bash
cd /
exec 2>&1
if [ ! -e /run/live-before.tar ]; then tar -cf /run/live-before.tar --exclude=/etc/systemd/system --exclude=/root/.cache ${folders} 2>/dev/null; fi
${readFileSync(harnessScript("probe-lib.sh"), "utf8")}
finish() { code=$?; [ "$code" -eq 0 ] || printf "FAILED with %s: %s\n" "$code" "$BASH_COMMAND"; tar -xf /run/live-before.tar -C / 2>/dev/null; exit "$code"; }
trap finish EXIT
${daemon.probe}
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

const tryUnits = async (root: BootedRoot, daemon: Daemon, args: string) => {
  await installTool(root);
  await root.writeFile("/run/live-probe", probeScript(daemon), 0o755);
  const outcomes = new Map<string, TryOutcome>();
  const units = unitsOf(daemon, root.suite);
  await root.systemctl("daemon-reload");
  for (const unit of daemon.start ?? units) await root.run(`timeout 40 systemctl restart '${unit}'`);
  for (const unit of units) {
    const keep = units.length > 1 ? "--keep" : "";
    const done = await root.run(
      `tightunit try '${unit}' --probe /run/live-probe --probe-timeout 180s --format json ${keep} ${args}`,
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
