import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FileTree } from "../../../src/host/file-tree.ts";
import { memoryTree } from "../../../src/host/memory-tree.ts";
import { formatNeed, isBelow } from "../../../src/needs/need-pattern.ts";
import { pathSet } from "../../../src/needs/trace/condense-paths.ts";
import { parseStrace } from "../../../src/needs/trace/strace.ts";
import { type TraceContext, traceNeeds } from "../../../src/needs/trace/trace-needs.ts";

const START = '1 execve("/usr/bin/oven", ["oven"], 0x1 /* 2 vars */) = 0';

function needs(lines: readonly string[], context: Partial<TraceContext> = {}): readonly string[] {
  const { present } = traceNeeds(parseStrace(lines), { isRoot: true, ...context }, "oven.trace");
  return present.filter(({ kind }) => kind !== "syscall").map(formatNeed);
}

describe("a command outside of the sandbox", () => {
  const outside = [["/bin/sh", "-c", "mkdir -p /data/oven && chown baker /data/oven"]];
  const prepared = (argv: string) => [
    `1 execve("/bin/sh", ${argv}, 0x1 /* 2 vars */) = 0`,
    "1 vfork() = 2",
    '2 execve("/usr/bin/mkdir", ["mkdir", "-p", "/data/oven"], 0x1 /* 2 vars */) = 0',
    '2 mkdir("/data", 0777) = 0',
    "2 +++ exited with 0 +++",
    "1 +++ exited with 0 +++",
    '3 execve("/usr/bin/oven", ["oven"], 0x1 /* 2 vars */) = 0',
    '3 openat(AT_FDCWD, "/data/oven/rye", O_RDWR|O_CREAT, 0644) = 4',
  ];
  const cut = '["/bin/sh", "-c", "mkdir -p /data/oven && chown bak"...]';

  it("needs nothing of it, nor do its children", () => {
    expect(needs(prepared(cut))).toContain("write:/");
    expect(needs(prepared(cut), { outside, programs: ["/usr/bin/oven"] })).toEqual([
      "exec:/usr/bin/oven",
      "write:/data/oven",
    ]);
  });

  it.each([
    ["another program's", '["/bin/sh", "-c", "mkdir -p /data/loaves"]'],
    ["with more words", '["/bin/sh", "-c", "mkdir -p /data/oven && chown bak"..., "rye"]'],
    ["not shown", "0x7ffc12345678 /* 3 args */"],
  ])("is not one whose arguments are %s", (_, argv) => {
    expect(needs(prepared(argv), { outside })).toContain("write:/");
  });

  it("is known by the words before a variable", () => {
    const lines = prepared('["/bin/sh", "-c", "mkdir /data", "a", "b"]');
    expect(needs(lines, { outside: [["sh", "-c", "mkdir /data", "$LOAVES"]] })).not.toContain("write:/");
    expect(needs(lines, { outside: [["sh", "-c", "$LOAVES"]] })).not.toContain("write:/");
    expect(needs(lines, { outside: [["sh", "-x", "$LOAVES"]] })).toContain("write:/");
  });
});

