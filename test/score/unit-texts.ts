// Units as nobody would write them: every directive that is scored, with values good, bad, empty, repeated and odd.
import fc from "fast-check";

const booleans = fc.constantFrom(
  "yes",
  "no",
  "true",
  "0",
  "on",
  "t",
  "YES",
  "",
  "maybe",
  "yes # really",
  "2",
);
const switches = [
  ...[
    "NoNewPrivileges",
    "RemoveIPC",
    "MemoryDenyWriteExecute",
    "RestrictRealtime",
    "RestrictSUIDSGID",
    "LockPersonality",
  ],
  ...["PrivateDevices", "PrivateNetwork", "PrivateMounts", "PrivateTmp", "PrivateUsers", "ProtectClock"],
  ...[
    "ProtectKernelTunables",
    "ProtectKernelModules",
    "ProtectKernelLogs",
    "ProtectControlGroups",
    "ProtectHostname",
  ],
];

/** Words in a list: some joined by odd blanks, now and then inverted, quoted or continued on the next line. */
function lists(words: readonly string[]): fc.Arbitrary<string> {
  const separator = fc.constantFrom(" ", " ", "  ", "\t", " \\\n ", " \\\n# not a word\n ");
  return fc
    .tuple(
      fc.constantFrom("", "", "~"),
      fc.array(fc.tuple(fc.constantFrom(...words), separator), { maxLength: 5 }),
      fc.constantFrom("plain", "plain", "plain", "quoted", "open"),
    )
    .map(([tilde, parts, quoting]) => {
      const text = parts.map(([word, blank], index) => (index === 0 ? word : blank + word)).join("");
      if (quoting === "quoted") return `${tilde}"${parts[0]?.[0] ?? ""}" ${text}`;
      return quoting === "open" && text !== "" ? `${tilde}${text} "` : tilde + text;
    });
}

const capabilities = lists([
  ...[
    "CAP_SYS_ADMIN",
    "CAP_NET_ADMIN",
    "cap_kill",
    "CAP_CHOWN",
    "CAP_SETUID",
    "CAP_SYS_PTRACE",
    "CAP_BPF",
    "CAP_SYSLOG",
  ],
  ...[
    "CAP_MKNOD",
    "CAP_SYS_TIME",
    "CAP_WAKE_ALARM",
    "CAP_TYPO",
    "12",
    "63",
    "-1",
    "CAP_NET_RAW,CAP_LEASE",
    "CAP_AUDIT_READ",
  ],
]);
const families = lists([
  ...[
    "AF_UNIX",
    "AF_INET",
    "AF_INET6",
    "AF_NETLINK",
    "AF_PACKET",
    "AF_VSOCK",
    "AF_ALG",
    "AF_CAN",
    "AF_LOCAL",
    "af_inet",
  ],
  ...["none", "INET", "AF_UNSPEC", "AF_ROUTE", "2"],
]);
const namespaces = lists(["user", "mnt", "ipc", "pid", "cgroup", "net", "uts", "time", "yes", "network"]);
const calls = lists([
  ...[
    "@system-service",
    "@swap",
    "@mount",
    "@privileged",
    "@resources",
    "@known",
    "@obsolete",
    "@clock",
    "@raw-io",
    "@module",
  ],
  ...[
    "@reboot",
    "@debug",
    "@cpu-emulation",
    "mount",
    "swapon",
    "swapoff:EPERM",
    "read",
    "nosuchcall",
    "@nosuchset",
    "ptrace",
  ],
  ...["@mount:kill", "@clock:5000", "@resources:0", "vm86", "@swap:nonsense", "init_module"],
]);
const addresses = lists([
  ...[
    "any",
    "localhost",
    "link-local",
    "multicast",
    "0.0.0.0/0",
    "::/0",
    "10.0.0.0/8",
    "127.0.0.1",
    "::1",
    "127.0.0.0/4",
  ],
  ...[
    "0.0.0.0/1",
    "128.0.0.0/1",
    "::1/64",
    "1.2.3",
    "fe80::1%eth0",
    "300.1.1.1",
    "10.0.0.1/33",
    "oven.localhost",
  ],
]);

