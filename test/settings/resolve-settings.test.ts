import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { service, settingsOfText, shown } from "./settings-of-text.ts";

describe("where a value comes from", () => {
  test("names each line of a list, and none before a reset", () => {
    const settings = service("ReadWritePaths=/a\nReadWritePaths=\nReadWritePaths=/b\nReadWritePaths=/c");
    const lines = settings.values.get("ReadWritePaths")?.origins.map(origin => origin.position.line);
    expect(lines).toEqual([5, 6]);
  });

  test("is the last line of a word, the drop-in's over the fragment's", () => {
    const settings = service("ProtectSystem=full", { dropIns: ["[Service]\nProtectSystem=strict\n"] });
    expect(shown(settings, "ProtectSystem")).toBe("strict");
    expect(settings.values.get("ProtectSystem")?.origins.map(origin => origin.position.file)).toEqual([
      "/etc/systemd/system/bakery.service.d/0.conf",
    ]);
  });

  test("is nowhere for a default and after a reset", () => {
    const settings = service("SystemCallFilter=@system-service\nSystemCallFilter=");
    expect(settings.values.get("SystemCallFilter")).toMatchObject({ isSet: false, origins: [] });
    expect(settings.values.get("KeyringMode")).toMatchObject({ isSet: false, value: { value: "private" } });
  });

  test("has another default for a user's units, and for units that run nothing", () => {
    expect(shown(service("", { scope: "user" }), "KeyringMode")).toBe("inherit");
    const timer = settingsOfText("[Timer]\nOnBootSec=1\n", { name: "bakery.timer" });
    expect([shown(timer, "UMask"), shown(timer, "PrivateMounts")]).toEqual(["2", "no"]);
  });
});

describe("what directives imply", () => {
  test("DynamicUser= brings its own, over an explicit no", () => {
    const settings = service("DynamicUser=yes\nNoNewPrivileges=no\nProtectHome=tmpfs\nProtectSystem=full");
    expect(
      ["User", "PrivateTmp", "NoNewPrivileges", "ProtectHome", "ProtectSystem"].map(name =>
        shown(settings, name),
      ),
    ).toEqual(["bakery", "yes", "yes", "tmpfs", "strict"]);
    expect(settings.values.get("ProtectSystem")?.impliedBy).toEqual(["DynamicUser"]);
  });

  test("PrivateDevices= closes devices and takes capabilities", () => {
    const settings = service("PrivateDevices=yes\nCapabilityBoundingSet=CAP_MKNOD CAP_KILL");
    expect([shown(settings, "DevicePolicy"), shown(settings, "CapabilityBoundingSet")]).toEqual([
      "closed",
      "0x20",
    ]);
  });

  test.each([
    [252, "/dev/tpmrm0:rw char-rtc:r"],
    [254, "char-tpm:rw char-rtc:r"],
    [262, "char-rtc:r"],
  ] as const)("devices that come along in %i, newest first: %s", (version, expected) => {
    const lines = "PrivateDevices=yes\nProtectClock=yes\nLoadCredentialEncrypted=key:/etc/key";
    expect(shown(service(lines, { version }), "DeviceAllow")).toBe(expected);
  });

  test("no device comes along while the policy is auto and the list empty", () => {
    expect(shown(service("ProtectClock=yes"), "DeviceAllow")).toBe("");
  });

  test.each([
    ["BusName=org.example.Bakery", "dbus"],
    ["LoadCredential=a:/b", "exec"],
    ["", "simple"],
  ])("an unset Type= with %j is %s", (lines, expected) => {
    expect(shown(service(lines), "Type")).toBe(expected);
  });
});