describe("a call in a trace", () => {
  it.each([
    ['chown("/var/lib/oven", 100, 100) = 0', ["cap:CAP_CHOWN", "host-users", "write:/var/lib/oven"]],
    ['mkdir("/var/lib/oven", 0755) = 0', ["write:/var/lib"]],
    ['mkdir("/var/lib/oven", 02755) = 0', ["set-suid", "write:/var/lib"]],
    ['openat(AT_FDCWD, "/var/lib/oven/rye", O_RDWR) = 3', ["write:/var/lib/oven/rye"]],
    ['openat(AT_FDCWD, "/var/lib/oven/rye", O_RDWR|O_CREAT, 0644) = 3', ["write:/var/lib/oven"]],
    ['openat(AT_FDCWD, "/etc/oven", O_RDONLY) = 3', ["read:/etc/oven"]],
    ['openat(AT_FDCWD, "/etc/oven", O_RDONLY) = -1 ENOENT (No such file or directory)', []],
    ['openat(AT_FDCWD, "/etc/oven", O_RDWR) = -1 EROFS (Read-only file system)', []],
    ['unlink("/run/oven.sock") = -1 ENOENT (No such file or directory)', ["write:/run"]],
    ['stat("/home", {st_mode=S_IFDIR|0755}) = 0', []],
    ['openat(AT_FDCWD, "/home/baker/x", O_RDONLY) = 3', ["read:/home/baker/x"]],
    ['openat(AT_FDCWD, "/var/run/oven.pid", O_WRONLY|O_CREAT, 0644) = 3', ["write:/run"]],
    ['openat(AT_FDCWD, "/dev/null", O_RDWR|O_CREAT, 0644) = 3', []],
    ['openat(AT_FDCWD, "/dev/fuse", O_RDWR) = 3', ["device:/dev/fuse", "write:/dev/fuse"]],
    ['openat(AT_FDCWD, "/proc/sys/kernel/random/boot_id", O_RDONLY) = 3', ["proc-files", "read:/proc/sys"]],
    [
      'openat(AT_FDCWD, "/sys/kernel/mm/transparent_hugepage/enabled", O_RDONLY) = 3',
      ["read:/sys/kernel/mm/transparent_hugepage/enabled"],
    ],
    [
      'openat(AT_FDCWD, "/proc/sys/net/core/somaxconn", O_WRONLY) = 3',
      ["kernel-tunables", "proc-files", "write:/proc/sys/net/core/somaxconn"],
    ],
    ['openat(AT_FDCWD, "/proc/self/status", O_RDONLY) = 3', []],
    ['openat(AT_FDCWD, "/proc/4711/stat", O_RDONLY) = 3', ["other-processes"]],
    [
      'openat(AT_FDCWD, "/sys/fs/cgroup/oven/cgroup.procs", O_WRONLY) = 3',
      ["control-groups", "write:/sys/fs/cgroup"],
    ],
    ['openat(AT_FDCWD, "/dev/kmsg", O_WRONLY) = 3', ["kernel-log", "device:/dev/kmsg", "write:/dev/kmsg"]],
    ["socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3", ["family:AF_NETLINK"]],
    [
      "socket(AF_INET6, SOCK_DGRAM, IPPROTO_IP) = -1 EAFNOSUPPORT (Address family not supported by protocol)",
      [],
    ],
    [
      "mmap(NULL, 4096, PROT_READ|PROT_WRITE|PROT_EXEC, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f",
      ["memory-wx"],
    ],
    ["mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f", []],
    ["mprotect(0x7f, 4096, PROT_READ|PROT_EXEC) = 0", ["memory-wx"]],
    ["mprotect(0x7f, 4096, PROT_READ|PROT_EXEC) = -1 EACCES (Permission denied)", []],
    ["setresuid(33, 33, 33) = 0", ["switch-user"]],
    ["setresuid(-1, 0, -1) = 0", []],
    ["sched_setscheduler(0, SCHED_FIFO, [1]) = 0", ["realtime"]],
    ["sched_setscheduler(0, SCHED_BATCH, [0]) = 0", []],
    ["unshare(CLONE_NEWUSER|CLONE_NEWNS) = 0", ["namespace:user", "namespace:mnt"]],
    ["unshare(CLONE_NEWNET) = 0", ["namespace:net", "cap:CAP_SYS_ADMIN"]],
    ["personality(0xffffffff) = 0", []],
    ["personality(PER_LINUX32) = 0", ["personality"]],
    ["adjtimex({modes=0, offset=1}) = 0", []],
    ["adjtimex({modes=ADJ_OFFSET, offset=1}) = 0", ["clock"]],
    ["kill(4711, SIGHUP) = 0", ["host-processes", "cap:CAP_KILL"]],
    ["setrlimit(RLIMIT_NOFILE, {rlim_cur=1024, rlim_max=4096}) = 0", []],
    [
      "prlimit64(0, RLIMIT_NOFILE, {rlim_cur=8192, rlim_max=8192}, {rlim_cur=1024, rlim_max=4096}) = 0",
      ["cap:CAP_SYS_RESOURCE"],
    ],
    ['chroot("/var/lib/oven") = 0', ["chroot", "read:/var/lib/oven"]],
    ["setsockopt(3, SOL_SOCKET, SO_MARK, [1], 4) = 0", ["cap:CAP_NET_ADMIN"]],
    [
      "sendto(3, [{nlmsg_len=1, nlmsg_type=RTM_NEWADDR, nlmsg_flags=0}], 1, 0, {sa_family=AF_NETLINK, nl_pid=0}, 12) = 1",
      ["cap:CAP_NET_ADMIN"],
    ],
    ["prctl(PR_CAPBSET_DROP, CAP_CHOWN) = 0", ["cap:CAP_SETPCAP"]],
    ['bind(3, {sa_family=AF_UNIX, sun_path="/tmp/oven.sock"}, 110) = 0', ["shared-tmp", "write:/tmp"]],
    ['connect(3, {sa_family=AF_UNIX, sun_path="/run/bus"}, 110) = 0', ["read:/run/bus"]],
    ['connect(3, {sa_family=AF_UNIX, sun_path=@"bus"}, 110) = 0', ["network"]],
    [
      'connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.1")}, 16) = -1 EINPROGRESS (Operation now in progress)',
      ["network", "peer:10.0.0.1"],
    ],
  ])("%s", (line, expected) => {
    expect([...needs([`1 ${line}`])].sort()).toEqual([...expected].sort());
  });

  const tree = memoryTree({ "/usr/lib/libdough.so": { content: "", mode: 0o644 }, "/usr/bin/oven": "" });
  it("maps a library for execution without the right to execute the file", () => {
    const mapped = "mmap(NULL, 4096, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3</usr/lib/libdough.so>, 0) = 0x7f";
    expect(needs([`1 ${mapped}`], { tree })).toEqual(["exec:/usr/lib/libdough.so"]);
  });

  it("takes no capability where who makes it has none", () => {
    const raised = 'openat(AT_FDCWD, "/proc/self/oom_score_adj", O_WRONLY) = 3';
    expect(needs([`1 ${raised}`, `2 ${raised}`])).toContain("cap:CAP_SYS_RESOURCE");
    expect(needs(["1 setuid(100) = 0", `1 ${raised}`])).not.toContain("cap:CAP_SYS_RESOURCE");
  });

  it("counts for little where programs go on without", () => {
    const priorOf = (...lines: readonly string[]) =>
      traceNeeds(parseStrace(lines), { isRoot: true }, "t").present.flatMap(({ prior, ...need }) =>
        prior === undefined ? [] : [`${formatNeed(need)} ${prior}`],
      );
    expect(priorOf("1 sched_setaffinity(0, 128, [0]) = 0")).toEqual(["syscall:sched_setaffinity rare"]);
    const memory = '1 openat(AT_FDCWD, "/proc/sys/vm/overcommit_memory", O_RDONLY) = 3';
    expect(priorOf(memory)).toEqual(["proc-files rare"]);
    const buffer = "1 setsockopt(3, SOL_SOCKET, SO_SNDBUFFORCE, [8388608], 4) = 0";
    const mark = "1 setsockopt(3, SOL_SOCKET, SO_MARK, [1], 4) = 0";
    expect(priorOf(buffer)).toEqual(["cap:CAP_NET_ADMIN rare"]);
    expect(priorOf(buffer, mark)).toEqual([]);
  });

  it("takes the right to write a socket to connect to it", () => {
    const made = '1 bind(3, {sa_family=AF_UNIX, sun_path="/run/oven.sock"}, 110) = 0';
    const asked =
      '1 connect(4, {sa_family=AF_UNIX, sun_path="/run/oven.sock"}, 110) = -1 ECONNREFUSED (Connection refused)';
    expect(needs([made, asked], { tree })).not.toContain("cap:CAP_DAC_OVERRIDE");
    const given = '1 chown("/run/oven.sock", 100, 100) = 0';
    expect(needs([made, given, asked], { tree })).toContain("cap:CAP_DAC_OVERRIDE");
  });

  it("keeps an owner's rights where a file is given to a group alone", () => {
    const log = '1 openat(AT_FDCWD, "/run/oven.log", O_RDWR|O_CREAT, 0640) = 3';
    const again = '1 openat(AT_FDCWD, "/run/oven.log", O_WRONLY) = 4';
    const given = (owner: number) => [log, `1 chown("/run/oven.log", ${owner}, 4) = 0`, again];
    expect(needs(given(0), { tree })).not.toContain("cap:CAP_DAC_OVERRIDE");
    expect(needs(given(100), { tree })).toContain("cap:CAP_DAC_OVERRIDE");
  });

  it("is itself a need, unless it was only ever refused", () => {
    const { present } = traceNeeds(
      parseStrace([
        "1 mlockall(MCL_CURRENT) = -1 EPERM (Operation not permitted)",
        "1 getpid() = 1",
        "1 read(0) = -1 EAGAIN (x)",
      ]),
      { isRoot: true },
      "t",
    );
    expect(present.map(formatNeed)).toEqual(["syscall:getpid", "syscall:read"]);
    expect(present[0]).toMatchObject({
      certainty: "observed",
      evidence: { by: "trace", file: "t", line: 2, detail: "getpid() = 1" },
    });
  });
});

