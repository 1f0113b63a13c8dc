// Facts of profiles that a setting would break silently, or that configuration decides.
import { describe, expect, it } from "vitest";
import type { MemoryEntry } from "../../src/host/memory-tree.ts";
import { hardenText } from "../harden/harden-text.ts";

const directory = { directory: true as const };
const lines = (command: string, level: "balanced" | "strict", files: Record<string, MemoryEntry> = {}) =>
  hardenText(`[Service]\nExecStart=${command}\n`, { level, files }).lines;

describe("what is known of a program", () => {
  it("updatedb leaves out what a setting mounts over itself, so that none is", () => {
    for (const level of ["balanced", "strict"] as const)
      expect(
        lines("/usr/sbin/updatedb.plocate", level).filter(line =>
          /^(?:Protect(?:System|Home|KernelModules)|ReadWritePaths|PrivateDevices)=/.test(line),
        ),
      ).toEqual([]);
  });

  it("upsd only talks: what drivers of power supplies do is theirs", () => {
    const found = lines("/usr/sbin/upsd -F", "balanced");
    expect(found).toContain("PrivateDevices=yes");
    expect(found).toContain("ProtectKernelTunables=yes");
  });

  it("ptp4l binds its ports and asks cards for timestamps", () => {
    expect(lines("/usr/sbin/ptp4l -i eth0", "strict").join("\n")).toMatch(
      /CapabilityBoundingSet=.*CAP_NET_BIND_SERVICE CAP_NET_ADMIN/,
    );
  });

  it("tincd keeps its device and its port", () => {
    const found = lines("/usr/sbin/tincd -n bakery -D", "strict");
    expect(found).toContain("DeviceAllow=/dev/net/tun rw");
    expect(found.join("\n")).toMatch(/CapabilityBoundingSet=.*CAP_NET_BIND_SERVICE CAP_NET_ADMIN/);
  });

  it("automount mounts FUSE too", () => {
    expect(lines("/usr/sbin/automount", "strict").join("\n")).not.toMatch(/PrivateDevices|DevicePolicy/);
  });

  it("rasdaemon writes to the kernel's trace events", () => {
    expect(lines("/usr/sbin/rasdaemon -f", "strict")).not.toContain("ProtectKernelTunables=yes");
  });

  it("sysstat only counts, and looks below homes where its options say so", () => {
    const collect = (options: string) =>
      lines("/usr/libexec/sysstat/sa1 1 1", "strict", {
        "/etc/sysstat/sysstat": `SADC_OPTIONS="${options}"\nSA_DIR=/srv/counters\n`,
        "/srv/counters": directory,
        "/var/log/sysstat": directory,
      });
    expect(collect("-S DISK")).toEqual(
      expect.arrayContaining([
        "CapabilityBoundingSet=",
        "ProtectHome=yes",
        expect.stringMatching(/^ReadWritePaths=-?\/srv\/counters$/),
      ]),
    );
    expect(collect("-S XDISK")).not.toContain("ProtectHome=yes");
  });

  it("collectd needs what the plugins that it loads need", () => {
    const collect = (...plugins: readonly string[]) =>
      lines("/usr/sbin/collectd", "balanced", {
        "/etc/collectd/collectd.conf": `LoadPlugin cpu\n<Include "/etc/collectd/collectd.conf.d">\nFilter "*.conf"\n</Include>\n`,
        "/etc/collectd/collectd.conf.d/bakery.conf": plugins.map(name => `LoadPlugin ${name}\n`).join(""),
      });
    expect(collect("csv")).toContain("DevicePolicy=closed");
    expect(collect("exec")).not.toContain("DevicePolicy=closed");
    expect(collect("ping").join("\n")).toMatch(/CapabilityBoundingSet=.*CAP_NET_RAW/);
    expect(collect("csv").join("\n")).not.toMatch(/CapabilityBoundingSet=.*CAP_NET_RAW/);
    expect(collect("bakery_plugin").join("\n")).toMatch(/CapabilityBoundingSet=.*CAP_NET_RAW/);
  });
});
