/** `tightunit trace` on a daemon of the table, in a boot of its own, while its probe uses it: what the traced way has as evidence. */
import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { type Daemon, packagesOf, unitsOf } from "./daemons/daemon.ts";
import type { BootedRoot } from "./harness/boot.ts";
import { cacheFolder } from "./harness/paths.ts";
import type { Suite } from "./harness/roots.ts";
import { bringProgram, findStrace, installTool } from "./harness/tool.ts";
import { bootDaemon } from "./measure.ts";

/** The trace of a daemon under its probe, from its first start on; kept for as long as packages, setup and probe stay the same. */
export const tracePath = (daemon: Daemon, suite: Suite): string => {
  const made = JSON.stringify([packagesOf(daemon, suite), daemon.setup, daemon.probe, daemon.files]);
  const key = createHash("sha256").update(made).digest("hex").slice(0, 12);
  return join(cacheFolder(), "traces", suite, `${daemon.name}-${key}.strace`);
};

/** Puts the command line and strace into a boot. */
export const equip = async (root: BootedRoot): Promise<void> => {
  const strace = findStrace();
  if (strace === undefined) throw new Error("needs strace");
  await installTool(root);
  bringProgram(root, strace);
};

/**
 * Traces the daemon's first unit while the probe runs, unless that was done before, and gives the trace's path on this machine.
 * Throws when the tracing or the probe under it failed.
 */
export const traceDaemon = async (daemon: Daemon, suite: Suite): Promise<string> => {
  const path = tracePath(daemon, suite);
  if (existsSync(path)) return path;
  const root = await bootDaemon(daemon, suite);
  try {
    await equip(root);
    // Brings the probe library.
    await root.runScript("true");
    const units = unitsOf(daemon, suite);
    const unit = units[0] ?? "";
    // As every probe begins: what a socket starts is not started by the tracer.
    const restarts = (daemon.start ?? units).map(each => `timeout 40 systemctl restart '${each}'`);
    await root.writeFile("/run/live/probe.sh", [". /run/live/lib.sh", ...restarts, daemon.probe].join("\n"));
    const done = await root.run(
      `tightunit trace '${unit}' -o /root/trace --probe 'bash /run/live/probe.sh'`,
      { timeoutMs: 900_000 },
    );
    if (done.code !== 0) throw new Error(`tracing ${daemon.name} failed:\n${done.output.slice(-2000)}`);
    mkdirSync(join(path, ".."), { recursive: true });
    copyFileSync(join(root.rootPath, "root/trace"), `${path}.new`);
    renameSync(`${path}.new`, path);
    return path;
  } finally {
    root.stop();
  }
};
