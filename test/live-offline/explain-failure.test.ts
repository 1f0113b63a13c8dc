import { describe, expect, it } from "vitest";
import { explainFailures, mendingLines } from "../../src/live/explain-failure.ts";
import type { Need } from "../../src/needs/need.ts";
import type { TraceEvent } from "../../src/needs/trace/events.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { service } from "../settings/settings-of-text.ts";

const seen = { file: "-", line: 1, detail: "bakery" };
const directories = new Set([
  "/",
  "/var",
  "/var/lib",
  "/var/lib/bakery",
  "/run",
  "/home",
  "/home/baker",
  "/srv",
]);
const pathKind = (path: string) => (directories.has(path) ? "directory" : "missing");

function explained(lines: string, event: TraceEvent, isLookedAt = true) {
  const facts = systemdFacts(257, "x86-64");
  return explainFailures([event], {
    settings: service(lines),
    facts,
    pathKind: isLookedAt ? pathKind : undefined,
  });
}

/** The unit's lines, the event, the directive behind it, the lines that mend it. */
const cases: readonly (readonly [string, string, TraceEvent, string, readonly string[]])[] = [
  [
    "a write to a read-only system",
    "ProtectSystem=strict",
    { kind: "path-error", error: "EROFS", path: "/var/lib/bakery/oven.db", ...seen },
    "ProtectSystem",
    ["ReadWritePaths=/var/lib/bakery"],
  ],
  [
    "a write to a home that can only be read",
    "ProtectHome=read-only",
    { kind: "path-error", error: "EROFS", path: "/home/baker/orders", access: "write", ...seen },
    "ProtectHome",
    ["ReadWritePaths=/home/baker"],
  ],
  [
    "a home that is hidden",
    "ProtectHome=yes",
    { kind: "path-error", error: "EACCES", path: "/home/baker/orders", access: "read", ...seen },
    "ProtectHome",
    ["ProtectHome=tmpfs", "BindPaths=/home/baker"],
  ],
  [
    "a path that is inaccessible by name",
    "InaccessiblePaths=/srv /mnt",
    { kind: "path-error", error: "EACCES", path: "/srv/flour", access: "read", ...seen },
    "InaccessiblePaths",
    ["InaccessiblePaths=", "InaccessiblePaths=/mnt"],
  ],
  [
    "a read-only path of its own",
    "ReadOnlyPaths=/srv",
    { kind: "path-error", error: "EROFS", path: "/srv/flour/sacks", access: "write", ...seen },
    "ReadOnlyPaths",
    ["ReadWritePaths=-/srv/flour"],
  ],
  [
    "a call that the filter kills for",
    "SystemCallFilter=@system-service",
    { kind: "denied-call", call: "mount", number: 165, arch: "x86-64", action: "killed", ...seen },
    "SystemCallFilter",
    ["SystemCallFilter=mount"],
  ],
  [
    "a call that is on a list of denied ones",
    "SystemCallFilter=~@mount",
    { kind: "denied-call", call: "mount", number: 165, arch: "x86-64", action: "killed", ...seen },
    "SystemCallFilter",
    ["SystemCallFilter=mount"],
  ],
  [
    "a family that is not listed",
    "RestrictAddressFamilies=AF_UNIX",
    { kind: "errno", error: "EAFNOSUPPORT", call: "socket", family: "AF_NETLINK", ...seen },
    "RestrictAddressFamilies",
    ["RestrictAddressFamilies=AF_NETLINK"],
  ],
  [
    "a low port without the capability",
    "CapabilityBoundingSet=CAP_CHOWN",
    { kind: "errno", error: "EACCES", call: "bind", port: "tcp:80", ...seen },
    "CapabilityBoundingSet",
    ["CapabilityBoundingSet=CAP_NET_BIND_SERVICE"],
  ],
  [
    "memory that is to be executed",
    "MemoryDenyWriteExecute=yes",
    { kind: "errno", error: "EACCES", call: "mprotect", ...seen },
    "MemoryDenyWriteExecute",
    ["MemoryDenyWriteExecute=no"],
  ],
  [
    "a device",
    "PrivateDevices=yes",
    { kind: "path-error", error: "ENOENT", path: "/dev/ttyUSB0", ...seen },
    "PrivateDevices",
    ["PrivateDevices=no"],
  ],
  [
    "a path of the unit that does not exist",
    "ReadWritePaths=/var/lib/bakery /var/cache/bakery",
    {
      kind: "setup",
      step: "NAMESPACE",
      path: "/run/systemd/mount-rootfs/var/cache/bakery",
      error: "ENOENT",
      ...seen,
    },
    "ReadWritePaths",
    ["ReadWritePaths=", "ReadWritePaths=/var/lib/bakery -/var/cache/bakery"],
  ],
  [
    "a program that may not be executed",
    "NoExecPaths=/",
    { kind: "setup", step: "EXEC", path: "/srv/oven", error: "EACCES", ...seen },
    "NoExecPaths",
    ["ExecPaths=/srv"],
  ],
  [
    "a group of its own",
    "SystemCallFilter=@system-service\nSystemCallFilter=~@privileged\nSystemCallErrorNumber=EPERM",
    { kind: "errno", error: "EPERM", call: "setgroups", ...seen },
    "SystemCallFilter",
    ["SystemCallFilter=@setuid"],
  ],
  [
    "an owner that the filter does not let it change",
    "SystemCallFilter=~@chown\nSystemCallErrorNumber=EPERM",
    {
      kind: "path-error",
      error: "EPERM",
      path: "/var/lib/bakery",
      call: "chown",
      ...seen,
      detail: 'chown("/var/lib/bakery", 33) failed (1: Operation not permitted)',
    },
    "SystemCallFilter",
    ["SystemCallFilter=@chown"],
  ],
  [
    "an end by the filter without a record of the call",
    "SystemCallFilter=@system-service",
    { kind: "exit", by: "dumped", status: 31, name: "SYS", ...seen },
    "SystemCallFilter",
    [],
  ],
];

