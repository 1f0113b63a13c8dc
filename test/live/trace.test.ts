/** `tightunit trace` on real services: what a probe sees stays the same, and what it finds is enough for the probe. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Daemon, unitsOf } from "./daemons/daemon.ts";
import { daemons } from "./daemons/index.ts";
import { whyUnavailable } from "./harness/available.ts";
import { type BootedRoot, bootRoot } from "./harness/boot.ts";
import { repositoryRoot } from "./harness/paths.ts";
import type { Suite } from "./harness/roots.ts";
import { bringProgram, findStrace, installTool } from "./harness/tool.ts";
import { bootDaemon, probe } from "./measure.ts";

const strace = findStrace();
const reason = whyUnavailable() ?? (strace === undefined ? "needs strace" : undefined);
const skipped = reason === undefined ? "" : `: skipped, ${reason}`;
const wanted = process.env.LIVE_DAEMONS?.split(",");
const isWanted = (name: string): boolean => wanted === undefined || wanted.includes(name);

let root: BootedRoot | undefined;
afterEach(() => root?.stop());

const daemonOf = (name: string): Daemon => {
  const daemon = daemons.find(each => each.name === name);
  if (daemon === undefined) throw new Error(`no such daemon: ${name}`);
  return daemon;
};

const equip = async (booted: BootedRoot): Promise<BootedRoot> => {
  root = booted;
  await installTool(booted);
  if (strace !== undefined) bringProgram(booted, strace);
  // Brings the probe library.
  await booted.runScript("true");
  return booted;
};

/** What must be the same before and after: the unit's state, its files, what others could see of a tracer. */
const stateOf = async (booted: BootedRoot, unit: string): Promise<string> =>
  (
    await booted.run(
      `systemctl show -p ActiveState,SubState,Result,FragmentPath,DropInPaths,UnitFileState,NeedDaemonReload ${unit}
find /etc/systemd /run/systemd/system -type f -printf '%p %s %T@\\n' 2>/dev/null | sort
grep -h TracerPid /proc/[0-9]*/status | sort -u
`,
    )
  ).stdout;

/** Of each kind, and of both ways to start programs: 257 through its executor, 252 by a fork of the manager. */
const always: readonly { readonly daemon: string; readonly suite: Suite }[] = [
  { daemon: "redis-server", suite: "trixie" },
  { daemon: "memcached", suite: "trixie" },
  { daemon: "nginx", suite: "trixie" },
  { daemon: "uuidd", suite: "trixie" },
  { daemon: "keeper", suite: "trixie" },
  { daemon: "openssh-server", suite: "trixie" },
  { daemon: "redis-server", suite: "bookworm" },
];
/** LIVE_DAEMONS may name any daemon of the table; all of them take an hour. */
const traced = [
  ...always,
  ...daemons
    .filter(({ name }) => wanted?.includes(name) === true && !always.some(({ daemon }) => daemon === name))
    .map(({ name }) => ({ daemon: name, suite: "trixie" as const })),
];

describe.skipIf(reason !== undefined)(`traced daemons${skipped}`, () => {
  for (const { daemon: name, suite } of traced)
    it.skipIf(!isWanted(name))(
      `${name} on ${suite} passes its probe under the tracer, and again at strict with the trace`,
      async () => {
        const daemon = daemonOf(name);
        const booted = await equip(await bootDaemon(daemon, suite));
        const unit = unitsOf(daemon, suite)[0] ?? "";
        await booted.writeFile("/run/live/probe.sh", `. /run/live/lib.sh\n${daemon.probe}`);
        // What a first start alone does is seen only where the first start is traced; the others show a restart.
        if (["redis-server", "memcached"].includes(name)) await booted.systemctl("start", unit);
        const before = await stateOf(booted, unit);
        const done = await booted.run(
          `tightunit trace ${unit} -o /root/trace --probe 'bash /run/live/probe.sh'`,
          { timeoutMs: 400_000 },
        );
        expect(`${done.code} ${done.stderr}`).toBe("0 ");
        expect(await stateOf(booted, unit)).toBe(before);
        expect((await booted.run("stat -c '%a %U' /root/trace")).stdout).toBe("600 root\n");

        const proposed = await booted.run(
          `tightunit fix ${unit} --trace /root/trace --level strict --format dropin`,
        );
        expect(`${proposed.code} ${proposed.stderr}`).toBe("0 ");
        root?.stop();
        // The probe changes what it uses: a fresh boot.
        root = await bootDaemon(daemon, suite);
        await root.writeFile(`/etc/systemd/system/${unit}.d/90-live.conf`, proposed.stdout);
        const outcome = await probe(root, daemon);
        expect(`${outcome.failedStep ?? ""}${outcome.detail ?? ""}`).toBe("");
      },
      900_000,
    );
});