describe("what is known of processes", () => {
  it("resolves paths through working folders, descriptors and roots", () => {
    expect(
      needs([
        '1 chdir("/srv/oven") = 0',
        '1 openat(AT_FDCWD, "tray", O_RDONLY|O_DIRECTORY) = 5',
        "1 dup2(5, 9) = 9",
        "1 close(5) = 0",
        '1 mkdirat(9, "rye", 0755) = 0',
        "1 fork() = 2",
        '2 mkdir("a/../wheat/crumb", 0755) = 0',
        '2 chroot("/srv") = 0',
        '2 rmdir("/jar/lid") = 0',
      ]).filter(need => need.startsWith("write:")),
    ).toEqual(["write:/srv/jar", "write:/srv/oven/tray", "write:/srv/oven/wheat"]);
  });

  it("closes descriptors on execution, where they say so", () => {
    const { unresolved } = traceNeeds(
      parseStrace([
        '1 open("/a", O_RDONLY|O_CLOEXEC) = 3',
        '1 open("/b", O_RDONLY) = 4',
        '1 execve("/bin/x", [], 0) = 0',
        '1 mkdirat(3, "x", 0755) = 0',
        '1 mkdirat(4, "x", 0755) = 0',
      ]),
      { isRoot: true },
      "t",
    );
    expect(unresolved).toBe(1);
  });

  it("knows ports by the socket that was bound", () => {
    expect(
      needs([
        "1 socket(AF_INET, SOCK_DGRAM|SOCK_CLOEXEC, IPPROTO_IP) = 3",
        "1 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x1) = 2",
        '2 bind(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
      ]),
    ).toContain("bind:udp:53");
  });

  it("takes no privilege for a port that the kernel chooses", () => {
    const bound = needs([
      "1 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3",
      '1 bind(3, {sa_family=AF_INET, sin_port=htons(0), sin_addr=inet_addr("0.0.0.0")}, 16) = 0',
    ]);
    expect(bound).toContain("bind:tcp:0");
  });

  it("knows children in another PID namespace", () => {
    expect(
      needs([
        '1 chdir("/srv") = 0',
        "1 clone(child_stack=NULL, flags=SIGCHLD <unfinished ...>",
        '900 mkdir("a/b", 0700) = 0',
        "1 <... clone resumed>) = 3",
        "1 kill(3, SIGTERM) = 0",
      ]),
    ).toEqual(expect.arrayContaining(["write:/srv/a"]));
    expect(
      needs([
        "1 clone(child_stack=NULL, flags=SIGCHLD) = 3 /* 900 in strace's PID NS */",
        "900 getpid() = 3",
        "1 kill(3, SIGTERM) = 0",
      ]),
    ).toEqual([]);
  });

  it("counts only the unit's own in a trace of the manager", () => {
    const lines = [
      '1 openat(AT_FDCWD, "/sys/fs/cgroup/system.slice/oven.service/cgroup.procs", O_WRONLY) = 3',
      "1 clone(child_stack=NULL, flags=SIGCHLD) = 2",
      '2 mount("none", "/x", NULL, MS_BIND, NULL) = 0',
      START.replace("1 ", "2 "),
      '2 openat(AT_FDCWD, "/etc/oven", O_RDONLY) = 3',
      '1 unlink("/run/systemd/x") = 0',
    ];
    expect(needs(lines, { programs: ["/usr/bin/oven"] })).toEqual(
      ["read:/etc/oven", "exec:/usr/bin/oven"].sort(),
    );
    expect(needs(lines)).toContain("control-groups");
  });

  it("stops to take a process for root when it has become another", () => {
    expect(needs(["1 setuid(33) = 0", '1 chown("/srv/a", 33, 33) = 0'])).not.toContain("cap:CAP_CHOWN");
    expect(needs(['1 chown("/srv/a", 33, 33) = 0'], { isRoot: false })).not.toContain("cap:CAP_CHOWN");
  });
});

