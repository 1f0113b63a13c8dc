/** try on services of our own: what must be given up is known, and everything comes back as it was. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyUnavailable } from "./harness/available.ts";
import { type BootedRoot, bootRoot } from "./harness/boot.ts";
import { bringProgram, findStrace, installTool } from "./harness/tool.ts";
import { snapshotOf } from "./snapshot.ts";
import type { Tried } from "./try-daemon.ts";

const reason = whyUnavailable();
const strace = findStrace();

/** The one call of the set where somebody could watch, else the set. */
const NICE_CALL = strace === undefined ? /^syscall:@resources$/ : /^syscall:setpriority$/;

/** Each needs one thing that a strict proposal takes away; `given` is what must be given up for it, and nothing else. */
const services: Readonly<
  Record<string, { readonly unit: string; readonly probe?: string; readonly given: readonly RegExp[] }>
> = {
  oven: {
    // Where it writes, nobody can read from its text.
    unit: "ExecStart=/bin/sh -c 'where=$$(echo /op t/oven/loaf | tr -d \" \"); while :; do date > $$where || exit 7; sleep 0.2; done'\nExecStartPre=/bin/true",
    // The loaf is empty for the moment between its opening and its writing: one look is not enough.
    probe:
      "rm -f /opt/oven/loaf; for i in $(seq 20); do sleep 0.2; test -s /opt/oven/loaf && exit 0; done; exit 1",
    given: [/^write:\/opt\/oven/],
  },
  mill: {
    unit: `ExecStart=/usr/bin/python3 -c 'import os,time\\nwhile 1: open("/run/mill","w"); os.chmod("/run/mill",0o4755); time.sleep(0.3)'`,
    given: [/^RestrictSUIDSGID=yes$/],
  },
  porter: {
    unit: `ExecStart=/usr/bin/python3 -c 'import os,time\\nwhile 1: os.nice(-1); time.sleep(0.3)'`,
    given: [/^PrivateUsers=identity$/, /^cap:CAP_SYS_NICE$/, NICE_CALL],
  },
};

