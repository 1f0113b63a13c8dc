import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { callsOf } from "../../src/needs/elf/calls-of.ts";
import { hardenText } from "../harden/harden-text.ts";

const canCompile = process.arch === "x64" && spawnSync("cc", ["--version"]).status === 0;

const compile = (source: string, ...options: readonly string[]): Buffer => {
  const folder = mkdtempSync(join(tmpdir(), "tightunit-elf-"));
  try {
    execFileSync("cc", [...options, "-x", "c", "-o", join(folder, "oven"), "-"], { input: source });
    return readFileSync(join(folder, "oven"));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const opens = (family: string, type: string) =>
  `#include <sys/socket.h>\nint main(int count, char **words) { return socket(${family}, ${type}, 0) + socket(count, SOCK_STREAM, 0); }\n`;

describe.skipIf(!canCompile)("calls in a program's code (needs a C compiler on a 64 bit PC)", () => {
  it("show their constant arguments, in every style of linking", () => {
    for (const options of [
      ["-O2"],
      ["-O0"],
      ["-O2", "-fno-plt"],
      ["-O2", "-no-pie"],
      ["-O2", "-Wl,-z,now"],
    ]) {
      const program = compile(opens("17", "SOCK_RAW | SOCK_CLOEXEC"), ...options);
      const calls = callsOf(program, ["socket"]).get("socket") ?? [];
      expect(calls.map(({ first }) => first)).toContain(17);
      expect(calls).toHaveLength(2);
    }
  });

  it("say which address families and raw sockets a service of root opens", () => {
    const run = (source: string) => {
      const files = { "/usr/sbin/oven": { content: compile(source, "-O2") } };
      return hardenText("[Service]\nExecStart=/usr/sbin/oven\n", { files }).lines.join("\n");
    };
    expect(run(opens("17", "SOCK_RAW"))).toMatch(/RestrictAddressFamilies=.*AF_PACKET/);
    expect(run(opens("17", "SOCK_RAW"))).toMatch(/CapabilityBoundingSet=.*CAP_NET_RAW/);
    expect(run(opens("AF_INET", "SOCK_RAW"))).toMatch(/CapabilityBoundingSet=.*CAP_NET_RAW/);
    expect(run(opens("AF_INET", "SOCK_STREAM"))).not.toMatch(/AF_PACKET|CAP_NET_RAW/);
  });

  it("leave the host's users to a program that asks who its peers are", () => {
    const run = (option: string) => {
      const source = `#define _GNU_SOURCE
#include <sys/socket.h>
struct ucred who; socklen_t size = sizeof who;
int main(int count, char **words) { return getsockopt(count, SOL_SOCKET, ${option}, &who, &size) + who.uid; }\n`;
      const files = { "/usr/sbin/oven": { content: compile(source, "-O2") } };
      return hardenText("[Service]\nUser=baker\nExecStart=/usr/sbin/oven\n", { files, level: "strict" })
        .lines;
    };
    expect(run("SO_RCVBUF")).toContain("PrivateUsers=yes");
    expect(run("SO_PEERCRED")).not.toContain("PrivateUsers=yes");
  });

  it("leave memory to execute to a program that writes its own code", () => {
    const run = (protection: string) => {
      const source = `#include <sys/mman.h>\nint main() { return mmap(0, 4096, ${protection}, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED; }\n`;
      const files = { "/usr/sbin/oven": { content: compile(source, "-O2") } };
      return hardenText("[Service]\nUser=baker\nExecStart=/usr/sbin/oven\n", { files, level: "strict" })
        .lines;
    };
    expect(run("PROT_READ | PROT_WRITE")).toContain("MemoryDenyWriteExecute=yes");
    expect(run("PROT_READ | PROT_WRITE | PROT_EXEC")).not.toContain("MemoryDenyWriteExecute=yes");
  });

  it("and to one that carries a run-time that compiles inside, whatever it is called", () => {
    const run = (text: string) => {
      const source = `#include <stdio.h>\nint main() { puts("${text}"); return 0; }\n`;
      const files = { "/opt/oven/shop": { content: compile(source) } };
      return hardenText("[Service]\nUser=baker\nExecStart=/opt/oven/shop\n", { files, level: "strict" })
        .lines;
    };
    expect(run("OVEN_HOME")).toContain("MemoryDenyWriteExecute=yes");
    expect(run("SBCL_HOME")).not.toContain("MemoryDenyWriteExecute=yes");
  });

  it("leave homes and set-user-ID programs to a gateway for CGI programs", () => {
    const run = (text: string) => {
      const source = `#include <unistd.h>\nint main(int count, char **words) { return execl(words[1], "${text}", (char *)0); }\n`;
      const files = { "/usr/sbin/oven": { content: compile(source) } };
      return hardenText("[Service]\nUser=baker\nExecStart=/usr/sbin/oven\n", { files }).lines;
    };
    expect(run("BREAD_NAME")).toContain("ProtectHome=yes");
    expect(run("SCRIPT_FILENAME")).not.toContain("ProtectHome=yes");
    expect(run("SCRIPT_FILENAME")).not.toContain("NoNewPrivileges=yes");
  });

  it("do not lead out of a file that was cut", () => {
    const whole = compile(opens("17", "SOCK_RAW"), "-O2");
    for (const size of [64, 700, 4000, whole.length - 2000])
      expect(() => {
        try {
          callsOf(whole.subarray(0, size), ["socket"]);
        } catch (error) {
          if (!(error instanceof RangeError)) throw error;
        }
      }).not.toThrow();
  });

  it("count by the names in a static program that was not stripped", () => {
    const source = "#include <sys/mount.h>\nint main() { return mount(0, 0, 0, 0, 0); }\n";
    const run = (...options: readonly string[]) => {
      const files = { "/usr/sbin/oven": { content: compile(source, "-static", ...options) } };
      return hardenText("[Service]\nExecStart=/usr/sbin/oven\n", { files }).lines;
    };
    expect(run()).not.toContain("PrivateTmp=yes");
    expect(run("-s")).toContain("PrivateTmp=yes");
  });

  it("leave the device of tunnels to a program that names it, whatever the level bets", () => {
    const source = '#include <fcntl.h>\nint main() { return open("/dev/net/tun", O_RDWR); }\n';
    const files = { "/usr/sbin/oven": { content: compile(source) } };
    const { lines } = hardenText("[Service]\nExecStart=/usr/sbin/oven\n", { files, level: "strict" });
    expect(lines).toContain("DeviceAllow=/dev/net/tun rw");
    expect(lines).not.toContain("PrivateDevices=yes");
  });

  it("leave a socket in /tmp where others find it", () => {
    const run = (path: string) => {
      const source = `#include <stdio.h>\nint main() { puts("${path}"); return 0; }\n`;
      const files = { "/usr/sbin/oven": { content: compile(source) } };
      return hardenText("[Service]\nExecStart=/usr/sbin/oven\n", { files }).lines;
    };
    expect(run("/tmp/oven.sock")).not.toContain("PrivateTmp=yes");
    expect(run("/tmp/oven.XXXXXX")).toContain("PrivateTmp=yes");
  });
});