describe("units that systemd refuses", () => {
  test.each([
    ["[Service]\nUser=a:b\nExecStart=/bin/true\n", "invalid-value", 2],
    ["[Service]\nExecStart=bin/true\n", "bad-program", 2],
    ["[Service]\nExecStart=/bin/true 'open\n", "open-quote", 2],
    ["[Service]\nExecStart=/bin/true\nRootDirectory=%Z\n", "invalid-value", 3],
    ["[Service]\nExecStart=/bin/true\nDynamicUser=\n", "invalid-value-expected", 3],
    ["[Unit]\n[Service]\n", "refused-nothing-to-run", 2],
    ["[Service]\nExecStart=/a\nExecStart=/b\n", "refused-several-exec-start", 3],
    ["[Service]\nType=oneshot\nExecStart=/a\nRestart=always\n", "refused-oneshot-restart", 4],
    ["[Service]\nType=dbus\nExecStart=/a\n", "refused-dbus-without-name", 2],
    ["[Service]\nExecStart=/a\nDynamicUser=yes\nWorkingDirectory=~\n", "refused-dynamic-user-home", 4],
    ["[Service\nExecStart=/a\n", "open-header", 1],
  ])("%j: %s at line %i", (text, code, line) => {
    const { refused } = settingsOfText(text);
    expect([refused?.code, refused?.position?.line]).toEqual([code, line]);
  });

  test("a fatal value in a drop-in ends that file and nothing else", () => {
    const settings = service("", {
      dropIns: [
        "[Service]\nProtectClock=yes\nSupplementaryGroups=a b:c d\nProtectHome=yes\n",
        "[Service]\nLockPersonality=yes\n",
      ],
    });
    expect(settings.refused).toBeUndefined();
    expect(
      ["ProtectClock", "SupplementaryGroups", "ProtectHome", "LockPersonality"].map(name =>
        shown(settings, name),
      ),
    ).toEqual(["yes", "a", "no", "yes"]);
  });

  test("a user's manager knows actions on the whole machine until 253 only, and ends itself at most", () => {
    const user = (action: string, version: 252 | 257) =>
      settingsOfText(`[Unit]\nSuccessAction=${action}\n[Service]\n`, { scope: "user", version }).refused
        ?.code;
    expect(user("reboot-force", 252)).toBeUndefined();
    expect(user("reboot-force", 257)).toBe("refused-nothing-to-run");
    expect(user("exit", 257)).toBeUndefined();
  });

  // As the systemd of 252, 254, 255 and 257 answered.
  test.each([
    ["reboot", "srrr"],
    ["kexec", "rssr"],
    ["halt-immediate", "rssr"],
    ["soft-reboot-force", "rssr"],
    ["exit-force", "ssss"],
  ])("a user's manager and SuccessAction=%s: %s", (action, answers) => {
    const answer = (version: number) =>
      settingsOfText(`[Unit]\nSuccessAction=${action}\n[Service]\n`, { scope: "user", version }).refused;
    expect([252, 254, 255, 257].map(version => (answer(version) ? "r" : "s")).join("")).toBe(answers);
  });

  test("a specifier that is deprecated, and one that came later, are known to those that have them", () => {
    const refusal = (letter: string, version: 252 | 257) =>
      settingsOfText(`[Service]\nExecStart=/bin/oven%${letter}\n`, { version }).refused?.code;
    for (const letter of ["c", "r", "R"]) expect(refusal(letter, 257)).toBeUndefined();
    expect(refusal("D", 252)).toBe("unknown-specifier-in-command");
    expect(refusal("D", 257)).toBeUndefined();
  });

  test("an empty section header is fatal from 261 on", () => {
    const text = "[Service]\nExecStart=/bin/true\n[]\n";
    expect(settingsOfText(text, { version: 257 }).refused).toBeUndefined();
    expect(settingsOfText(text, { version: 262 }).refused?.code).toBe("bad-header");
  });

  test("a shell's prefix is one from 258 on", () => {
    expect(settingsOfText("[Service]\nExecStart=|/bin/true\n").refused?.code).toBe("bad-program");
    expect(settingsOfText("[Service]\nExecStart=|/bin/true\n", { version: 262 }).refused).toBeUndefined();
    expect(settingsOfText("[Service]\nExecStart=| *\n", { version: 262 }).refused).toBeUndefined();
  });

  test("above the root is the root from 255 on, for devices too", () => {
    const devices = (version: 252 | 257) =>
      shown(service("DeviceAllow=/../dev/null rw", { version }), "DeviceAllow");
    expect(devices(252)).not.toContain("/dev/null");
    expect(devices(257)).toContain("/dev/null");
  });

  // As the systemd of each version answered, 252, 257 and 262 in this order: r refuses the unit, s scores it.
  test.each([
    ["ExecStop=/x*y", "ssr"],
    ["ExecStop=/x?y", "ssr"],
    ["ExecStop=/x[y", "ssr"],
    ["ExecStop=/x]y *", "sss"],
    ["PIDFile=../oven.pid", "rrr"],
    ["PIDFile=/a/../b", "rrr"],
    ["PIDFile=/../oven.pid", "rss"],
    ["PIDFile=./oven.pid", "sss"],
    ["PIDFile=%Z", "sss"],
    ["RootDirectory=%i", "sss"],
    ["RootDirectory=/../a", "rss"],
    ["RootDirectory=/a/..", "rrr"],
    ["RootHashSignature=odd", "sss"],
    ["WorkingDirectory=/..", "rss"],
    ["RootImagePolicy=root=verity:usr=absent+signed", "sss"],
    ["RootImagePolicy=~", "sss"],
    ["RootImagePolicy==absent", "sss"],
    ["RootImagePolicy=oven", "srr"],
    ["RootImagePolicy=oven=verity", "srs"],
    ["RootImagePolicy=root=oven", "srs"],
    ["RootImagePolicy=root=verity:root=verity", "srr"],
    ["RootImagePolicy=-:root=verity", "srr"],
    ["MountImagePolicy=oven", "srr"],
    ["RootImagePolicy=%Z", "srr"],
    ["ExtensionImagePolicy=%F", "srr"],
    ["ExecStop=/x/.", "srr"],
    ["ExecStop=/x/..", "srr"],
    ["ExecStop=-/x/.", "sss"],
    ["User=%b", "sss"],
    ["SupplementaryGroups=%m", "sss"],
  ])("%s: %s", (line, answers) => {
    const answer = (version: 252 | 257 | 262) =>
      service(line, { version }).refused === undefined ? "s" : "r";
    expect([answer(252), answer(257), answer(262)].join("")).toBe(answers);
  });
});

