import { describe, expect, it } from "vitest";
import { hardenText } from "../harden/harden-text.ts";

const accounts = {
  "/etc/passwd":
    "root:x:0:0::/root:/bin/sh\nwww-data:x:33:33::/var/www:/bin/false\npostgres:x:105:105::/var/lib/postgresql:/bin/false\nbaker:x:950:950::/nonexistent:/bin/false\n",
  "/etc/group": "root:x:0:\nwww-data:x:33:\npostgres:x:105:\nbaker:x:950:\n",
};
const program = { "/opt/bakery/oven": { content: "#!/usr/bin/python3\nprint('rye')\n", mode: 0o755 } };
const run = (lines: string, files = {}, level: "balanced" | "strict" = "strict") =>
  hardenText(`[Service]\n${lines}ExecStart=/opt/bakery/oven\n`, {
    level,
    files: { ...accounts, ...program, ...files },
  }).lines;

describe("what a command outside of the sandbox prepares", () => {
  const data = { "/srv/loaves": { directory: true as const }, "/var/log": { directory: true as const } };

  it("stays writable for a user who could not write it before", () => {
    const handed = "User=baker\nExecStartPre=+/bin/sh -c 'chown baker /srv/loaves'\n";
    expect(run(handed, data)).toContain("ReadWritePaths=-/srv/loaves");
    expect(run("User=baker\n", data)).not.toContain("ReadWritePaths=-/srv/loaves");
  });

  it("needs nothing of the sandbox", () => {
    expect(run("User=baker\nExecStartPre=+/usr/sbin/modprobe oven\n")).toContain("ProtectKernelModules=yes");
  });
});

describe("words of the unit", () => {
  it("that name a socket in /tmp keep /tmp shared, from the environment and its files too", () => {
    const isPrivate = (lines: string, files = {}) =>
      run(lines, files).some(line => /^PrivateTmp=/.test(line));
    expect(isPrivate("Environment=SOCKET=/tmp/oven.sock\n")).toBe(false);
    expect(
      isPrivate("EnvironmentFile=/etc/default/oven\n", { "/etc/default/oven": "SOCKET=/tmp/oven.sock\n" }),
    ).toBe(false);
    expect(isPrivate("Environment=SOCKET=/run/oven.sock\n")).toBe(true);
  });

  it("that name a place for data keep it writable even where the level bets", () => {
    const { lines } = hardenText("[Service]\nEnvironment=DATA=/srv/loaves\nExecStart=/usr/sbin/oven\n", {
      level: "strict",
      files: { "/srv/loaves": { directory: true }, "/usr/sbin/oven": "" },
    });
    expect(lines).toContain("ReadWritePaths=-/srv/loaves");
  });
});

describe("a home that the environment names", () => {
  it("is the service's to read and write", () => {
    const run = (home: string) =>
      hardenText(`[Service]\nEnvironment=HOME=${home}\nExecStart=/usr/bin/ovend\n`).lines.join("\n");
    expect(run("/root")).not.toMatch(/ProtectHome=yes|ProtectHome=read-only/);
    expect(run("/var/lib/oven")).toContain("ProtectHome=yes");
  });
});

describe("configuration of a package that nobody has described", () => {
  const files = {
    "/var/lib/dpkg/info/bakery.list":
      "/usr/lib/systemd/system/bakery.service\n/etc/bakery\n/etc/bakery/oven.conf\n",
    "/srv/loaves": { directory: true as const },
    "/srv/crumbs": { directory: true as const },
    "/etc/bakery/oven.conf": "# crumbs = /srv/crumbs\nloaves = /srv/loaves\n",
    "/usr/sbin/oven": "",
  };

  it("names homes and devices, whoever the service runs as", () => {
    const told = (text: string, lines = "User=baker\n") =>
      hardenText(`[Service]\n${lines}ExecStart=/usr/sbin/oven\n`, {
        level: "strict",
        files: { ...accounts, ...files, "/etc/bakery/oven.conf": text },
      }).lines;
    expect(told("scale = serialdev,/dev/ttyLoaf0,local\n")).not.toContain("PrivateDevices=yes");
    expect(told("scale = serialdev,/dev/ttyLoaf0,local\n", "")).not.toContain("PrivateDevices=yes");
    expect(told("# scale = /dev/ttyLoaf0\nlog = /dev/log\n")).toContain("PrivateDevices=yes");
    expect(told("recipes = /home/baker/recipes\n")).not.toContain("ProtectHome=yes");
    expect(told("recipes = /srv/recipes\n")).toContain("ProtectHome=yes");
  });

  it("names places for data, outside of its comments", () => {
    const { lines } = hardenText("[Service]\nExecStart=/usr/sbin/oven\n", { level: "strict", files });
    expect(lines).toContain("ReadWritePaths=-/srv/loaves");
    expect(lines).not.toContain("ReadWritePaths=-/srv/crumbs");
  });
});

describe("a log of another user", () => {
  it("is opened by root with the capability for it", () => {
    const bounds = (rotation: string, uid: number) =>
      hardenText("[Service]\nExecStart=/usr/sbin/oven\n", {
        level: "strict",
        files: {
          "/usr/sbin/oven": "",
          "/var/lib/dpkg/info/bakery.list":
            "/usr/lib/systemd/system/bakery.service\n/etc/logrotate.d/bakery\n",
          "/etc/logrotate.d/bakery": `/var/log/oven*.log {\n  ${rotation}\n}\n`,
          "/var/log/oven-door.log": { content: "rye\n", uid, gid: 4 },
        },
      }).lines.join("\n");
    expect(bounds("copytruncate", 950)).toContain("CAP_DAC_OVERRIDE");
    expect(bounds("create 0640 baker adm", 0)).toContain("CAP_DAC_OVERRIDE");
    expect(bounds("create 0640 root adm", 0)).not.toContain("CAP_DAC_OVERRIDE");
  });
});

describe("objects in shared memory", () => {
  it("stay where the user is not the service's alone", () => {
    expect(run("User=baker\n")).toContain("RemoveIPC=yes");
    expect(run("User=www-data\n")).not.toContain("RemoveIPC=yes");
    expect(run("User=postgres\n")).not.toContain("RemoveIPC=yes");
  });
});

describe("a service with a network of its own", () => {
  it("keeps the families that it uses on its own loopback", () => {
    const lines = run("PrivateNetwork=yes\n");
    expect(lines.find(line => /^RestrictAddressFamilies=A/.test(line))).toContain("AF_INET");
  });
});

describe("a script that looks into other processes", () => {
  it("keeps the capability for it", () => {
    const looks = (text: string) =>
      run("", { "/opt/bakery/oven": { content: `#!/usr/bin/python3\n${text}\n`, mode: 0o755 } }, "balanced")
        .find(line => line.startsWith("CapabilityBoundingSet=C"))
        ?.includes("CAP_SYS_PTRACE");
    expect(looks("os.readlink('/proc/%d/exe' % pid)")).toBe(true);
    expect(looks("os.readlink('/proc/self/exe')")).toBe(false);
  });
});
