import { describe, expect, it } from "vitest";
import { hardenText } from "./harden-text.ts";

const service = (...lines: string[]) => `[Service]\nExecStart=/usr/bin/oven\n${lines.join("\n")}\n`;
const account = {
  "/etc/passwd": "root:x:0:0::/root:/bin/sh\nbaker:x:998:998::/var/lib/oven:/usr/sbin/nologin\n",
  "/etc/group": "baker:x:998:\n",
};
const startsWith = (name: string) => (line: string) => line.startsWith(`${name}=`);

describe("what is proposed", () => {
  it("is stricter the more a level bets", () => {
    const exposures = (["safe", "balanced", "strict"] as const).map(
      level => hardenText(service(), { level }).proposal.after.exposure,
    );
    expect(exposures).toEqual([...exposures].sort((a, b) => b - a));
    expect(new Set(exposures).size).toBe(3);
  });

  it("comes with a reason for every line", () => {
    for (const setting of hardenText(service("User=baker")).proposal.settings) {
      expect(setting.reasons.length, setting.directive).toBeGreaterThan(0);
      expect(setting.symptom).not.toBe("");
    }
  });

  it("says of every bet that it is one", () => {
    const { settings } = hardenText(service(), { level: "strict" }).proposal;
    const bets = settings.filter(setting =>
      setting.reasons.some(({ because }) => because.kind === "unknown" && because.prior !== "implausible"),
    );
    expect(bets.length).toBeGreaterThan(0);
    expect(bets.every(setting => setting.confidence === "bet")).toBe(true);
    expect(
      hardenText(service(), { level: "safe" }).proposal.settings.some(
        setting => setting.confidence === "bet",
      ),
    ).toBe(false);
  });

  it("is nothing for a unit that runs nothing, and for one that systemd refuses", () => {
    expect(hardenText("[Timer]\nOnBootSec=1h\n", { name: "bakery.timer" }).lines).toEqual([]);
    expect(hardenText("[Service]\nExecStart=/usr/bin/oven\nUser=ba:ker\n").lines).toEqual([]);
  });

  it("goes to the section that the unit type has", () => {
    expect(
      hardenText("[Socket]\nListenStream=/run/bakery\n", { name: "bakery.socket" }).proposal.dropIn,
    ).toMatch(/^\[Socket\]\n/);
  });
});

describe("needs become exceptions", () => {
  const strict = (text: string, files = {}) =>
    hardenText(text, { level: "strict", files: { ...account, ...files } }).lines;

  it("a folder of the service's user stays writable below a read-only system", () => {
    const lines = strict(service("User=baker"), {
      "/var/lib/oven": { directory: true, mode: 0o750, uid: 998, gid: 998 },
    });
    expect(lines).toContain("ProtectSystem=strict");
    expect(lines).toContain("ReadWritePaths=-/var/lib/oven");
  });

  it("names without `-` only folders that every start finds", () => {
    const folder = { directory: true as const, mode: 0o750, uid: 998, gid: 998 };
    const exceptionsWith = (files = {}) =>
      strict(service("User=baker"), { "/var/lib/oven": folder, ...files }).filter(
        startsWith("ReadWritePaths"),
      );
    expect(exceptionsWith()).toEqual(["ReadWritePaths=-/var/lib/oven"]);
    const list = "/usr/lib/systemd/system/bakery.service\n/var/lib/oven\n";
    expect(exceptionsWith({ "/var/lib/dpkg/info/bakery.list": list })).toEqual([
      "ReadWritePaths=/var/lib/oven",
    ]);
    expect(
      exceptionsWith({ "/usr/lib/tmpfiles.d/bakery.conf": "d /var/lib/oven 0750 baker baker\n" }),
    ).toEqual(["ReadWritePaths=/var/lib/oven"]);
  });

  it("a StateDirectory= needs none", () => {
    const lines = strict(service("User=baker", "StateDirectory=oven"), {
      "/var/lib/oven": { directory: true, mode: 0o750, uid: 998, gid: 998 },
    });
    expect(lines).toContain("ProtectSystem=strict");
    expect(lines.filter(startsWith("ReadWritePaths"))).toEqual([]);
  });

  it("a PID file stands for its folder, since the file is made anew", () => {
    expect(strict(service("Type=forking", "PIDFile=/run/oven.pid"))).toContain("ReadWritePaths=/run");
  });

  it("a capability stays in the bounding set, and what AmbientCapabilities= gives too", () => {
    const [line] = hardenText(service("User=baker", "AmbientCapabilities=CAP_NET_RAW")).lines.filter(
      startsWith("CapabilityBoundingSet"),
    );
    expect(line).toContain("CAP_NET_RAW");
  });

  it("a home that the program lives in stays readable", () => {
    const { lines } = hardenText("[Service]\nExecStart=/home/ada/oven/bake\nUser=baker\n", {
      files: { ...account, "/home/ada/oven/bake": "#!/usr/bin/python3\n" },
    });
    expect(lines.filter(startsWith("ProtectHome"))).not.toContain("ProtectHome=yes");
    expect(lines.filter(startsWith("ProtectHome"))).not.toContain("ProtectHome=tmpfs");
  });
});