describe("with the files at hand", () => {
  const tree: FileTree = memoryTree({
    "/srv/bakery/rye": { content: "", uid: 33, gid: 33, mode: 0o600 },
    "/srv/bakery": { directory: true, uid: 33, gid: 33, mode: 0o755 },
    "/srv/link": { link: "bakery" },
    "/usr/bin/bake.sh": { content: "#!/bin/sh\n", mode: 0o755 },
    "/usr/bin/sudo": { content: "x", mode: 0o4755 },
    "/usr/bin/dash": { content: "x", mode: 0o755 },
    "/usr/bin/sh": { link: "dash" },
    "/bin": { link: "usr/bin" },
  });

  it.each([
    ['open("/srv/link/rye", O_RDONLY) = 3', ["cap:CAP_DAC_READ_SEARCH", "read:/srv/bakery/rye"]],
    ['open("/srv/link/wheat", O_WRONLY|O_CREAT, 0600) = 3', ["cap:CAP_DAC_OVERRIDE", "write:/srv/bakery"]],
    ['execve("/usr/bin/bake.sh", [], 0) = 0', ["exec:/usr/bin/bake.sh", "exec:/usr/bin/dash"]],
    ['execve("/bin/sudo", [], 0) = 0', ["exec:/usr/bin/sudo", "gain-privileges"]],
    ['chmod("/srv/bakery", 0755) = 0', ["cap:CAP_FOWNER", "write:/srv/bakery"]],
    ['unlink("/srv/missing/x") = -1 ENOENT (No such file or directory)', []],
  ])("%s", (line, expected) => {
    expect(
      [...needs([`1 ${line}`], { tree })]
        .filter(need => !need.endsWith("CAP_DAC_OVERRIDE") || expected.includes(need))
        .sort(),
    ).toEqual([...expected].sort());
  });
});

