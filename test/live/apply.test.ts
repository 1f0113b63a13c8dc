/** Putting a drop-in in place on a running systemd, and every way back: compared, not assumed. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyUnavailable } from "./harness/available.ts";
import { type BootedRoot, bootRoot } from "./harness/boot.ts";
import { installTool } from "./harness/tool.ts";
import { dropInOf, snapshotOf } from "./snapshot.ts";

const reason = whyUnavailable();

/** A baker who writes a loaf each second to a place that hardening takes away. */
const bakery = `[Service]
ExecStart=/bin/sh -c 'while :; do date > /var/loaf || exit 7; sleep 0.2; done'
`;
const probe =
  'old=$(cat /var/loaf); for i in 1 2 3 4 5 6 7 8; do sleep 0.5; [ "$old" = "$(cat /var/loaf)" ] || exit 0; done; exit 1';
const folder = "/etc/systemd/system/bakery.service.d";
/** Until a run in the background has put its drop-in in place, and so is at its probe; 20 s at most. */
const inPlace = `for i in $(seq 200); do [ ! -e ${folder}/50-tightunit.conf ] || break; sleep 0.1; done; sleep 0.5`;

describe.skipIf(reason !== undefined)(
  `apply, revert, recover${reason === undefined ? "" : `: skipped, ${reason}`}`,
  () => {
    let root: BootedRoot;
    const tool = (args: string) => root.run(`tightunit ${args}`, { timeoutMs: 120_000 });
    beforeAll(async () => {
      root = await bootRoot({ suite: "trixie" });
      await installTool(root);
      await root.writeFile("/etc/systemd/system/bakery.service", bakery);
      await root.systemctl("daemon-reload");
      await root.systemctl("start", "bakery.service");
    });
    afterAll(() => root?.stop());

    it("puts a drop-in in place that works, keeps the unit up, and reverts to what was there", async () => {
      const before = await snapshotOf(root, "bakery.service");
      const applied = await tool(
        `apply bakery --only ProtectHome,PrivateDevices --level strict --probe '${probe}'`,
      );
      expect(applied.output).toMatch(/the probe passes/);
      expect(applied.code).toBe(0);
      expect(await dropInOf(root, `${folder}/50-tightunit.conf`)).toMatch(/ProtectHome=/);
      expect((await root.systemctl("show", "-P", "ProtectHome", "bakery")).stdout.trim()).not.toBe("no");
      const started = async () =>
        (await root.systemctl("show", "-P", "ExecMainStartTimestampMonotonic", "bakery")).stdout;
      const since = await started();
      const again = await tool(
        `apply bakery --only ProtectHome,PrivateDevices --level strict --probe '${probe}'`,
      );
      expect(again).toMatchObject({ code: 0, stdout: "bakery.service: in place already\n" });
      expect(await started()).toBe(since);
      const reverted = await tool("revert bakery");
      expect(reverted.code).toBe(0);
      expect(await snapshotOf(root, "bakery.service")).toEqual(before);
      expect((await tool("revert bakery")).code).toBe(3);
    });

    it("backs out by itself where the service does not bear it", async () => {
      const before = await snapshotOf(root, "bakery.service");
      await root.run("touch /var/loaf; chattr +i /nothing 2>/dev/null; true");
      const applied = await tool(`apply bakery --only ProtectSystem --level strict --probe 'false'`);
      expect(applied.output).toMatch(/Backing out/);
      expect(applied.code).toBe(1);
      expect(await snapshotOf(root, "bakery.service")).toEqual(before);
    });

    it("keeps lines of others in the drop-in, there and back", async () => {
      await root.run(
        `mkdir -p ${folder} && printf '[Service]\\nNice=3\\n' > ${folder}/50-tightunit.conf && systemctl daemon-reload`,
      );
      const before = await snapshotOf(root, "bakery.service");
      expect((await tool("apply bakery --only ProtectHome --level strict --probe-for 1s")).code).toBe(0);
      expect(await dropInOf(root, `${folder}/50-tightunit.conf`)).toMatch(/Nice=3[\s\S]*ProtectHome=/);
      expect((await tool("revert bakery")).code).toBe(0);
      expect(await snapshotOf(root, "bakery.service")).toEqual(before);
      await root.run(`rm -r ${folder} && systemctl daemon-reload`);
    });

    it("leaves alone what was changed since", async () => {
      expect((await tool("apply bakery --only ProtectHome --level strict --probe-for 1s")).code).toBe(0);
      await root.run(`echo Nice=5 >> ${folder}/50-tightunit.conf`);
      const reverted = await tool("revert bakery");
      expect(reverted.code).toBe(1);
      expect(reverted.output).toMatch(/was changed after it was applied/);
      await root.run(`rm -r ${folder} /var/lib/tightunit && systemctl daemon-reload`);
    });

    it("does not start what did not run", async () => {
      await root.systemctl("stop", "bakery");
      const applied = await tool("apply bakery --only ProtectHome --level strict");
      expect(applied.output).toMatch(/was not tried/);
      expect((await root.systemctl("is-active", "bakery")).stdout.trim()).toBe("inactive");
      expect((await tool("revert bakery")).code).toBe(0);
      expect((await root.systemctl("is-active", "bakery")).stdout.trim()).toBe("inactive");
      await root.systemctl("start", "bakery");
    });

    it("puts everything back when it is interrupted while the probe runs", async () => {
      const before = await snapshotOf(root, "bakery.service");
      for (const signal of ["INT", "TERM", "HUP"]) {
        const run = await root.run(
          `tightunit apply bakery --only ProtectHome --level strict --probe 'sleep 1d' & ${inPlace}; kill -${signal} $(pgrep -f '[c]li.js apply'); wait $!; echo code $?`,
        );
        expect(run.output).toMatch(/code 1/);
        expect(await snapshotOf(root, "bakery.service")).toEqual(before);
        expect((await root.run("pgrep -f '^sleep 1d'")).code).toBe(1);
      }
    });

    it("recovers what a killed run left, and refuses to start another before", async () => {
      const before = await snapshotOf(root, "bakery.service");
      await root.run(
        `tightunit apply bakery --only ProtectHome --level strict --probe 'sleep 1d' & ${inPlace}; kill -9 $(pgrep -f '[c]li.js apply'); pkill -f '^[s]leep 1d'; true`,
      );
      expect(await dropInOf(root, `${folder}/50-tightunit.conf`)).toMatch(/ProtectHome/);
      const refused = await tool("apply bakery --level safe");
      expect(refused.code).toBe(1);
      expect(refused.output).toMatch(/tightunit recover/);
      const recovered = await tool("recover");
      expect(recovered.output).toMatch(/a killed apply was undone/);
      expect(recovered.code).toBe(0);
      expect(await snapshotOf(root, "bakery.service")).toEqual(before);
      expect((await tool("recover")).output).toMatch(/nothing was left/);
    });

    it("lets only one run at a time", async () => {
      const two = await root.run(
        `tightunit apply bakery --only ProtectHome --level strict --probe 'sleep 8' & ${inPlace}; tightunit apply bakery --level safe; echo second $?; wait; tightunit revert bakery; echo reverted $?`,
      );
      expect(two.output).toMatch(/Another run is at work/);
      expect(two.output).toMatch(/second 1/);
      expect(two.output).toMatch(/reverted 0/);
    });

    it("writes nothing when the disk is full, and says so", async () => {
      await root.run(
        `mkdir -p ${folder} && mount -t tmpfs -o size=4k,nr_inodes=2 tmpfs ${folder} && head -c 4096 /dev/zero > ${folder}/fill`,
      );
      const before = await snapshotOf(root, "bakery.service");
      const applied = await tool("apply bakery --level strict");
      expect(applied.output).toMatch(/ENOSPC/);
      expect(applied.code).not.toBe(0);
      expect(await snapshotOf(root, "bakery.service")).toEqual(before);
      await root.run(`umount ${folder} && rmdir ${folder}`);
    });

    it("puts everything back when systemd cannot be reloaded", async () => {
      const before = await snapshotOf(root, "bakery.service");
      await root.run(
        `mkdir -p /tmp/fake && printf '#!/bin/sh\\ncase "$*" in *daemon-reload*) [ -e /tmp/fake/twice ] || { touch /tmp/fake/twice; echo no reload today >&2; exit 1; };; esac\\nexec /usr/bin/systemctl "$@"\\n' > /tmp/fake/systemctl && chmod +x /tmp/fake/systemctl`,
      );
      const applied = await root.run(
        "PATH=/tmp/fake:$PATH tightunit apply bakery --only ProtectHome --level strict",
      );
      expect(applied.output).toMatch(/no reload today/);
      expect(applied.code).toBe(1);
      expect(await snapshotOf(root, "bakery.service")).toEqual(before);
    });

    it("says what cannot be done at all", async () => {
      await root.writeFile("/etc/systemd/system/oven@.service", "[Service]\nExecStart=/bin/sleep 1d\n");
      expect((await tool("apply oven@.service --level strict")).output).toMatch(/was not tried/);
      expect((await tool("apply no-such")).code).toBe(3);
      expect((await tool("apply dbus.socket")).code).not.toBe(0);
    });
  },
);