describe.skipIf(reason !== undefined)(`try${reason === undefined ? "" : `: skipped, ${reason}`}`, () => {
  let root: BootedRoot;
  const tool = (args: string) => root.run(`tightunit ${args}`, { timeoutMs: 280_000 });
  const tried = async (args: string): Promise<Tried> => {
    const done = await tool(`try ${args} --format json`);
    const line = done.stdout.split("\n").find(each => each.startsWith("{"));
    if (line === undefined) throw new Error(`no result (${done.code}):\n${done.output}`);
    return JSON.parse(line);
  };
  const unit = async (name: string, lines: string) => {
    const [main, ...rest] = lines.split("\n[");
    await root.writeFile(
      `/etc/systemd/system/${name}`,
      `[Service]\n${main?.replaceAll(/\n(?=while|import)/g, "\\n")}\n${rest.map(section => `[${section}`).join("\n")}\n`,
    );
    await root.systemctl("daemon-reload");
  };
  beforeAll(async () => {
    root = await bootRoot({ suite: "trixie" });
    await installTool(root);
    if (strace !== undefined) bringProgram(root, strace);
    await root.run("mkdir -p /opt/oven");
  });
  afterAll(() => root?.stop());

  it.each(Object.entries(services))(
    "%s gives up what it needs and nothing else",
    async (name, { unit: lines, probe, given }) => {
      await unit(`${name}.service`, lines);
      await root.systemctl("start", name);
      const before = await snapshotOf(root, `${name}.service`);
      const result = await tried(`${name} ${probe === undefined ? "--probe-for 3s" : `--probe '${probe}'`}`);
      expect(result.works).toBe(true);
      expect(result.givenUp.map(each => each.what).sort()).toEqual(
        given.map(each => expect.stringMatching(each)),
      );
      expect(result.restarts).toBeLessThanOrEqual(20);
      expect(await snapshotOf(root, `${name}.service`)).toEqual(before);
      await root.systemctl("stop", name);
    },
  );

  it("tries a oneshot by running it, and leaves it as it was: not run", async () => {
    await unit("order.service", "Type=oneshot\nExecStart=/bin/sh -c 'echo ordered > /opt/oven/order'");
    const before = await snapshotOf(root, "order.service");
    const result = await tried("order --probe 'test -s /opt/oven/order && rm /opt/oven/order'");
    expect(result.works).toBe(true);
    expect(result.dropIn).toMatch(/ReadWritePaths=-\/opt\/oven/);
    expect(await snapshotOf(root, "order.service")).toEqual(before);
  });

  it("lets a socket start what refuses to be started by hand", async () => {
    await unit(
      "till.service",
      `ExecStart=/usr/bin/python3 -c 'import socket\\nlistener = socket.socket(fileno=3)\\nwhile 1: listener.accept()[0].send(b"loaf")'\n[Unit]\nRefuseManualStart=yes`,
    );
    await root.writeFile("/etc/systemd/system/till.socket", "[Socket]\nListenStream=/run/till.sock\n");
    await root.run("systemctl daemon-reload; systemctl start till.socket");
    const probe = `python3 -c 'import socket; s = socket.socket(1); s.settimeout(5); s.connect("/run/till.sock"); assert s.recv(9) == b"loaf"'`;
    await root.writeFile("/run/till-probe", probe);
    const before = await snapshotOf(root, "till.service");
    const done = await tool("try till --probe 'sh /run/till-probe' --level safe");
    expect(done.output).toMatch(/works \(/);
    expect(await snapshotOf(root, "till.service")).toEqual(before);
    const refused = await tool("try till --level safe");
    expect(refused.code).toBe(2);
    expect(refused.output).toMatch(/refuses to be started by hand/);
    await root.run("systemctl stop till.socket till.service");
  });

  it("tries an instance of a template, and refuses the template itself", async () => {
    await unit("shelf@.service", "ExecStart=/bin/sleep 1d");
    await root.systemctl("start", "shelf@rye.service");
    const before = await snapshotOf(root, "shelf@rye.service");
    expect((await tried("shelf@rye.service --probe-for 1s")).givenUp).toEqual([]);
    expect(await snapshotOf(root, "shelf@rye.service")).toEqual(before);
    expect((await tool("try shelf@.service")).code).toBe(2);
  });

  it("is not misled by Restart=always, nor stopped by start limits", async () => {
    await unit(
      "kneader.service",
      `${services["porter"]?.unit}\nRestart=always\nRestartSec=100ms\n[Unit]\nStartLimitBurst=2\nStartLimitIntervalSec=1h`,
    );
    await root.systemctl("start", "kneader");
    const before = await snapshotOf(root, "kneader.service");
    const result = await tried("kneader --probe-for 2s");
    expect(result.givenUp.map(each => each.what).sort()).toEqual([
      "PrivateUsers=identity",
      "cap:CAP_SYS_NICE",
      expect.stringMatching(NICE_CALL),
    ]);
    expect(await snapshotOf(root, "kneader.service")).toEqual(before);
    await root.systemctl("stop", "kneader");
  });

  it("ends a probe that hangs, with all that it started", async () => {
    await unit("bell.service", "ExecStart=/bin/sleep 1d");
    const done = await tool("try bell --probe 'sleep 77777 & sleep 77777' --probe-timeout 1s");
    expect(done.code).toBe(1);
    expect(done.output).toMatch(/the probe hung/);
    expect((await root.run("pgrep -f '^[s]leep 77777'")).code).toBe(1);
    expect((await root.systemctl("is-active", "bell")).stdout.trim()).toBe("inactive");
  });

  it("says so when the service or its probe does not work to begin with, or not twice", async () => {
    await unit("stale.service", "Type=oneshot\nExecStart=/bin/false");
    expect((await tool("try stale")).output).toMatch(/does not work as it is/);
    await unit("once.service", "ExecStart=/bin/sh -c 'date > /opt/oven/hidden; sleep 1d'");
    const done = await tool("try once --probe 'mkdir /run/once-only'");
    expect(done.output).toMatch(/with nothing changed/);
    expect(done.code).toBe(1);
  });

  it("stops and puts back when the unit changes under its feet", async () => {
    await unit("vane.service", "ExecStart=/bin/sleep 1d");
    const done = await tool("try vane --probe 'echo \"# turned\" >> /etc/systemd/system/vane.service'");
    expect(done.code).toBe(1);
    expect(done.output).toMatch(/changed by somebody else/);
    expect((await root.run("ls /run/systemd/system/vane.service.d")).code).not.toBe(0);
  });

  it("puts everything back when it is interrupted, and recover does after a kill", async () => {
    await unit("clock.service", "ExecStart=/bin/sleep 1d");
    await root.systemctl("start", "clock");
    const before = await snapshotOf(root, "clock.service");
    const during = (signal: string) =>
      root.run(
        `tightunit try clock --probe 'sleep 1.5' & for i in $(seq 100); do sleep 0.1; [ ! -e /run/systemd/system/clock.service.d ] || break; done; sleep 0.5; kill -${signal} $(pgrep -f '[c]li.js try'); wait $!; echo code $?; ls /run/systemd/system/clock.service.d`,
      );
    expect((await during("TERM")).output).toMatch(/code 1\n/);
    expect(await snapshotOf(root, "clock.service")).toEqual(before);
    expect((await during("KILL")).output).toMatch(/50-tightunit-try/);
    const recovered = await tool("recover");
    expect(recovered.output).toMatch(/a killed try was undone/);
    expect(await snapshotOf(root, "clock.service")).toEqual(before);
  });

  it.each(["looking whether it works", "Trying", "under strace", "once more"])(
    "is put back by recover when it is killed while it says '%s'",
    async phase => {
      if (phase === "under strace" && strace === undefined) return;
      await unit("porter.service", services["porter"]?.unit ?? "");
      await root.systemctl("start", "porter");
      const before = await snapshotOf(root, "porter.service");
      const killed = await root.run(
        `tightunit try porter --probe 'sleep 1.5' 2> /run/try.log & for i in $(seq 2000); do sleep 0.1; ! grep -q '${phase}' /run/try.log || break; done; sleep 0.7; kill -KILL $(pgrep -f '[c]li.js try'); wait $!; echo code $?`,
        { timeoutMs: 280_000 },
      );
      expect(killed.output).toMatch(/code 137/);
      // The first words come before the first step.
      if (phase !== "looking whether it works") {
        expect((await tool("try porter")).output).toMatch(/Put things back first/);
        expect((await tool("recover")).output).toMatch(/a killed try was undone/);
      } else await tool("recover");
      expect(await snapshotOf(root, "porter.service")).toEqual(before);
      expect((await root.run("grep -L 'TracerPid:.0$' /proc/[0-9]*/status 2>/dev/null")).stdout).toBe("");
      await root.systemctl("stop", "porter");
    },
  );

  it("tries a unit with drop-ins of its own, whoever wins, and leaves them as they were", async () => {
    await unit("scale.service", "ExecStart=/bin/sleep 1d");
    const folder = "/etc/systemd/system/scale.service.d";
    await root.writeFile(`${folder}/10-first.conf`, "[Service]\nProtectHome=read-only\n");
    await root.writeFile(`${folder}/90-last.conf`, "[Service]\nProtectSystem=no\nPrivateTmp=no\n");
    await root.run("systemctl daemon-reload; systemctl start scale");
    const bare = await snapshotOf(root, "scale.service");
    const first = await tool("try scale --probe-for 1s");
    expect(first.output).toMatch(/90-last\.conf is read after the trial's lines/);
    expect(first.output).toMatch(/works \(/);
    expect(first.output).not.toMatch(/^ProtectSystem=/m);
    expect(await snapshotOf(root, "scale.service")).toEqual(bare);
    expect((await tool("fix scale --write")).code).toBe(0);
    await root.run(`echo '[Service]\nEnvironment=FLOUR=rye' >> ${folder}/50-tightunit.conf`);
    await root.run("systemctl daemon-reload; systemctl restart scale");
    const managed = await snapshotOf(root, "scale.service");
    const probe = "systemctl show -p Environment scale | grep -q FLOUR=rye";
    const second = await tool(`try scale --probe '${probe}' --with InaccessiblePaths=/opt`);
    expect(second.output).toMatch(/works \(/);
    expect(await snapshotOf(root, "scale.service")).toEqual(managed);
    await root.run("systemctl stop scale");
  });

  it("bets against what is only inferred, and not against what a trace shows", async () => {
    // A package's program whose profile says more than this configuration needs.
    await unit(
      "mill2.service",
      "ExecStart=/usr/bin/python3 -c 'import os,socket,time\\nwhile 1: os.chmod(\"/opt/oven\",0o755); time.sleep(0.3)'",
    );
    const before = await snapshotOf(root, "mill2.service");
    const bold = await tried("mill2 --probe-for 2s");
    const plain = await tried("mill2 --probe-for 2s --no-bets");
    expect(bold.works && plain.works).toBe(true);
    expect(bold.after).toBeLessThanOrEqual(plain.after);
    expect(bold.restarts).toBeLessThanOrEqual(14);
    expect(await snapshotOf(root, "mill2.service")).toEqual(before);
  });

  it("keeps what works when asked to, and reverts it", async () => {
    await root.systemctl("start", "clock");
    const before = await snapshotOf(root, "clock.service");
    const done = await tool("try clock --probe-for 1s --keep");
    expect(done.code).toBe(0);
    expect((await root.run("cat /etc/systemd/system/clock.service.d/50-tightunit.conf")).stdout).toMatch(
      /NoNewPrivileges=yes/,
    );
    const kept = await snapshotOf(root, "clock.service");
    const again = await tool("try clock --probe-for 1s");
    expect(again.code).toBe(0);
    expect(again.output).toMatch(/Looks past the lines of tightunit/);
    expect(again.output).toMatch(/9\.\d UNSAFE → /);
    expect(await snapshotOf(root, "clock.service")).toEqual(kept);
    expect((await tool("revert clock")).code).toBe(0);
    expect(await snapshotOf(root, "clock.service")).toEqual(before);
  });
});
