/** `tightunit trace` on real services: what a probe sees stays the same, and what it finds is enough for the probe. */
import { afterEach, describe, expect, it } from "vitest";
import { type Daemon, unitsOf } from "./daemons/daemon.ts";
import { daemons } from "./daemons/index.ts";
import { whyUnavailable } from "./harness/available.ts";
import type { BootedRoot } from "./harness/boot.ts";
import { bringProgram, findStrace, installTool } from "./harness/tool.ts";
import { bootDaemon } from "./measure.ts";

const strace = findStrace();
const reason = whyUnavailable() ?? (strace === undefined ? "needs strace" : undefined);
const skipped = reason === undefined ? "" : `: skipped, ${reason}`;
const wanted = process.env.LIVE_DAEMONS?.split(",");

const daemonOf = (name: string): Daemon => {
  const daemon = daemons.find(each => each.name === name);
  if (daemon === undefined) throw new Error(`no such daemon: ${name}`);
  return daemon;
};

/** The probe as a script inside, for `--probe`. */
const bringProbe = async (root: BootedRoot, daemon: Daemon): Promise<void> => {
  await root.runScript("true");
  await root.writeFile("/run/live/probe.sh", `. /run/live/lib.sh\n${daemon.probe}`);
};

const equip = async (daemon: Daemon): Promise<BootedRoot> => {
  const root = await bootDaemon(daemon, "trixie");
  await installTool(root);
  if (strace !== undefined) bringProgram(root, strace);
  await bringProbe(root, daemon);
  return root;
};

describe.skipIf(reason !== undefined)(`traced daemons, on trixie${skipped}`, () => {
  let root: BootedRoot | undefined;
  afterEach(() => root?.stop());

  for (const name of [
    "redis-server",
    "memcached",
    "nginx",
    "openssh-server",
    "postgresql",
    "rabbitmq",
    "cups",
  ])
    it.skipIf(wanted !== undefined && !wanted.includes(name))(
      `${name} passes its probe under the tracer`,
      async () => {
        const daemon = daemonOf(name);
        root = await equip(daemon);
        const unit = unitsOf(daemon, "trixie")[0] ?? "";
        await root.systemctl("start", unit);
        const traced = await root.run(
          `tightunit trace ${unit} -o /root/trace --probe 'bash /run/live/probe.sh'`,
          { timeoutMs: 600_000 },
        );
        console.log(
          traced.output,
          (
            await root.run(
              "wc /root/trace; pgrep -a strace; head -c 300 /root/trace; grep Tracer /proc/1/status",
            )
          ).output,
        );
        expect(`${traced.code} ${traced.output}`).toMatch(/^0 /);
      },
      600_000,
    );
});