describe("what a unit has already", () => {
  it("is never won back: a folder below a read-only /etc stays read-only", () => {
    const files = { ...account, "/etc/oven": { directory: true, mode: 0o750, uid: 998, gid: 998 } } as const;
    const { lines } = hardenText(service("User=baker", "ProtectSystem=full"), { level: "strict", files });
    expect(lines).toContain("ProtectSystem=strict");
    expect(lines.some(line => line.includes("/etc/oven"))).toBe(false);
  });

  it("does not stand in the way of a stricter value that makes exceptions", () => {
    const { lines } = hardenText(
      "[Service]\nExecStart=/usr/bin/oven\nProtectSystem=full\nPIDFile=/run/oven/oven.pid\n",
      { level: "strict", files: { "/usr/bin/oven": "", "/run/oven": { directory: true } } },
    );
    expect(lines).toContain("ProtectSystem=strict");
  });

  it("is reset where a list would merge with it", () => {
    const { lines, after } = hardenText(service("RestrictAddressFamilies=AF_UNIX AF_INET AF_PACKET"), {
      level: "strict",
    });
    expect(lines.filter(startsWith("RestrictAddressFamilies"))[0]).toBe("RestrictAddressFamilies=");
    expect(after.values.get("RestrictAddressFamilies")?.value).toMatchObject({
      mode: "allow",
      names: ["AF_UNIX"],
    });
  });

  it("keeps what its author listed, unless a bet is asked for", () => {
    const unit = service("RestrictAddressFamilies=AF_UNIX AF_PACKET", "CapabilityBoundingSet=CAP_SYS_ADMIN");
    expect(hardenText(unit).lines.filter(startsWith("RestrictAddressFamilies"))).toEqual([]);
    expect(hardenText(unit).lines.filter(startsWith("CapabilityBoundingSet"))).toEqual([]);
  });

  it("is left alone where a later drop-in sets it again", () => {
    const files = { "/etc/systemd/system/bakery.service.d/90-late.conf": "[Service]\nProtectClock=no\n" };
    expect(hardenText(service(), { files }).lines).not.toContain("ProtectClock=yes");
  });

  it("lets a later drop-in speak for what it sets, not against a value that is asked for by name", () => {
    const files = { "/etc/systemd/system/bakery.service.d/90-late.conf": "[Service]\nPrivateTmp=no\n" };
    const forced = [{ directive: "InaccessiblePaths", value: "/opt" }];
    expect(hardenText(service(), { files, forced }).lines).toContain("InaccessiblePaths=/opt");
  });

  it("may be an explicit no, which is a need", () => {
    expect(
      hardenText(service("PrivateTmp=no"), { level: "strict" }).lines.filter(startsWith("PrivateTmp")),
    ).toEqual([]);
  });

  it.each(["~@mount", "@system-service"])("a filter that kills, %s, answers bets with an error", filter => {
    const { lines, after } = hardenText(service(`SystemCallFilter=${filter}`), { level: "strict" });
    expect(lines.join(" ")).toMatch(/SystemCallFilter=~(\S+ )*@resources:EPERM/);
    const calls = after.values.get("SystemCallFilter")?.value;
    expect(calls?.kind === "syscalls" ? calls.names.get("setpriority") : undefined).toBe("EPERM");
  });

  it("a list of what is denied stays one, for a call that balanced bets against must not kill either", () => {
    const { lines, after } = hardenText(service("User=baker", "SystemCallFilter=~@mount @debug"));
    expect(lines).not.toContain("SystemCallFilter=");
    const calls = after.values.get("SystemCallFilter")?.value;
    expect(calls?.kind === "syscalls" ? [calls.mode, calls.names.get("pkey_alloc")] : undefined).toEqual([
      "deny",
      "EPERM",
    ]);
    expect(calls?.kind === "syscalls" ? calls.names.has("bpf") : undefined).toBe(false);
  });

  it("a filter that kills never answers what systemd itself calls after it", () => {
    const { after } = hardenText(service("User=baker", "SystemCallFilter=@system-service @privileged"), {
      level: "strict",
    });
    const calls = after.values.get("SystemCallFilter")?.value;
    const answers = calls?.kind === "syscalls" ? calls.names : new Map<string, string | null>();
    expect(["capget", "capset", "prctl"].map(call => answers.get(call) ?? null)).toEqual([null, null, null]);
  });

  it("a filter with an error of its own is answered with that", () => {
    const strict = service("SystemCallFilter=~@mount", "SystemCallErrorNumber=EACCES");
    const { lines } = hardenText(strict, { level: "strict" });
    expect(lines.join(" ")).toContain("@system-service");
    expect(lines.join(" ")).not.toContain("EPERM");
  });

  it("a filter that kills goes on killing", () => {
    expect(
      hardenText(service("SystemCallFilter=@system-service")).lines.filter(
        startsWith("SystemCallErrorNumber"),
      ),
    ).toEqual([]);
    expect(hardenText(service()).lines).toContain("SystemCallErrorNumber=EPERM");
  });

  it("a file mode mask keeps what the group may do", () => {
    const { after } = hardenText(service("UMask=0007"), { level: "strict" });
    expect(after.values.get("UMask")?.value).toEqual({ kind: "number", value: 0o007 });
  });
});

