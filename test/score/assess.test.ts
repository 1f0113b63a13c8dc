import { describe, expect, it } from "vitest";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import type { Assess, Check, Pack } from "../../src/rules/pack.ts";
import { loadPolicy, PolicyError } from "../../src/rules/policy.ts";
import { assess } from "../../src/score/assess.ts";
import { levelOf } from "../../src/score/level.ts";
import type { SettingValue } from "../../src/settings/settings.ts";
import { facts, settingsOf } from "./settings-of.ts";

const security = loadBuiltInPack("systemd-security");
const yes: SettingValue = { kind: "boolean", value: true };
const text = (value: string): SettingValue => ({ kind: "text", value });
const word = (value: string): SettingValue => ({ kind: "word", value });
const list = (...value: string[]): SettingValue => ({ kind: "list", value });
const capabilities = (mask: bigint): SettingValue => ({ kind: "capabilities", mask });

function checkOf(assess: Assess, range = 10, more: Partial<Check> = {}): Check {
  return {
    ...{ id: "oven", title: "An oven", weight: 100, range, directive: "ProtectHome", assess, mend: [] },
    ...{ explanation: "Heat.", attack: "Fire.", breaks: "Ice." },
    ...more,
  };
}

function packOf(...checks: readonly Check[]): Pack {
  return { pack: "bakery", title: "Bakery", checks };
}

function badness(
  kind: Assess,
  values: Readonly<Record<string, SettingValue>>,
  range = 10,
): number | null | undefined {
  return assess(settingsOf(values), packOf(checkOf(kind, range)), facts).checks[0]?.badness;
}

describe("levelOf", () => {
  it.each([
    [100, "DANGEROUS"],
    [99, "UNSAFE"],
    [90, "UNSAFE"],
    [89, "EXPOSED"],
    [75, "EXPOSED"],
    [74, "MEDIUM"],
    [50, "MEDIUM"],
    [49, "OK"],
    [10, "OK"],
    [9, "SAFE"],
    [1, "SAFE"],
    [0, "PERFECT"],
  ])("calls %i tenths %s", (exposure, level) => expect(levelOf(exposure)).toBe(level));
});

describe("the systemd-security pack", () => {
  it("gives a bare service what systemd gives it", () => {
    // `minimal ExecStart-only unit`: 9.4 from 254 on.
    expect(assess(settingsOf({}), security, facts)).toMatchObject({ exposure: 94, level: "UNSAFE" });
  });

  it("gives it 9.6 where mounts are not private by default", () => {
    const settings = settingsOf({ PrivateMounts: { kind: "boolean", value: false } });
    expect(assess(settings, security, facts).exposure).toBe(96);
  });

  it("has 81 checks with a sum of weights of 56460, and 80 with 56435 before 250", () => {
    const sum = (version: number) => {
      const { checks } = assess(settingsOf({}, { version }), security, facts);
      return [checks.length, checks.reduce((total, check) => total + check.weight, 0)];
    };
    expect(sum(262)).toEqual([81, 56460]);
    expect(sum(249)).toEqual([80, 56435]);
  });

  it("leaves out what does not apply: group checks of root, folders before they are mounted", () => {
    const notApplicable = (values: Readonly<Record<string, SettingValue>>) =>
      assess(settingsOf(values), security, facts)
        .checks.filter(check => check.badness === null)
        .map(check => check.id);
    expect(notApplicable({})).toEqual(["SupplementaryGroups", "RemoveIPC"]);
    expect(
      notApplicable({ User: text("baker"), DefaultDependencies: { kind: "boolean", value: false } }),
    ).toEqual(["PrivateTmp", "ProtectHome", "ProtectSystem", "RootDirectoryOrRootImage"]);
  });

  it("judges the user of a user's service from 262 on only, and nobody still", () => {
    const row = (version: number, id: string, values = {}) =>
      assess(settingsOf(values, { version, scope: "user" }), security, facts).checks.find(
        check => check.id === id,
      )?.badness;
    expect(row(262, "UserOrDynamicUser", { User: text("nobody") })).toBe(9);
    expect([row(257, "UserOrDynamicUser"), row(262, "UserOrDynamicUser")]).toEqual([10, 0]);
    expect([row(257, "SupplementaryGroups"), row(262, "SupplementaryGroups")]).toEqual([null, 0]);
    expect([row(257, "RemoveIPC"), row(262, "RemoveIPC")]).toEqual([null, null]);
  });

  it("says something of its own about every check", () => {
    for (const check of security.checks ?? []) {
      expect(check.texts?.good, check.id).toBeTruthy();
      expect(check.texts?.bad, check.id).toBeTruthy();
    }
    const titles = (security.checks ?? []).map(check => check.title);
    expect(titles.filter((title, index) => titles.indexOf(title) !== index)).toEqual([]);
  });
});