describe("what a trace does not show", () => {
  const whole = [
    START,
    "1 mmap(NULL, 1, PROT_READ, MAP_PRIVATE, -1, 0) = 0x7f",
    "1 close(3) = 0",
    "1 read(0, 0x1, 1) = 0",
    "1 futex(0x1) = 0",
    "1 brk(NULL) = 0x1",
  ];
  const absent = (lines: readonly string[]) =>
    traceNeeds(parseStrace(lines), { isRoot: true }, "t").absent.map(formatNeed);

  it("is stated as observed, of a whole trace from the start on", () => {
    expect(absent(whole)).toEqual(expect.arrayContaining(["memory-wx", "family", "write", "cap:CAP_CHOWN"]));
    expect(absent(whole)).not.toContain("gain-privileges");
  });

  it("is stated of peers only where no socket could have had any", () => {
    expect(absent(whole)).toContain("peer");
    expect(absent([...whole, "1 socket(AF_INET6, SOCK_STREAM, 0) = 3"])).not.toContain("peer");
  });

  it("claims nothing of capabilities for a program that sets them by name", () => {
    const set = "1 capset({version=_LINUX_CAPABILITY_VERSION_3, pid=0}, {effective=0, permitted=0}) = 0";
    expect(absent([...whole, set])).not.toContain("cap:CAP_CHOWN");
    expect(absent([...whole, set])).toContain("family");
  });

  it("says nothing of rights to files where root wrote in a folder of unknown owner", () => {
    const made = (path: string) => `1 mkdir("${path}", 0755) = 0`;
    const claims = (path: string) =>
      traceNeeds(parseStrace([...whole, made(path)]), { isRoot: true, tree: memoryTree({}) }, "t").absent;
    expect(claims("/run/oven").map(formatNeed)).toContain("cap:CAP_DAC_OVERRIDE");
    expect(claims("/run/oven/socks").map(formatNeed)).not.toContain("cap:CAP_DAC_OVERRIDE");
  });

  it.each([
    ["that began in the middle", whole.slice(1)],
    ["that was limited to some calls", whole.slice(0, 3)],
    ["of a program whose calls no trace shows", [...whole, "1 io_uring_setup(8, {flags=0}) = 4"]],
  ])("is not stated of a trace %s", (_, lines) => {
    expect(absent(lines)).toEqual([]);
  });
});