describe("systemd between those known exactly", () => {
  // As the systemd of each version answered: r refuses the unit, s scores it.
  const versions = [252, 254, 255, 257, 259, 261, 262];
  test.each([
    ["RootDirectory=/../a", "rrsssss"],
    ["ExecStop=/x/.", "sssrrrr"],
    ["ExecStop=/x*y", "sssssrr"],
    ["ExecStop=|/bin/true", "rrrrsss"],
    ["RootImagePolicy=oven=verity", "srrrsss"],
    ["RootImagePolicy=%Z", "srrrrrr"],
    ["DynamicUser=yes\nWorkingDirectory=~", "sssrrrr"],
    ["PrivateTmp=yes\nWorkingDirectory=/proc", "sssssrr"],
    ["PrivatePIDs=yes\nPAMName=oven", "sssssrr"],
    ["[]", "sssssrr"],
  ])("%j: %s", (lines, answers) => {
    const answer = (version: number) => (service(lines, { version }).refused === undefined ? "s" : "r");
    expect(versions.map(answer).join("")).toBe(answers);
  });

  test.each([
    ["RestrictAddressFamilies=AF_OVEN AF_INET", "RestrictAddressFamilies", 261],
    ["ProtectHostname=private", "ProtectHostname", 259],
  ])("%s is read otherwise from %i on", (line, directive, version) => {
    const at = (asked: number) => shown(service(line, { version: asked }), directive);
    expect(at(version)).toBe(at(262));
    expect(at(version)).not.toBe(at(257));
  });
});