const services = join(repositoryRoot(), "fixtures", "services");
const bringBakery = async (suite: Suite): Promise<BootedRoot> => {
  const booted = await equip(await bootRoot({ suite, packages: ["passwd"] }));
  for (const [from, to] of [
    ["bakery.py", "/usr/local/lib/bakery.py"],
    ["bakery.service", "/etc/systemd/system/bakery.service"],
    ["bakery.socket", "/etc/systemd/system/bakery.socket"],
  ] as const)
    await booted.writeFile(to, readFileSync(join(services, from)));
  await booted.run("useradd --system baker; systemctl daemon-reload; systemctl start bakery.socket");
  return booted;
};
/** Longer than the watchdog's time, so that a lost message would end the service. */
const ORDER =
  "nc -N 127.0.0.1 7878 < /dev/null; sleep 4; systemctl reload bakery; sleep 1; nc -N 127.0.0.1 7878 < /dev/null";

describe.skipIf(reason !== undefined || !isWanted("bakery"))(
  `a hardened service with a socket, a watchdog and a user of its own${skipped}`,
  () => {
    for (const suite of ["trixie", "bookworm"] as const)
      it(`sees nothing of the tracer, on ${suite}`, async () => {
        const booted = await bringBakery(suite);
        const plain = await booted.run(ORDER);
        expect(plain.stdout).toMatch(/NoNewPrivs=1[\s\S]*reloads=1/);
        const began = await booted.run("systemctl stop bakery; systemctl show -P ActiveState bakery");
        expect(began.stdout).toBe("inactive\n");

        const asleep = await booted.run(
          `tightunit trace bakery -o /root/one --probe '(${ORDER}) | tee /root/said'`,
        );
        expect(`${asleep.code} ${asleep.stderr}`).toBe("0 ");
        expect((await booted.run("cat /root/said")).stdout).toBe(plain.stdout);
        expect((await booted.run("systemctl show -P ActiveState bakery bakery.socket")).stdout).toBe(
          "inactive\n\nactive\n",
        );

        await booted.run("nc -N 127.0.0.1 7878 < /dev/null");
        const awake = await booted.run(
          `tightunit trace bakery -o /root/two --probe '(${ORDER}) | tee /root/said'`,
        );
        expect(`${awake.code} ${awake.stderr}`).toBe("0 ");
        expect((await booted.run("cat /root/said")).stdout).toBe(plain.stdout);
        const { stdout } = await booted.run("cat /root/two");
        // Every Exec line, the end of the process that ran before, and nothing of systemd's own set-up.
        for (const program of ["/bin/sh", "/usr/bin/python3", "/bin/false", "/bin/kill", "/bin/true"])
          expect(stdout).toContain(`execve("${program}"`);
        expect(stdout).not.toMatch(/mount-rootfs|unit-root|cgroup\.procs|systemd-executor/);
      }, 300_000);

    it("stays as it is when the command is killed", async () => {
      const booted = await bringBakery("trixie");
      await booted.run("nc -N 127.0.0.1 7878 < /dev/null");
      await booted.run(
        "(tightunit trace bakery --no-restart --for 60s > /dev/null 2>&1 &) ; sleep 4; grep -h TracerPid /proc/1/status > /root/traced; pkill -9 -x node; sleep 2",
      );
      expect((await booted.run("cat /root/traced")).stdout).toMatch(/TracerPid:\t[1-9]/);
      expect((await booted.run("grep -h TracerPid /proc/[0-9]*/status | sort -u")).stdout).toBe(
        "TracerPid:\t0\n",
      );
      expect((await booted.run("systemctl show -P NRestarts,ActiveState bakery")).stdout).toContain("active");
      expect((await booted.run(ORDER)).stdout).toMatch(/reloads=1/);
    }, 300_000);

    it("says what is missing", async () => {
      const booted = await bringBakery("trixie");
      const none = await booted.run("tightunit trace nothing.service --for 1s");
      expect(`${none.code} ${none.stderr}`).toMatch(/^2 .*nothing\.service cannot be traced/);
      const asleep = await booted.run(
        "tightunit trace systemd-logind --for 1s --no-restart; systemctl is-active systemd-logind",
      );
      expect(asleep.output).not.toMatch(/Error/);
      const other = await booted.run(
        "strace -f -o /dev/null -p 1 & T=$!; sleep 2; tightunit trace bakery --for 1s; kill $T; wait $T",
      );
      expect(other.stderr).toMatch(/Process 1 is traced already, by /);
      const gone = await booted.run("rm /usr/local/bin/strace; tightunit trace bakery --for 1s");
      expect(`${gone.code} ${gone.stderr}`).toMatch(/^2 .*install the package strace/);
      const user = await booted.run("su -s /bin/sh baker -c 'tightunit trace bakery --for 1s'");
      expect(`${user.code} ${user.stderr}`).toMatch(/^2 .*only root/);
    }, 300_000);
  },
);