describe("assess", () => {
  it("rounds up at every division", () => {
    const checks = [3, 7, 11].map((weight, index) =>
      checkOf({ kind: "constant", badness: index }, 3, { id: `oven-${index}`, weight }),
    );
    // 0 + ceil(7/3) + ceil(22/3) = 11 of 21.
    const { exposure, checks: rows } = assess(settingsOf({}), packOf(...checks), facts);
    expect(exposure).toBe(Math.ceil(1100 / 21));
    expect(rows.map(row => row.exposure)).toEqual([0, Math.ceil(234 / 21), Math.ceil(734 / 21)]);
  });

  it("takes the user nobody for shared, a dynamic one for its own, none for root", () => {
    const kind: Assess = {
      ...{ kind: "user", directive: "User", dynamic: "DynamicUser", root: ["root", "0"], shared: ["nobody"] },
      ...{ sharedBadness: 9, rootBadness: 10 },
    };
    expect(badness(kind, {})).toBe(10);
    expect(badness(kind, { User: text("0"), DynamicUser: yes })).toBe(10);
    expect(badness(kind, { User: text("nobody"), DynamicUser: yes })).toBe(9);
    expect(badness(kind, { User: text("65534") })).toBe(0);
    expect(badness(kind, { DynamicUser: yes })).toBe(0);
  });

  it.each([
    [0o022, 5],
    [0o077, 0],
    [0o020, 10],
    [0o007, 2],
    [0o027, 1],
  ])("reads the mask %i by its first missing bits", (mask, expected) => {
    const unset = [
      ["0002", 10],
      ["0004", 5],
      ["0020", 2],
      ["0040", 1],
    ] as const;
    expect(
      badness({ kind: "bits", directive: "UMask", unset }, { UMask: { kind: "number", value: mask } }),
    ).toBe(expected);
  });

  it("lets one listed family turn its whole class", () => {
    const inet: Assess = {
      kind: "families",
      directive: "RestrictAddressFamilies",
      families: ["AF_INET", "AF_INET6"],
    };
    const other: Assess = {
      kind: "families",
      directive: "RestrictAddressFamilies",
      otherThan: ["AF_INET", "AF_INET6"],
    };
    const families = (mode: "allow" | "deny", ...names: string[]) => ({
      RestrictAddressFamilies: { kind: "families", mode, names } as const,
    });
    expect(badness(inet, families("deny", "AF_INET6"), 1)).toBe(0);
    expect(badness(inet, families("allow", "AF_INET"), 1)).toBe(1);
    expect(badness(inet, families("allow"), 1)).toBe(0);
    expect(badness(other, families("deny", "AF_CAN"), 1)).toBe(0);
    expect(badness(other, {}, 1)).toBe(1);
  });

  it("finds the one call that spoils a set, and passes over calls of other architectures", () => {
    const filter = (mode: "allow" | "deny", ...names: (string | [string, string])[]) => ({
      SystemCallFilter: {
        kind: "syscalls",
        mode,
        names: new Map(names.map(name => (typeof name === "string" ? [name, null] : name))),
      } as const,
    });
    const swap: Assess = {
      kind: "syscalls",
      directive: "SystemCallFilter",
      set: "@swap",
      allowBadness: 9,
      denyBadness: 10,
    };
    expect(badness(swap, {})).toBe(10);
    expect(badness(swap, filter("deny"))).toBe(10);
    expect(badness(swap, filter("deny", "swapon"))).toBe(10);
    expect(badness(swap, filter("deny", "swapon", "swapoff"))).toBe(0);
    expect(badness(swap, filter("allow"))).toBe(0);
    expect(badness(swap, filter("allow", "swapon"))).toBe(9);
    expect(badness(swap, filter("allow", ["swapon", "EPERM"]))).toBe(0);
    const emulation: Assess = { ...swap, set: "@cpu-emulation" };
    expect(
      badness(emulation, filter("deny", "modify_ldt", "vm86", "vm86old", "subpage_prot", "switch_endian")),
    ).toBe(0);
    expect(badness(emulation, filter("deny", "modify_ldt"))).toBe(0);
  });

  it("asks for prefixes of length 0 in both families, and forgives loopback in part", () => {
    const kind: Assess = {
      ...{
        kind: "addresses",
        deny: "IPAddressDeny",
        allow: "IPAddressAllow",
        filters: ["IPIngressFilterPath"],
      },
      ...{ open: 10, some: 5, local: 2, none: 0 },
    };
    const v4 = (first: number, length: number) => ({ family: 4, address: [first, 0, 0, 0], length }) as const;
    const v6 = (last: number, length: number) =>
      ({ family: 6, address: [...Array(15).fill(0), last] as number[], length }) as const;
    const addresses = (...prefixes: (ReturnType<typeof v4> | ReturnType<typeof v6>)[]): SettingValue => ({
      kind: "addresses",
      prefixes,
    });
    const any = addresses(v4(0, 0), v6(0, 0));
    expect(badness(kind, {})).toBe(10);
    expect(badness(kind, { IPIngressFilterPath: list("/sys/fs/bpf/oven") })).toBe(0);
    expect(badness(kind, { IPAddressDeny: addresses(v4(0, 0)) })).toBe(10);
    expect(badness(kind, { IPAddressDeny: addresses(v4(0, 1), v4(128, 1), v6(0, 0)) })).toBe(10);
    expect(badness(kind, { IPAddressDeny: any })).toBe(0);
    expect(badness(kind, { IPAddressDeny: any, IPAddressAllow: addresses(v4(127, 8), v6(1, 128)) })).toBe(2);
    expect(badness(kind, { IPAddressDeny: any, IPAddressAllow: addresses(v4(112, 4)) })).toBe(5);
    expect(badness(kind, { IPAddressDeny: any, IPAddressAllow: addresses(v6(0, 64)) })).toBe(5);
  });

  it("reads the small kinds", () => {
    expect(badness({ kind: "on", directive: "PrivateTmp" }, { PrivateTmp: word("disconnected") }, 1)).toBe(0);
    expect(badness({ kind: "on", directive: "PrivateTmp" }, { PrivateTmp: word("no") }, 1)).toBe(1);
    expect(
      badness(
        { kind: "off", directive: "Delegate" },
        { Delegate: { kind: "delegate", on: true, controllers: [] } },
        1,
      ),
    ).toBe(1);
    expect(badness({ kind: "set", directive: "MemoryMax" }, { MemoryMax: text("1G") }, 1)).toBe(0);
    expect(badness({ kind: "set", directive: "MemoryMax" }, {}, 1)).toBe(1);
    expect(
      badness(
        { kind: "word", directive: "ProtectHome", badness: { yes: 0 }, otherwise: 4 },
        { ProtectHome: yes },
      ),
    ).toBe(0);
    expect(
      badness(
        { kind: "word", directive: "ProtectHome", badness: { yes: 0 }, otherwise: 4 },
        { ProtectHome: word("constructor") },
      ),
    ).toBe(4);
    expect(
      badness(
        { kind: "capabilities", directive: "CapabilityBoundingSet", names: ["CAP_KILL"] },
        { CapabilityBoundingSet: capabilities(32n) },
        1,
      ),
    ).toBe(1);
    expect(
      badness(
        { kind: "capabilities", directive: "CapabilityBoundingSet", names: ["CAP_CHOWN"] },
        { CapabilityBoundingSet: capabilities(32n) },
        1,
      ),
    ).toBe(0);
    expect(badness({ kind: "paths", directives: ["RootDirectory"] }, { RootDirectory: text("//") }, 1)).toBe(
      1,
    );
    expect(
      badness({ kind: "paths", directives: ["RootDirectory"] }, { RootDirectory: text("/srv/oven") }, 1),
    ).toBe(0);
    expect(
      badness(
        { kind: "at-most", directive: "TasksMax", maximum: 8 },
        { TasksMax: { kind: "number", value: 9 } },
        1,
      ),
    ).toBe(1);
    const architectures: Assess = {
      kind: "list",
      directive: "SystemCallArchitectures",
      empty: 10,
      exactly: { native: 0 },
      otherwise: 8,
    };
    expect(badness(architectures, {})).toBe(10);
    expect(badness(architectures, { SystemCallArchitectures: list("native") })).toBe(0);
    expect(badness(architectures, { SystemCallArchitectures: list("native", "x86-64") })).toBe(8);
    const devices: Assess = {
      kind: "devices",
      policy: "DevicePolicy",
      closed: ["closed", "strict"],
      list: "DeviceAllow",
      open: 10,
      listed: 5,
      none: 0,
    };
    const rules: SettingValue = { kind: "devices", rules: [{ path: "/dev/kvm", rights: "rw" }] };
    expect(badness(devices, { DeviceAllow: rules })).toBe(10);
    expect(badness(devices, { DevicePolicy: word("strict"), DeviceAllow: rules })).toBe(5);
    expect(badness(devices, { DevicePolicy: word("closed") })).toBe(0);
  });
});

