// How each kind of value is read: the traps of systemd's parsers, as they were checked on systemd 252 to 262.
import { describe, expect, test } from "vitest";
import { service, settingsOfText, shown } from "./settings-of-text.ts";

/** Lines after ExecStart=, the directive to look at, its value. */
type Row = readonly [lines: string, directive: string, value: string];

function table(title: string, rows: readonly Row[], version: 252 | 254 | 257 | 262 = 257): void {
  describe(`${title} (${version})`, () => {
    test.each(rows)("%j: %s is %s", (lines, directive, value) => {
      expect(shown(service(lines, { version }), directive)).toBe(value);
    });
  });
}

const all = (1n << 64n) - 1n;
const hex = (mask: bigint): string => `0x${mask.toString(16)}`;

describe("job modes", () => {
  const said = (line: string, version: 252 | 257 = 257) =>
    settingsOfText(`[Unit]\n${line}\n[Service]\nExecStart=/bin/true\n`, { version }).diagnostics.map(
      each => each.code,
    );

  test.each(["fail", "replace-irreversibly", "isolate", "triggering", "restart-dependencies"])(
    "%s is one",
    mode => {
      expect(said(`OnFailureJobMode=${mode}`)).toEqual([]);
      expect(said(`OnSuccessJobMode=${mode}`)).toEqual([]);
    },
  );

  test("what is none is said", () => {
    expect(said("OnFailureJobMode=0644")).toEqual(["invalid-value-expected"]);
    expect(said("OnFailureJobMode=restart-dependencies", 252)).toHaveLength(1);
  });
});

// Debian's systemd 257 has run-lock.mount itself; 252 refuses it. Credentials are the other way round.
test.each([
  ["run-lock", 252, true],
  ["run-lock", 257, false],
  ["run-credentials", 252, false],
  ["run-credentials", 257, true],
] as const)("%s.mount under systemd %i is refused: %j", (name, version, isRefused) => {
  const { refused } = settingsOfText("[Mount]\nWhat=tmpfs\n", { name: `${name}.mount`, version });
  expect(refused !== undefined).toBe(isRefused);
});

describe("a key of two sections", () => {
  test("is read as its section has it", () => {
    const mount = settingsOfText("[Mount]\nWhat=none\nWhere=/dev/x\nType=tmpfs\n", { name: "dev-x.mount" });
    expect(mount.diagnostics).toEqual([]);
    expect(service("Type=tmpfs").diagnostics.map(each => each.code)).toEqual(["invalid-value-expected"]);
  });
});

table("booleans and words", [
  ["NoNewPrivileges=TRUE", "NoNewPrivileges", "yes"],
  ["NoNewPrivileges=yes\nNoNewPrivileges=maybe", "NoNewPrivileges", "yes"],
  ["NoNewPrivileges=yes\nNoNewPrivileges=", "NoNewPrivileges", "yes"],
  ["NoNewPrivileges=yes # sure", "NoNewPrivileges", "no"],
  ["PrivateTmp=disconnected", "PrivateTmp", "disconnected"],
  ["PrivateTmp=connected", "PrivateTmp", "yes"],
  ["ProtectSystem=Strict", "ProtectSystem", "no"],
  ["ProtectSystem=on", "ProtectSystem", "yes"],
  ["PrivateMounts=", "PrivateMounts", "yes"],
  ["PrivateMounts=no\nPrivateMounts=", "PrivateMounts", "yes"],
  ["UMask=077", "UMask", "63"],
  ["UMask=0o77", "UMask", "18"],
  ["UMask=77777", "UMask", "18"],
]);
table(
  "values that a version does not know yet",
  [
    ["PrivateTmp=disconnected", "PrivateTmp", "no"],
    ["ProtectControlGroups=strict", "ProtectControlGroups", "no"],
    ["PrivateMounts=", "PrivateMounts", "no"],
    ["PrivatePIDs=yes", "PrivatePIDs", "absent"],
    ["Type=notify-reload", "Type", "simple"],
  ],
  252,
);
table(
  "values that came later",
  [
    ["ProtectHostname=private:web-%i1", "ProtectHostname", "private"],
    ["ProtectHostname=private:-web", "ProtectHostname", "no"],
    ["ProtectHostname=yes\nProtectHostname=", "ProtectHostname", "no"],
    ["PrivateUsers=managed", "PrivateUsers", "managed"],
  ],
  262,
);

table("capabilities", [
  ["", "CapabilityBoundingSet", hex(all)],
  ["CapabilityBoundingSet=", "CapabilityBoundingSet", "0x0"],
  ["CapabilityBoundingSet=CAP_TYPO", "CapabilityBoundingSet", "0x0"],
  ["CapabilityBoundingSet=CAP_KILL\nCapabilityBoundingSet=~CAP_TYPO", "CapabilityBoundingSet", hex(all)],
  ["CapabilityBoundingSet=~cap_kill", "CapabilityBoundingSet", hex(all & ~(1n << 5n))],
  ["CapabilityBoundingSet=CAP_KILL\nCapabilityBoundingSet=CAP_CHOWN", "CapabilityBoundingSet", "0x21"],
  ["CapabilityBoundingSet=~\nCapabilityBoundingSet=CAP_CHOWN", "CapabilityBoundingSet", "0x1"],
  ["CapabilityBoundingSet=0x5 017", "CapabilityBoundingSet", "0x8020"],
  ["AmbientCapabilities=~CAP_CHOWN", "AmbientCapabilities", hex(all & ~1n)],
]);
table(
  "capabilities after ~",
  [
    [
      "CapabilityBoundingSet=~\nCapabilityBoundingSet=CAP_CHOWN",
      "CapabilityBoundingSet",
      hex((1n << 41n) - 1n),
    ],
  ],
  262,
);

