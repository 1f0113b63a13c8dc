import { describe, expect, it } from "vitest";
import { hardenText } from "../harden/harden-text.ts";

const accounts = {
  "/etc/passwd": "root:x:0:0::/root:/bin/sh\nbaker:x:950:950::/srv/bakery:/bin/false\n",
  "/etc/group": "root:x:0:\nbaker:x:950:\n",
};
const script = { content: "#!/usr/bin/python3\nprint('rye')\n", mode: 0o755 };

describe("a main process that stays root's", () => {
  it("is signalled without a capability, another than root's is not", () => {
    const bounds = (program: string) =>
      hardenText(`[Service]\nExecStart=/usr/sbin/${program}\nExecReload=/bin/kill -HUP $MAINPID\n`, {
        level: "strict",
        files: { [`/usr/sbin/${program}`]: "", "/bin/kill": "" },
      }).lines.find(line => line.startsWith("CapabilityBoundingSet=CAP"));
    expect(bounds("nginx")).not.toContain("CAP_KILL");
    expect(bounds("dnsmasq")).toContain("CAP_KILL");
  });
});

describe("a service with a dynamic user", () => {
  it("keeps the capability that its unit gives it at every level", () => {
    for (const level of ["safe", "balanced", "strict"] as const) {
      const { lines, after } = hardenText(
        "[Service]\nDynamicUser=yes\nAmbientCapabilities=CAP_NET_BIND_SERVICE\nExecStart=/usr/sbin/oven\n",
        { level, files: { "/usr/sbin/oven": "" } },
      );
      expect(after.values.get("CapabilityBoundingSet")?.value).toHaveProperty("mask", 1n << 10n);
      expect(lines).not.toContain("PrivateUsers=yes");
    }
  });
});

describe("a service with a user of its own", () => {
  const unit = "[Service]\nUser=baker\nExecStart=/opt/bakery/oven.py\nExecReload=/bin/kill -HUP $MAINPID\n";
  const files = {
    ...accounts,
    "/opt/bakery/oven.py": script,
    "/srv/bakery": { directory: true as const, uid: 950, gid: 950 },
  };

  it("holds no capability, so it needs none, whatever its commands are known for", () => {
    expect(hardenText(unit, { files }).lines).toContain("CapabilityBoundingSet=");
  });

  it("writes where its user may, and nowhere else", () => {
    const paths = hardenText(unit, { files }).lines.filter(line => line.startsWith("ReadWritePaths="));
    expect(paths).toEqual(["ReadWritePaths=-/srv/bakery"]);
  });

  it("may need capabilities if a command keeps root's powers", () => {
    const elevated = unit.replace("ExecReload=", "ExecStartPre=!");
    expect(hardenText(elevated, { files }).lines).not.toContain("CapabilityBoundingSet=");
  });

  it("has of capabilities what the unit gives it, and no more", () => {
    const given = `${unit}AmbientCapabilities=CAP_NET_BIND_SERVICE\n`;
    const { lines } = hardenText(given, { files, level: "safe" });
    expect(lines).toContain("CapabilityBoundingSet=CAP_NET_BIND_SERVICE");
    expect(lines.filter(line => line.startsWith("ReadWritePaths="))).toEqual(
      hardenText(unit, { files, level: "safe" }).lines.filter(line => line.startsWith("ReadWritePaths=")),
    );
  });

  it("may need capabilities if all but its main commands are root's", () => {
    const started = `${unit}PermissionsStartOnly=yes\n`;
    expect(hardenText(started, { files }).lines).not.toContain("CapabilityBoundingSet=");
  });

  it("keeps what may gain privileges if its script calls sudo", () => {
    const calls = {
      ...files,
      "/opt/bakery/oven.py": { content: "#!/usr/bin/python3\nrun(['sudo', 'ls'])\n" },
    };
    const { lines } = hardenText(unit, { files: calls });
    expect(lines).not.toContain("NoNewPrivileges=yes");
    expect(lines).not.toContain("CapabilityBoundingSet=");
  });
});

describe("the texts of scripts", () => {
  const unit = "[Service]\nWorkingDirectory=/opt/bakery\nExecStart=/usr/bin/python3 oven.py\n";
  const run = (text: string, level: "balanced" | "strict" = "balanced") =>
    hardenText(unit, { files: { ...accounts, "/opt/bakery/oven.py": text }, level }).lines;

  it("name devices, temporary files and homes that the service shares", () => {
    expect(run("open('/dev/ttyUSB0')")).not.toContain("PrivateDevices=yes");
    expect(run("open('/tmp/loaf')")).not.toContain("PrivateTmp=yes");
    expect(run("open('/home/baker/loaf')")).not.toContain("ProtectHome=yes");
    expect(run("print('loaf')")).toEqual(expect.arrayContaining(["PrivateDevices=yes", "PrivateTmp=yes"]));
  });

  it("count in modules beside the script, not in comments or in parts of words", () => {
    const files = {
      "/opt/bakery/oven.py": "import heat",
      "/opt/bakery/lib/heat.py": "os.sched_setscheduler",
    };
    expect(hardenText(unit, { files }).lines).not.toContain("RestrictRealtime=yes");
    expect(run("# sched_setscheduler\nmy_sched_setschedulers()")).toContain("RestrictRealtime=yes");
  });

  it("are not asked where a profile speaks for the script", () => {
    const files = {
      "/usr/bin/nginx": { content: "#!/bin/sh\nmount /dev/sda /mnt\n", mode: 0o755 },
    };
    const { lines } = hardenText("[Service]\nExecStart=/usr/bin/nginx\n", { files });
    expect(lines).toContain("ProtectKernelModules=yes");
  });
});
