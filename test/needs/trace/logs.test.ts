import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatNeed } from "../../../src/needs/need-pattern.ts";
import { parseAudit } from "../../../src/needs/trace/audit.ts";
import { eventsToNeeds } from "../../../src/needs/trace/events-needs.ts";
import { parseJournal } from "../../../src/needs/trace/journal.ts";
import { recogniseLog } from "../../../src/needs/trace/recognise.ts";

const SECCOMP =
  'type=SECCOMP msg=audit(1700000000.123:456): auid=4294967295 uid=0 gid=0 ses=4294967295 subj=unconfined pid=1234 comm="oven" exe="/usr/bin/oven" sig=31 arch=c000003e syscall=41 compat=0 ip=0x7f code=0x80000000';

describe("audit records", () => {
  it.each([
    [
      "of auditd",
      SECCOMP,
      {
        call: "socket",
        number: 41,
        arch: "x86-64",
        action: "killed",
        comm: "oven",
        exe: "/usr/bin/oven",
        time: 1_700_000_000_123_000,
      },
    ],
    [
      "after ausearch -i",
      "type=SECCOMP msg=audit(11/14/23 22:13:20.123:456) : auid=unset uid=root pid=1234 comm=oven exe=/usr/bin/oven sig=SIGSYS arch=x86_64 syscall=socket compat=0 ip=0x7f code=kill",
      { call: "socket", number: 41, action: "killed" },
    ],
    [
      "of SystemCallLog=",
      SECCOMP.replace("sig=31", "sig=0").replace("0x80000000", "0x7ffc0000"),
      { call: "socket", action: "logged" },
    ],
    [
      "of another architecture",
      SECCOMP.replace("c000003e syscall=41", "c00000b7 syscall=198"),
      { call: "socket", arch: "arm64" },
    ],
    ["of an unknown call", SECCOMP.replace("syscall=41", "syscall=9999"), { number: 9999 }],
    ["with a name in hex", SECCOMP.replace('comm="oven"', "comm=6F76656E2031"), { comm: "oven 1" }],
  ])("%s", (_, line, event) => {
    const { events, notUnderstood } = parseAudit([line], "audit.log");
    expect(notUnderstood).toBe(0);
    expect(events).toMatchObject([{ kind: "denied-call", file: "audit.log", line: 1, pid: 1234, ...event }]);
  });

  it("joins a failed call with its path", () => {
    const { events } = parseAudit(
      [
        'type=SYSCALL msg=audit(1700000000.123:9): arch=c000003e syscall=257 success=no exit=-30 a0=ffffff9c pid=7 comm="oven" exe="/usr/bin/oven"',
        'type=PATH msg=audit(1700000000.123:9): item=0 name="/etc/oven/state" inode=1',
      ],
      "a",
    );
    expect(events).toMatchObject([
      { kind: "path-error", error: "EROFS", path: "/etc/oven/state", access: "write", pid: 7, line: 2 },
    ]);
  });

  it("reads what security modules refused", () => {
    const { events } = parseAudit(
      [
        'type=AVC msg=audit(1700000000.123:1): avc:  denied  { read write } for  pid=7 comm="oven" path="/srv/oven" dev="sda1" ino=1 scontext=a tcontext=b tclass=file permissive=0',
        'type=AVC msg=audit(1700000000.123:2): apparmor="DENIED" operation="capable" profile="oven" pid=7 comm="oven" capability=12 capname="net_admin"',
      ],
      "a",
    );
    expect(events).toMatchObject([
      {
        kind: "access-denied",
        system: "selinux",
        permissions: ["read", "write"],
        path: "/srv/oven",
        object: "file",
      },
      { kind: "access-denied", system: "apparmor", capability: "CAP_NET_ADMIN" },
    ]);
  });
});