const values: Readonly<Record<string, fc.Arbitrary<string>>> = {
  ...Object.fromEntries(switches.map(name => [name, booleans])),
  ProtectHome: fc.constantFrom("yes", "no", "read-only", "tmpfs", "", "full", "1", "Read-Only"),
  ProtectSystem: fc.constantFrom("yes", "no", "full", "strict", "", "read-only", "true"),
  ProtectProc: fc.constantFrom("noaccess", "invisible", "ptraceable", "default", "", "yes"),
  ProcSubset: fc.constantFrom("pid", "all", "", "none"),
  KeyringMode: fc.constantFrom("private", "shared", "inherit", "", "none"),
  NotifyAccess: fc.constantFrom("all", "main", "exec", "none", "", "yes"),
  UMask: fc.constantFrom(
    "0077",
    "077",
    "0022",
    "0",
    "7777",
    "10000",
    "08",
    "-1",
    "",
    "0027",
    "+077",
    "0x7",
    "0007",
  ),
  User: fc.constantFrom(
    "root",
    "0",
    "nobody",
    "baker",
    "",
    "65534",
    "1000",
    "a@b",
    "%i",
    "%%",
    "foo bar",
    "%n",
  ),
  DynamicUser: fc.constantFrom("yes", "no", "yes", "1"),
  SupplementaryGroups: fc.constantFrom("audio", "audio video", "", "0"),
  Delegate: fc.constantFrom("yes", "no", "", "cpu memory", "cpu nonsense", "maybe"),
  DevicePolicy: fc.constantFrom("auto", "closed", "strict", "", "open"),
  DeviceAllow: fc.constantFrom(
    "/dev/kvm rw",
    "char-rtc r",
    "block-loop",
    "/dev/../etc x",
    "nonsense",
    "",
    "/dev/null q",
    "/dev//tty",
    "/run/x rw",
    "%i",
    '"/dev/null" r',
  ),
  RootDirectory: fc.constantFrom("/", "//", "/srv/oven", "", "/srv/%n"),
  RootImage: fc.constantFrom("/srv/oven.raw", "/", ""),
  SystemCallArchitectures: lists(["native", "x86-64", "x86", "amd64", "arm64", "loongarch64"]),
  CapabilityBoundingSet: capabilities,
  AmbientCapabilities: capabilities,
  RestrictAddressFamilies: families,
  RestrictNamespaces: fc.oneof(namespaces, booleans),
  SystemCallFilter: calls,
  IPAddressDeny: addresses,
  IPAddressAllow: addresses,
  Type: fc.constantFrom(
    "simple",
    "exec",
    "forking",
    "oneshot",
    "dbus",
    "notify",
    "idle",
    "notify-reload",
    "",
    "odd",
  ),
  BusName: fc.constantFrom("org.example.Oven_NUMBER", "oven", ""),
  WatchdogSec: fc.constantFrom("5", "0", "1min 30s", "infinity", "-1", "", "soon"),
  FileDescriptorStoreMax: fc.constantFrom("0", "4", "", "-1"),
  RemainAfterExit: booleans,
  Restart: fc.constantFrom("no", "always", "on-success", "on-failure", "", "ever"),
  ExecStart: fc.constantFrom(
    "/bin/true",
    "bin/true",
    "true",
    "",
    "!!/bin/true",
    '/bin/echo "',
    "/bin/sh -c 'a; b'",
    ";",
    "@/bin/true",
  ),
  ExecStop: fc.constantFrom("/bin/true", "", "./x"),
  SuccessAction: fc.constantFrom("none", "exit", "reboot", ""),
  WorkingDirectory: fc.constantFrom("/srv", "~", "-/srv", "srv", "", "-~", "/srv/../etc"),
  Group: fc.constantFrom("bakers", "0", "", "a:b", "65535"),
  MountImages: fc.constantFrom("/srv/a.raw:/srv/a", ""),
  LoadCredentialEncrypted: fc.constantFrom("dough:/etc/dough", "dough", "", ":x"),
  SetCredential: fc.constantFrom("dough:rye", "", "dough"),
  PAMName: fc.constantFrom("login", ""),
  KillMode: fc.constantFrom("process", "mixed", "control-group", "none", ""),
  SELinuxContext: fc.constantFrom("-system_u", "", "system_u:%n"),
  AppArmorProfile: fc.constantFrom("-oven", "oven", ""),
  IPIngressFilterPath: fc.constantFrom("/sys/fs/bpf/oven", "oven", ""),
};

const line = fc
  .constantFrom(...Object.keys(values))
  .chain(name => (values[name] ?? booleans).map(value => `${name}=${value}\n`));
const noise = fc.constantFrom(
  "# a comment\n",
  "; another\n",
  "\n",
  "Nonsense=1\n",
  "no assignment\n",
  "=no key\n",
  "X-Oven=hot\n",
);
const lines = fc
  .array(fc.oneof({ weight: 9, arbitrary: line }, { weight: 1, arbitrary: noise }), { maxLength: 10 })
  .map(all => all.join(""));
const unitSection = fc.constantFrom(
  "",
  "",
  "",
  "[Unit]\nDefaultDependencies=no\n",
  "[Unit]\nNoNewPrivileges=yes\n",
);
const commands = fc.constantFrom(
  "ExecStart=/bin/true\n",
  "ExecStart=+/bin/true\n",
  "ExecStart=-/bin/true\nType=notify\n",
  "Type=oneshot\nExecStart=/bin/true\n",
);

export interface GeneratedUnit {
  readonly fragment: string;
  /** The unit's name is made of it and a number: odd names have users of their own. */
  readonly name: string;
  /** By file name, without a folder. `NUMBER` in a text stands for the unit's number: bus names must not meet. */
  readonly dropIns: Readonly<Record<string, string>>;
}

export const generatedUnits: fc.Arbitrary<GeneratedUnit> = fc.record({
  name: fc.constantFrom(
    "oven-#.service",
    "oven-#.service",
    "oven\\x2d#.service",
    "oven#@rye.service",
    "oven#@.service",
    "#.service",
    "oven.#.service",
  ),
  fragment: fc
    .tuple(unitSection, commands, lines)
    .map(([unit, exec, rest]) => `${unit}[Service]\n${exec}${rest}`),
  dropIns: fc.dictionary(
    fc.constantFrom("10-flour.conf", "20-yeast.conf", "B.conf", "notes"),
    lines.map(text => `[Service]\n${text}`),
    { maxKeys: 2 },
  ),
});