describe("a need of anything of a kind", () => {
  it("leaves the directive of that kind alone instead of naming it", () => {
    const { lines } = hardenText(service("ExecStartPre=/usr/bin/update-initramfs -u"), { level: "strict" });
    expect(lines.filter(startsWith("RestrictAddressFamilies"))).toEqual([]);
  });
});

describe("core dumps", () => {
  it("are left out where the level bets that nobody wants them, and nowhere that the unit asks for them", () => {
    const lines = (level: "balanced" | "strict", more = "") =>
      hardenText(service(...(more === "" ? [] : [more])), { level }).lines.filter(startsWith("LimitCORE"));
    expect(lines("balanced")).toEqual([]);
    expect(lines("strict")).toEqual(["LimitCORE=0"]);
    expect(lines("strict", "LimitCORE=infinity")).toEqual([]);
    expect(lines("strict", "LimitCORE=0")).toEqual([]);
  });
});

describe("what is asked for", () => {
  it("--only and --except choose directives, --max-risk leaves the riskier out", () => {
    expect(hardenText(service(), { only: ["ProtectClock"] }).lines).toEqual(["ProtectClock=yes"]);
    expect(hardenText(service(), { except: ["ProtectClock"] }).lines).not.toContain("ProtectClock=yes");
    const { settings } = hardenText(service(), { level: "strict", maxRisk: 1 }).proposal;
    expect(settings.every(setting => setting.risk <= 1)).toBe(true);
  });

  it("a target is reached with less than everything, and what is left out is said", () => {
    const all = hardenText(service("User=baker"), { level: "strict" }).proposal;
    const some = hardenText(service("User=baker"), { level: "strict", target: 50 }).proposal;
    expect(some.reachesTarget).toBe(true);
    expect(some.after.exposure).toBeLessThanOrEqual(50);
    expect(some.settings.length).toBeLessThan(all.settings.length);
    expect(some.withheld.some(({ because }) => because.kind === "excluded" && because.by === "target")).toBe(
      true,
    );
  });

  it("a target out of reach gives the best there is and says so", () => {
    const all = hardenText(service()).proposal;
    const { reachesTarget, after } = hardenText(service(), { target: 1 }).proposal;
    expect(reachesTarget).toBe(false);
    expect(after.exposure).toBe(all.after.exposure);
  });
});

describe("system calls", () => {
  const filter = (text: string, level: "safe" | "balanced" | "strict" = "balanced") =>
    hardenText(text, { level }).lines.filter(startsWith("SystemCallFilter"));

  it("are an allow list made of systemd's sets where the level bets, a deny list where it does not", () => {
    expect(filter(service())[0]).toBe("SystemCallFilter=@system-service");
    expect(filter(service(), "safe")).toEqual([
      "SystemCallFilter=~@cpu-emulation @module @obsolete @raw-io @reboot @swap",
    ]);
  });

  it("keep what a helper command needs", () => {
    expect(filter(service("ExecStartPre=/bin/mount /srv/bread")).join(" ")).toMatch(/@mount/);
  });
});

describe("a device that the unit names", () => {
  const unit = service("DeviceAllow=/dev/net/tun rw", "DeviceAllow=/dev/null rw");

  it("stays open, and keeps the rest of /dev closed without a private one", () => {
    const { lines } = hardenText(unit);
    expect(lines).not.toContain("PrivateDevices=yes");
    expect(lines.filter(startsWith("DevicePolicy"))).toEqual(["DevicePolicy=closed"]);
    const dropIn = `[Service]\n${lines.join("\n")}\n`;
    const again = hardenText(unit, {
      files: { "/etc/systemd/system/bakery.service.d/50-ours.conf": dropIn },
    });
    expect(again.lines).toEqual([]);
  });
});