describe("journals", () => {
  const message = "oven.service: Main process exited, code=exited, status=226/NAMESPACE";
  it.each([
    [
      "-o json",
      [
        JSON.stringify({
          MESSAGE: message,
          UNIT: "oven.service",
          _PID: "1",
          __REALTIME_TIMESTAMP: "1700000000123000",
        }),
      ],
    ],
    [
      "-o export",
      [
        "__CURSOR=s=1",
        "__REALTIME_TIMESTAMP=1700000000123000",
        "_PID=1",
        "UNIT=oven.service",
        `MESSAGE=${message}`,
        "",
      ],
    ],
    [
      "-o export with a binary field",
      ["__CURSOR=s=1", "MESSAGE", `D\0\0\0\0\0\0\0${message}`, "UNIT=oven.service", ""],
    ],
    ["-o short", [`Nov 23 15:48:57 bakery systemd[1]: ${message}`]],
    ["-o short-iso", [`2026-11-23T15:48:57+0000 bakery systemd[1]: ${message}`]],
    ["-o cat", [message]],
  ])("%s", (_, lines) => {
    const { events, notUnderstood } = parseJournal(lines, "j");
    expect(notUnderstood).toBe(0);
    expect(events).toMatchObject([
      { kind: "exit", by: "exited", status: 226, name: "NAMESPACE", process: "main", unit: "oven.service" },
    ]);
  });

  it.each([
    [
      'open() "/var/log/oven.log" failed (30: Read-only file system)',
      { kind: "path-error", error: "EROFS", path: "/var/log/oven.log", access: "write" },
    ],
    [
      "OSError: [Errno 30] Read-only file system: '/srv/oven/bread'",
      { kind: "path-error", error: "EROFS", path: "/srv/oven/bread" },
    ],
    ["touch: cannot touch '/usr/x y': Read-only file system", { kind: "path-error", path: "/usr/x y" }],
    [
      "Error: EACCES: permission denied, open '/home/baker/.ovenrc'",
      { kind: "path-error", error: "EACCES", path: "/home/baker/.ovenrc" },
    ],
    [
      "bind() to 0.0.0.0:80 failed (13: Permission denied)",
      { kind: "errno", error: "EACCES", call: "bind", port: "*:80" },
    ],
    [
      "socket(AF_NETLINK): Address family not supported by protocol",
      { kind: "errno", error: "EAFNOSUPPORT", family: "AF_NETLINK" },
    ],
    [
      "oven.service: Failed at step EXEC spawning /usr/bin/oven: Permission denied",
      { kind: "setup", step: "EXEC", path: "/usr/bin/oven", error: "EACCES" },
    ],
    [
      "oven.service: Main process exited, code=killed, status=31/SYS",
      { kind: "exit", by: "killed", status: 31, name: "SYS" },
    ],
    [
      "oven.service: Main process exited, code=exited, status=159/n/a",
      { kind: "exit", by: "exited", status: 159, name: "SYS" },
    ],
    ["worker 7 exited with code 159 (Bad system call)", { kind: "exit", by: "killed", name: "SYS" }],
    ["worker process 7 exited on signal 31", { kind: "exit", by: "killed", name: "SYS" }],
    [
      'chown("/var/cache/oven", 33) failed (22: Invalid argument)',
      { kind: "path-error", error: "EINVAL", path: "/var/cache/oven", call: "chown" },
    ],
    [
      "failed to drop supplementary groups: Operation not permitted",
      { kind: "errno", error: "EPERM", call: "setgroups" },
    ],
    ["could not switch to user baker: Operation not permitted", { kind: "errno", call: "setuid" }],
    ["cannot lock all memory: Cannot allocate memory", { kind: "errno", error: "ENOMEM", call: "mlockall" }],
    ["oven.service: Failed with result 'signal'.", { kind: "result", result: "signal" }],
    [
      'audit: type=1326 audit(1700000000.123:4): auid=1 pid=9 comm="oven" exe="/usr/bin/oven" sig=31 arch=c000003e syscall=165 compat=0 ip=0x7 code=0x80000000',
      { kind: "denied-call", call: "mount" },
    ],
  ])("%s", (message, event) => {
    expect(parseJournal([JSON.stringify({ MESSAGE: message })], "j").events).toMatchObject([event]);
    expect(parseJournal([`Nov 23 15:48:57 bakery oven[9]: ${message}`], "j").events).toMatchObject([event]);
  });

  it("passes over ordinary messages", () => {
    for (const message of [
      "ready to bake",
      "oven.service: Deactivated successfully.",
      "Main process exited, code=exited, status=0/SUCCESS",
      "No such file or directory",
      "option --loaves: Invalid argument",
    ])
      expect(parseJournal([message], "j").events).toEqual([]);
  });

  it("reads messages with bytes that are no text", () => {
    expect(
      parseJournal([JSON.stringify({ MESSAGE: [...Buffer.from("bind: Operation not permitted")] })], "j")
        .events,
    ).toMatchObject([{ kind: "errno", error: "EPERM", call: "bind" }]);
  });

  it("shows nothing of a message to a terminal that the terminal would obey", () => {
    const [event] = parseJournal(
      [JSON.stringify({ MESSAGE: "\x1b[31mbind: Operation not permitted\u202e" })],
      "j",
    ).events;
    expect(event?.detail).toBe(" [31mbind: Operation not permitted ");
  });
});