describe("lines that systemd ignores", () => {
  test.each([
    ["PrivateTemp=yes", "unknown-key-meant", { meant: "PrivateTmp" }],
    ["PrivatePIDs=yes", "key-too-new", { since: "257" }],
    ["Wants=a.service", "key-in-wrong-section", { other: "Unit" }],
    ["ProtectSystem=strikt", "invalid-value-meant", { meant: "strict" }],
    ["SystemCallFilter=@sytem-service", "skipped-word-meant", { meant: "@system-service" }],
    ["CapabilityBoundingSet=CAP_SYSADMIN", "skipped-word-meant", { meant: "CAP_SYS_ADMIN" }],
    ["SystemCallFilter=read:EPERM", "errno-in-allow-list", { word: "read:EPERM" }],
    ["RestrictNamespaces=user pod", "line-ignored-for-word", { word: "pod" }],
    ["[Servise]\nProtectHome=yes", "unknown-section-meant", { meant: "Service" }],
    ["[Socket]\nProtectHome=yes", "section-of-other-type", { type: "service" }],
  ])("%j: %s", (lines, code, args) => {
    const { diagnostics } = service(lines, { version: 254 });
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({ code, args, position: { line: 3 } });
  });

  test("a key that left is named with its last version", () => {
    const { diagnostics } = service("MemoryLimit=1G", { version: 262 });
    expect(diagnostics).toMatchObject([{ code: "key-removed", args: { until: "257" } }]);
  });

  test("private sections and keys stay unmentioned", () => {
    expect(service("X-Bakery=1\n[X-Bakery]\nbread=rye").diagnostics).toEqual([]);
  });
});

const directives = [...systemdFacts(257, "x86-64").settings.keys()];
const value = fc.oneof(
  fc.constantFrom(
    "",
    "~",
    "yes",
    "no",
    "none",
    "any",
    "/dev/null rw",
    "~@mount:EPERM",
    "CAP_KILL 63",
    "'open",
    "%Z",
    "%i",
  ),
  fc.string({ unit: "grapheme", maxLength: 40 }),
);
const lines = fc.array(fc.tuple(fc.constantFrom(...directives), value), { maxLength: 12 });
const textOf = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([key, text]) => `${key}=${text.replaceAll(/[\r\n\0\\]/g, "")}`).join("\n");

describe("any lines at all", () => {
  test("never throw, and give the same settings again", () => {
    fc.assert(
      fc.property(lines, fc.constantFrom(252, 254, 257, 262), (pairs, version) => {
        expect(service(textOf(pairs), { version })).toEqual(service(textOf(pairs), { version }));
      }),
    );
  });

  test("leave nothing behind when each directive is reset and set anew", () => {
    const lists = [
      "SystemCallFilter",
      "RestrictAddressFamilies",
      "DeviceAllow",
      "IPAddressDeny",
      "ReadWritePaths",
      "RestrictNamespaces",
    ];
    const pairs = fc.array(fc.tuple(fc.constantFrom(...lists), value), { maxLength: 12 });
    fc.assert(
      fc.property(pairs, fc.constantFrom(...lists), value, (before, directive, text) => {
        const last = textOf([[directive, text]]);
        const anew = service(`${textOf(before)}\n${directive}=\n${last}`);
        expect(shown(anew, directive)).toBe(shown(service(last), directive));
      }),
    );
  });

  test("have an origin where they are set, on a line of that directive or its older name", () => {
    fc.assert(
      fc.property(lines, pairs => {
        for (const [name, setting] of service(textOf(pairs)).values) {
          expect(setting.origins.length > 0).toBe(setting.isSet);
          for (const origin of setting.origins)
            expect(systemdFacts(257, "x86-64").settings.get(origin.key)?.aliasOf ?? origin.key).toBe(name);
        }
      }),
    );
  });
});