describe("a failure is explained by the directive that denied it", () => {
  it.each(cases)("%s", (_, lines, event, directive, mending) => {
    const [failure] = explained(lines, event);
    expect(failure?.causes[0]?.directive).toBe(directive);
    expect(mendingLines(failure === undefined ? [] : [failure])).toEqual(mending);
  });

  it("takes nothing for the reason that the unit does not set", () => {
    for (const [, , event] of cases) expect(explained("", event)[0]?.causes).toEqual([]);
  });

  it("gives the folder of a file, that may be missing, where no file system can be looked at", () => {
    const event: TraceEvent = {
      kind: "path-error",
      error: "EROFS",
      path: "/var/lib/bakery/oven.db",
      ...seen,
    };
    expect(mendingLines(explained("ProtectSystem=strict", event, false))).toEqual([
      "ReadWritePaths=-/var/lib/bakery",
    ]);
  });

  it("gives no value that the target's systemd does not know", () => {
    // PrivateUsers=full, which lies between, is 258's.
    const event: TraceEvent = { kind: "errno", error: "EPERM", call: "setgroups", ...seen };
    const lines = mendingLines(explained("PrivateUsers=identity", event));
    expect(lines).toEqual(["PrivateUsers=no"]);
  });

  it("adds no line for a mere possibility where another failure is surer of the directive", () => {
    const sure: TraceEvent = {
      kind: "setup",
      step: "EXEC",
      error: "EACCES",
      path: "/srv/oven/bake",
      ...seen,
    };
    const vague: TraceEvent = { kind: "exit", by: "exited", status: 203, name: "EXEC", ...seen };
    const needs = (): readonly Need[] => [
      {
        kind: "exec",
        subject: "/home/baker/bake",
        certainty: "declared",
        evidence: { by: "unit", detail: "" },
      },
    ];
    const options = {
      settings: service("NoExecPaths=/"),
      facts: systemdFacts(257, "x86-64"),
      pathKind,
      needs,
    };
    expect(mendingLines(explainFailures([vague], options))).toEqual(["ExecPaths=/home/baker"]);
    expect(mendingLines(explainFailures([vague, sure], options))).toEqual(["ExecPaths=/srv"]);
  });

  it("says where the assignment stands, and what implied it", () => {
    const event: TraceEvent = {
      kind: "path-error",
      error: "EROFS",
      path: "/var/lib/bakery/oven.db",
      ...seen,
    };
    expect(explained("ProtectSystem=strict", event)[0]?.causes[0]).toMatchObject({
      value: "strict",
      position: { line: 3 },
    });
    expect(explained("DynamicUser=yes", event)[0]?.causes.map(({ directive }) => directive)).toContain(
      "ProtectSystem",
    );
  });

  it("counts what was said again, and says it once", () => {
    const event: TraceEvent = { kind: "errno", error: "EAFNOSUPPORT", family: "AF_NETLINK", ...seen };
    const facts = systemdFacts(257, "x86-64");
    const again = { ...event, line: 7, time: 5 };
    const found = explainFailures([event, again], { settings: service(""), facts, pathKind });
    expect(found.map(({ count }) => count)).toEqual([2]);
  });
});