table("families, namespaces, architectures", [
  ["", "RestrictAddressFamilies", "deny "],
  ["RestrictAddressFamilies=none", "RestrictAddressFamilies", "allow "],
  ["RestrictAddressFamilies=AF_TYPO", "RestrictAddressFamilies", "allow "],
  [
    "RestrictAddressFamilies=none\nRestrictAddressFamilies=~AF_INET",
    "RestrictAddressFamilies",
    "deny AF_INET",
  ],
  ["RestrictAddressFamilies=AF_TYPO\nRestrictAddressFamilies=~AF_INET", "RestrictAddressFamilies", "allow "],
  ["RestrictAddressFamilies=af_local AF_ROUTE", "RestrictAddressFamilies", "allow AF_UNIX AF_NETLINK"],
  [
    "RestrictAddressFamilies=AF_UNIX AF_INET\nRestrictAddressFamilies=~AF_INET",
    "RestrictAddressFamilies",
    "allow AF_UNIX",
  ],
  ["RestrictNamespaces=yes", "RestrictNamespaces", ""],
  ["RestrictNamespaces=~user", "RestrictNamespaces", "cgroup ipc mnt net pid time uts"],
  ["RestrictNamespaces=net\nRestrictNamespaces=uts", "RestrictNamespaces", "net uts"],
  ["RestrictNamespaces=yes\nRestrictNamespaces=uts usr", "RestrictNamespaces", ""],
  ["SystemCallArchitectures=native typo native", "SystemCallArchitectures", "native"],
  ["Delegate=", "Delegate", "true "],
  ["Delegate=typo", "Delegate", "true "],
]);
table(
  "a bad family ends the line",
  [["RestrictAddressFamilies=AF_INET AF_TYPO AF_UNIX", "RestrictAddressFamilies", "allow AF_INET"]],
  262,
);

table("system calls", [
  ["SystemCallFilter=~", "SystemCallFilter", "deny "],
  ["SystemCallFilter=~\nSystemCallFilter=read", "SystemCallFilter", "deny "],
  ["SystemCallFilter=~read:EPERM write:kill", "SystemCallFilter", "deny read:EPERM write:kill"],
  ["SystemCallFilter=~read:EFOO write", "SystemCallFilter", "deny write"],
  ["SystemCallFilter=~read write\nSystemCallFilter=read", "SystemCallFilter", "deny write"],
  ["SystemCallFilter=~read\nSystemCallFilter=", "SystemCallFilter", "deny "],
  ["SystemCallLog=read", "SystemCallLog", "allow read"],
]);

table("devices and addresses", [
  ["DeviceAllow=/dev/a r\nDeviceAllow=/dev//b", "DeviceAllow", "/dev/b:rwm /dev/a:r"],
  ["DeviceAllow=/dev/a r w", "DeviceAllow", ""],
  ["DeviceAllow=/dev/../etc r", "DeviceAllow", ""],
  ["DeviceAllow=char-tty w", "DeviceAllow", "char-tty:w"],
  ["IPAddressDeny=any", "IPAddressDeny", `0.0.0.0/0 ${Array(16).fill(0).join(".")}/0`],
  ["IPAddressDeny=ANY 1.2.3 10.1.2.3/8", "IPAddressDeny", "10.0.0.0/8"],
  ["IPAddressAllow=web.localhost", "IPAddressAllow", `127.0.0.0/8 ${Array(15).fill(0).join(".")}.1/128`],
]);

table("users, paths, commands", [
  ["User=bakery\nUser=", "User", ""],
  ["User=%p", "User", "bakery"],
  ["SupplementaryGroups=a\nSupplementaryGroups=b", "SupplementaryGroups", "a b"],
  ["RootDirectory=//srv/./a/", "RootDirectory", "/srv/a"],
  ["ReadWritePaths=-/a /b/\nReadWritePaths=relative", "ReadWritePaths", "-/a /b"],
  ["ReadWriteDirectories=/a", "ReadWritePaths", "/a"],
  ["WorkingDirectory=-relative", "WorkingDirectory", ""],
  ["ExecStartPre=-@/bin/a b 'c d' \\; e ; /bin/f", "ExecStartPre", "-@|b,c d,;,e ; |/bin/f"],
  ["ExecStartPre=/bin/a\nExecStartPre=", "ExecStartPre", ""],
  ['StateDirectory=bread "rye:r"', "StateDirectory", "bread rye:r"],
  ["LimitCORE=0", "LimitCORE", "0"],
  ["WatchdogSec=1min 30s", "WatchdogSec", "90"],
]);

describe("an allow list of system calls", () => {
  test("holds @default and skips typos", () => {
    const value = service("SystemCallFilter=@sytem-service").values.get("SystemCallFilter")?.value;
    expect(value).toMatchObject({ kind: "syscalls", mode: "allow" });
    const names = value?.kind === "syscalls" ? value.names : new Map();
    expect(names.get("execve")).toBeNull();
    expect(names.has("socket")).toBe(false);
  });

  test("keeps a call that a line denies with an error number, as denied with it", () => {
    const lines = "SystemCallFilter=read mount\nSystemCallFilter=~mount:EPERM read";
    const value = service(lines).values.get("SystemCallFilter")?.value;
    const names = value?.kind === "syscalls" ? value.names : new Map();
    expect([names.get("mount"), names.has("read")]).toEqual(["EPERM", false]);
  });
});