describe("logs as evidence", () => {
  it("turn denials into needs", () => {
    const { events } = parseJournal(
      [
        'open() "/var/log/oven.log" failed (30: Read-only file system)',
        "bind() to 0.0.0.0:80 failed (13: Permission denied)",
        "socket(AF_NETLINK): Address family not supported by protocol",
        "mprotect failed: Operation not permitted",
        "cannot open /dev/rtc0: Operation not permitted",
      ],
      "j",
    );
    expect(eventsToNeeds(events).present.map(formatNeed)).toEqual([
      "write:/var/log",
      "bind:*:80",
      "family:AF_NETLINK",
      "memory-wx",
      "device:/dev/rtc0",
    ]);
    expect(eventsToNeeds(events).absent).toEqual([]);
  });

  it("count for their own unit", () => {
    const { events } = parseJournal(
      [JSON.stringify({ MESSAGE: "mprotect: Operation not permitted", _SYSTEMD_UNIT: "other.service" })],
      "j",
    );
    expect(eventsToNeeds(events, "oven.service").present).toEqual([]);
    expect(eventsToNeeds(events, "other.service").present).toHaveLength(1);
  });

  it("survive anything, and are told apart", () => {
    expect(recogniseLog([SECCOMP])).toBe("audit");
    expect(recogniseLog(["Nov 23 15:48:57 bakery oven[9]: hello"])).toBe("journal");
    expect(recogniseLog(['{"MESSAGE":"x"}'])).toBe("journal");
    expect(recogniseLog(["__CURSOR=s=1", "MESSAGE=x"])).toBe("journal");
    expect(recogniseLog(["12 getpid() = 12"])).toBe("strace");
    expect(recogniseLog(["1795449092.974462 getpid() = 12"])).toBe("strace");
    expect(recogniseLog(["\x7fELF nonsense", "and more"])).toBeUndefined();
    const piece = fc.constantFrom(
      "type=SECCOMP ",
      "msg=audit(",
      "1.2:3",
      "): ",
      "syscall=",
      "arch=c000003e ",
      "{",
      '"MESSAGE":',
      "MESSAGE",
      "__CURSOR=",
      "\0",
      "/etc",
      "Permission denied",
      "'",
      "oven.service: ",
      "code=exited, status=1",
      "Nov 23 15:48:57 ",
      "[",
      "]",
    );
    const line = fc.oneof(
      fc.array(piece, { maxLength: 10 }).map(parts => parts.join("")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), lines => {
        eventsToNeeds(parseAudit(lines, "-").events);
        eventsToNeeds(parseJournal(lines, "-").events);
        recogniseLog(lines);
      }),
      { numRuns: 300 },
    );
  });

  it("take time in proportion to their length", () => {
    for (const text of [
      "a-",
      "/",
      "'/",
      "oven.service: ",
      "audit(",
      "x.service",
      "avc: ",
      "\0",
      "{",
      '"',
      "code=exited ",
      "AF_",
    ]) {
      const start = performance.now();
      const line = text.repeat(Math.floor(200_000 / text.length));
      for (const each of [
        line,
        `type=SECCOMP msg=audit(1.2:3): ${line}`,
        `MESSAGE=${line} Permission denied`,
        JSON.stringify({ MESSAGE: `${line} EPERM` }),
      ]) {
        parseAudit([each], "-");
        parseJournal([each, `__CURSOR=${each}`, each], "-");
        recogniseLog([each]);
      }
      expect(performance.now() - start, text).toBeLessThan(2000);
    }
  });
});