describe("many paths", () => {
  const evidence = () => ({ by: "trace", detail: "" });

  it("become their folder, but never a place of its own", () => {
    const set = pathSet(4, ["/run/user"]);
    for (let i = 0; i < 9; i++) set.add(`/srv/bakery/rye/${i}`, evidence);
    for (let i = 0; i < 50; i++) set.add(`/run/${i}`, evidence);
    set.add("/run", evidence);
    set.add("/run/user/1000", evidence);
    expect(set.list().map(({ path }) => path)).toEqual(["/run", "/run/user/1000", "/srv/bakery/rye"]);
  });

  it("stay few, and hold all that was added", () => {
    const part = fc.constantFrom("a", "b", "c", "d", "e", "f", "g");
    const path = fc.array(part, { minLength: 1, maxLength: 6 }).map(parts => `/${parts.join("/")}`);
    fc.assert(
      fc.property(fc.array(path, { maxLength: 200 }), paths => {
        const set = pathSet(4, []);
        for (const each of paths) set.add(each, evidence);
        const listed = set.list().map(({ path: kept }) => kept);
        for (const each of paths) expect(listed.some(kept => isBelow(each, kept))).toBe(true);
      }),
    );
  });
});

describe("a longer trace", () => {
  it("shows no less than a shorter one", () => {
    const name = fc.constantFrom(
      "/srv/a",
      "/srv/b/c",
      "/tmp/x",
      "/run/y",
      "/dev/fuse",
      "/proc/1/stat",
      "d",
      "/home/baker",
      "/var/lib/oven/1",
    );
    const line = fc.oneof(
      name.map(path => `open("${path}", O_RDONLY) = 3`),
      name.map(path => `mkdir("${path}", 0755) = 0`),
      name.map(path => `chdir("${path}") = 0`),
      fc.integer({ min: 0, max: 40 }).map(number => `open("/srv/many/${number}", O_RDWR) = 4`),
      fc
        .integer({ min: 1, max: 99 })
        .map(
          port =>
            `bind(3, {sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("0.0.0.0")}, 16) = 0`,
        ),
      fc.constantFrom(
        "socket(AF_INET, SOCK_STREAM, 0) = 3",
        "fork() = 2",
        "setuid(33) = 0",
        "mprotect(0x1, 1, PROT_EXEC) = 0",
        'execve("/usr/bin/oven", [], 0) = 0',
        "unshare(CLONE_NEWNS) = 0",
      ),
    );
    const trace = fc.array(
      fc.tuple(fc.constantFrom("1", "2"), line).map(parts => parts.join(" ")),
      { maxLength: 80 },
    );
    fc.assert(
      fc.property(trace, fc.nat(80), (lines, cut) => {
        const all = traceNeeds(parseStrace(lines), { isRoot: true }, "t").present;
        for (const need of traceNeeds(parseStrace(lines.slice(0, cut)), { isRoot: true }, "t").present) {
          const isKept = all.some(
            other =>
              other.kind === need.kind &&
              (other.subject === need.subject ||
                (need.subject?.startsWith("/") === true &&
                  other.subject !== undefined &&
                  isBelow(need.subject, other.subject)) ||
                (need.kind === "bind" &&
                  other.subject === `${need.subject?.slice(0, need.subject.indexOf(":"))}:*`)),
          );
          expect(isKept, formatNeed(need)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });
});