describe("a policy", () => {
  const scored = (json: unknown, values: Readonly<Record<string, SettingValue>> = {}) => {
    const { policy, diagnostics } = loadPolicy(JSON.stringify(json), "policy.json", security);
    return { diagnostics, assessment: policy && assess(settingsOf(values), security, facts, policy) };
  };

  it("changes weights and ranges, and leaves out a check of weight 0", () => {
    const { assessment } = scored({ PrivateNetwork: { weight: 0 }, UMask: { weight: 4, range: 50 } });
    const row = (id: string) => assessment?.checks.find(check => check.id === id);
    expect(row("PrivateNetwork")).toMatchObject({ badness: null, exposure: null });
    expect(row("UMask")).toMatchObject({ badness: 5, weight: 4, range: 50 });
  });

  it("warns of what systemd ignores, with the likely meaning", () => {
    const { diagnostics, assessment } = scored({
      PrivateNetwrok: { weight: 1 },
      UMask: { wieght: 1, range: "2" },
      ProtectHome: 3,
    });
    expect(assessment).toBeDefined();
    expect(diagnostics.map(each => [each.code, each.severity])).toEqual([
      ["policy-unknown-check", "warning"],
      ["policy-unknown-key", "warning"],
      ["policy-not-a-number", "warning"],
      ["policy-check-not-an-object", "warning"],
    ]);
    expect(diagnostics[0]?.args?.meant).toBe("PrivateNetwork");
  });

  it("is an error where systemd aborts: range 0, a badness beyond the range, no weight left", () => {
    expect(scored({ UMask: { range: 0 } }).diagnostics).toMatchObject([
      { code: "policy-range-zero", severity: "error" },
    ]);
    expect(() => scored({ ProtectHome: { range: 5 } })).toThrow(PolicyError);
    expect(scored({ ProtectHome: { range: 5 } }, { ProtectHome: yes }).assessment).toBeDefined();
    const nothing = Object.fromEntries((security.checks ?? []).map(check => [check.id, { weight: 0 }]));
    expect(() => scored(nothing)).toThrow(PolicyError);
  });

  it("takes the first of two equal checks, as systemd does", () => {
    const { policy } = loadPolicy('{"UMask":{"weight":1},"UMask":{"weight":2}}', "policy.json", security);
    expect(policy?.checks.get("UMask")?.weight).toBe(1);
  });
});
