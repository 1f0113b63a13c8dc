// Which programs a unit runs, whatever stands before them.
import { describe, expect, it } from "vitest";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { findPrograms } from "../../src/needs/programs.ts";
import { loadCommandTable } from "../../src/rules/evidence.ts";
import { hardenText } from "../harden/harden-text.ts";
import { settingsOfText } from "../settings/settings-of-text.ts";

function programs(
  command: string,
  version: 257 | 262 = 257,
  files: Parameters<typeof memoryTree>[0] = {},
): readonly string[] {
  const settings = settingsOfText(`[Service]\nExecStart=${command}\n`, { version });
  return findPrograms(settings, loadCommandTable(), memoryTree(files)).programs.map(({ path, args }) =>
    [path, ...args].join(" "),
  );
}

describe("a helper command", () => {
  const run = (command: string) =>
    hardenText(`[Service]\nExecStart=/bin/sh -c '${command}'\n`).lines.join("\n");

  it("that only shows interfaces sets none up", () => {
    expect(run("ip -o addr show dev eth0")).not.toMatch(/CAP_NET_ADMIN|CAP_SYS_MODULE/);
    expect(run("ip route")).toContain("ProtectKernelTunables=yes");
    expect(run("ip route")).toMatch(/RestrictAddressFamilies=.*AF_NETLINK/);
    for (const command of [
      "ip addr add 10.0.0.1/8 dev eth0",
      "ip -n oven link",
      "ip $ACTION",
      "ip a a 10.0.0.1/8 dev eth0",
    ])
      expect(run(command)).toContain("CAP_NET_ADMIN");
  });

  it("that pings gives its own privileges up", () => {
    const unit = "[Service]\nUser=baker\nExecStart=/bin/sh -c 'ping -c1 192.0.2.1'\n";
    const { after } = hardenText(unit, { level: "strict" });
    const calls = after.values.get("SystemCallFilter")?.value;
    expect(calls?.kind === "syscalls" && calls.names.get("capset") === null).toBe(true);
  });

  it("that mounts opens the devices of disks and images", () => {
    expect(run("mount -o loop /opt/disk.img /mnt/disk")).not.toContain("DevicePolicy=");
    expect(run("true")).toContain("PrivateDevices=yes");
  });
});

describe("an interpreter", () => {
  it.each(["php -S 0.0.0.0:8080", "lua5.4 /opt/oven.lua", "guile /opt/oven.scm", "mono oven.exe"])(
    "serves other hosts if its program asks for it: %s",
    command => {
      const { lines } = hardenText(`[Service]\nUser=baker\nExecStart=/usr/bin/${command}\n`, {
        level: "strict",
      });
      expect(lines.join("\n")).toMatch(/RestrictAddressFamilies=AF_INET AF_INET6/);
    },
  );

  it("may be in a variable of the script that starts it", () => {
    const run = (text: string) => {
      const files = { "/opt/oven/oven.sh": { content: `#!/bin/sh\n${text}\n`, mode: 0o755 } };
      return hardenText("[Service]\nUser=baker\nExecStart=/opt/oven/oven.sh\n", { files }).lines;
    };
    expect(run('exec "$JAVA" -cp oven.jar Oven')).not.toContain("MemoryDenyWriteExecute=yes");
    expect(run('exec "$OVEN" -cp oven.jar Oven')).toContain("MemoryDenyWriteExecute=yes");
  });

  it("becomes another user by the name that its language has for it", () => {
    const files = { "/opt/oven/oven.php": "<?php posix_setuid(33);\n" };
    const unit = "[Service]\nExecStart=/usr/bin/php /opt/oven/oven.php\n";
    expect(hardenText(unit, { files, level: "strict" }).lines.join("\n")).toContain("CAP_SETUID");
  });

  it("has a member called ip without setting interfaces up", () => {
    const unit = "[Service]\nUser=baker\nExecStart=/usr/bin/python3 /opt/oven/oven.py\n";
    const run = (text: string) => hardenText(unit, { files: { "/opt/oven/oven.py": text } }).lines;
    expect(run('print(who["ip"])\n')).toContain("ProtectKernelTunables=yes");
    expect(run('subprocess.run(["ip", "link"])\n')).not.toContain("ProtectKernelTunables=yes");
  });
});

describe("the programs of a command line", () => {
  it("have all their arguments, with a name for show before them too", () => {
    expect(programs("/srv/oven --rye hot")).toEqual(["/srv/oven --rye hot"]);
    expect(programs("@/srv/oven mill --rye hot")).toEqual(["/srv/oven --rye hot"]);
    expect(programs("@/srv/oven mill")).toEqual(["/srv/oven"]);
  });

  it("are found where find and xargs run them, and where a function may", () => {
    expect(programs("/bin/sh -c 'find /srv -type f -exec btrfs filesystem defrag {} +'")).toContain(
      "btrfs filesystem defrag",
    );
    expect(programs("/bin/sh -c 'ls /srv | xargs -r -n 1 chown baker'")).toContain("chown baker");
    const script =
      '#!/bin/sh\n. /srv/lib\nkeep() { "$@"; }\nkeep fstrim /srv\nlend chown baker /srv\nkeep loaf\n';
    const found = programs("/srv/oven", 257, { "/srv/oven": { content: script, mode: 0o755 } });
    expect(found).toEqual(expect.arrayContaining(["fstrim /srv", "chown baker /srv"]));
    expect(found).not.toContain("loaf");
  });

  it("are found behind a shell, and behind the prefix that asks for one", () => {
    expect(programs("@/bin/sh mill -c '/srv/oven --rye'")).toContain("/srv/oven --rye");
    expect(programs("|/srv/oven --rye && /srv/mill", 262)).toEqual([
      "/bin/sh -c /srv/oven --rye && /srv/mill",
      "/srv/oven --rye",
      "/srv/mill",
    ]);
  });
});
