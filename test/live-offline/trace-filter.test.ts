import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type FilterOptions, traceFilter } from "../../src/live/trace-filter.ts";

const fixture = (name: string): readonly string[] =>
  readFileSync(fileURLToPath(new URL(join("../../fixtures/traces", name), import.meta.url)), "utf8")
    .trimEnd()
    .split("\n");

function filtered(lines: readonly string[], options: Partial<FilterOptions> = {}) {
  const filter = traceFilter({
    controlGroup: "/system.slice/bakery.service",
    others: [1],
    running: [],
    ...options,
  });
  const kept = [...lines.flatMap(line => filter.push(line)), ...filter.finish()];
  return { kept, counts: filter.counts() };
}

const pids = (lines: readonly string[]): readonly string[] => [
  ...new Set(lines.map(line => line.split(" ")[0] ?? "")),
];

/** systemd 257 starts the oven: a child of the manager enters the group, is set up, executes the program. */
const START = [
  "1 clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}, 88 <unfinished ...>",
  '20 execve("/proc/self/fd/8", ["/usr/lib/systemd/systemd-executor"], 0x7ffe /* 3 vars */ <unfinished ...>',
  "1 <... clone3 resumed>) = 20",
  "20 <... execve resumed>) = 0",
  '20 openat(AT_FDCWD, "/sys/fs/cgroup/system.slice/bakery.service/cgroup.procs", O_WRONLY|O_CLOEXEC) = 3',
  '20 mount("/", "/run/systemd/mount-rootfs", NULL, MS_BIND|MS_REC, NULL) = 0',
  "20 setuid(33) = 0",
];
const OVEN = '20 execve("/usr/bin/oven", ["/usr/bin/oven"], 0x55 /* 9 vars */) = 0';

describe("of a trace of the manager", () => {
  it("the unit's lines are left, from the execution of its program on", () => {
    const { kept, counts } = filtered([...START, OVEN, '20 openat(AT_FDCWD, "/etc/oven", O_RDONLY) = 3']);
    expect(kept).toEqual([OVEN, '20 openat(AT_FDCWD, "/etc/oven", O_RDONLY) = 3']);
    expect(counts).toEqual({ read: 9, kept: 2, processes: 1 });
  });

  it("an execution that strace wrote in two parts is left whole", () => {
    const parts = [OVEN.replace(") = 0", " <unfinished ...>"), "20 <... execve resumed>) = 0"];
    expect(filtered([...START, ...parts]).kept).toEqual(parts);
  });

  it("an execution that failed starts nothing", () => {
    const failed = '20 execve("/usr/local/bin/oven", ["oven"], 0x55) = -1 ENOENT (No such file or directory)';
    expect(filtered([...START, failed]).kept).toEqual([]);
  });

  it("a child that speaks before its fork returned is left, and its lines stay in order", () => {
    const lines = [
      "20 vfork( <unfinished ...>",
      '21 execve("/bin/gzip", ["gzip"], 0x55 /* 9 vars */) = 0',
      "21 close(3) = 0",
      "20 <... vfork resumed>) = 21",
      "21 +++ exited with 0 +++",
    ];
    const { kept } = filtered([...START, OVEN, ...lines]);
    expect(pids(kept)).toEqual(["20", "21"]);
    expect(kept.filter(line => line.startsWith("21"))).toEqual(lines.filter(line => line.startsWith("21")));
  });

  it("a child in a PID namespace of its own is known by the number that strace gives it", () => {
    const lines = [
      "20 clone(child_stack=NULL, flags=SIGCHLD) = 2 /* 21 in strace's PID NS */",
      "21 close(3) = 0",
    ];
    expect(filtered([...START, OVEN, ...lines]).kept).toEqual([OVEN, ...lines]);
  });

  it("the program of a private PID namespace, which a child of the set-up executes, is left", () => {
    const lines = [
      "20 clone(child_stack=NULL, flags=CLONE_NEWPID|SIGCHLD) = 21",
      '21 mount("proc", "/proc", "proc", 0, NULL) = 0',
      '21 execve("/usr/bin/oven", ["/usr/bin/oven"], 0x55 /* 9 vars */) = 0',
      "21 close(3) = 0",
    ];
    expect(filtered([...START, ...lines]).kept).toEqual(lines.slice(2));
  });

  it("what the manager does for others is dropped, and so is the manager entering the group", () => {
    const lines = [
      '1 openat(AT_FDCWD, "/sys/fs/cgroup/system.slice/bakery.service/cgroup.procs", O_WRONLY|O_CLOEXEC) = 9',
      '1 execve("/usr/lib/systemd/systemd", ["systemd"], 0x7f /* 3 vars */) = 0',
      "1 clone(child_stack=NULL, flags=SIGCHLD) = 30",
      '30 openat(AT_FDCWD, "/sys/fs/cgroup/system.slice/bakery.service-timer.service/cgroup.procs", O_WRONLY) = 3',
      '30 execve("/usr/bin/cat", ["cat"], 0x7f /* 3 vars */) = 0',
    ];
    expect(filtered(lines).kept).toEqual([]);
  });

  it("processes that ran before are the unit's as they are, and so are their children", () => {
    const lines = ["20 clone(child_stack=NULL, flags=SIGCHLD) = 21", "21 close(3) = 0", "30 close(3) = 0"];
    expect(filtered(lines, { running: [20], others: [1, 30] }).kept).toEqual(lines.slice(0, 2));
  });

  it("a number that comes again belongs to a new process", () => {
    const lines = [
      "20 +++ exited with 0 +++",
      "1 clone(child_stack=NULL, flags=SIGCHLD) = 20",
      "20 close(3) = 0",
    ];
    expect(filtered([...START, OVEN, ...lines]).kept).toEqual([OVEN, lines[0]]);
  });

  it("a child whose fork never returned is nobody's", () => {
    expect(filtered([...START, OVEN, "20 fork( <unfinished ...>", "21 close(3) = 0"]).kept).toHaveLength(2);
  });
});

describe("of recorded traces", () => {
  it("Redis under systemd 257 is left with its threads and forks, the executor and the generators are not", () => {
    const lines = fixture("redis-257.strace");
    const { kept, counts } = filtered(lines, {
      controlGroup: "/system.slice/redis-server.service",
      others: [27491],
    });
    expect(counts.processes).toBe(2);
    expect(kept[0]).toContain('execve("/usr/bin/redis-server"');
    expect(kept.join("\n")).not.toMatch(/systemd-executor|generator|uid_map|CLONE_NEWUSER/);
    expect(pids(kept).length).toBeGreaterThan(8);
    expect(kept.filter(line => !lines.includes(line))).toEqual([]);
  });

  it("memcached under systemd 252 is left with the wrapper that executes it", () => {
    const { kept } = filtered(fixture("memcached-252.strace"), {
      controlGroup: "/system.slice/memcached.service",
      others: [469],
    });
    expect(kept[0]).toContain('execve("/usr/share/memcached/scripts/systemd-memcached-wrapper"');
    expect(kept.some(line => line.includes('execve("/usr/bin/memcached"'))).toBe(true);
    expect(kept.join("\n")).not.toMatch(/cgroup\.procs|mount-rootfs|unit-root/);
  });
});
