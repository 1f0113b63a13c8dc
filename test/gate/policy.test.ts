// What a policy asks, and whether units meet it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBaseline, renderBaseline } from "../../src/gate/baseline.ts";
import { orderFindings } from "../../src/gate/finding.ts";
import { noDemands, parseDemand } from "../../src/gate/policy.ts";
import { ruleNames } from "../../src/gate/rule-names.ts";
import { loadGateRules } from "../../src/rules/gate-rules.ts";
import { loadMessages } from "../../src/rules/messages.ts";
import type { Pack } from "../../src/rules/pack.ts";
import { rulesFolder } from "../../src/rules/rule-files.ts";
import { gateOf, linesOf } from "./gate-texts.ts";

const service = (...lines: readonly string[]) =>
  `[Service]\nExecStart=/usr/bin/oven\nUser=baker\n${lines.join("\n")}\n`;
const demand = (key: "require" | "forbid", ...written: readonly string[]) => ({
  all: { ...noDemands, [key]: written.map(parseDemand) },
});
/** The findings of one rule about a unit of these lines. */
const about = (rule: string, policy: object, ...lines: readonly string[]) =>
  gateOf({ units: { "bakery.service": service(...lines) }, policy }).result.findings.filter(
    each => each.rule === rule,
  );

describe("require", () => {
  it.each([
    ["NoNewPrivileges=yes", ["NoNewPrivileges=true"], true],
    ["NoNewPrivileges=yes", [], false],
    ["NoNewPrivileges=yes", ["NoNewPrivileges=yes", "NoNewPrivileges=no"], false],
    ["ProtectSystem=full", ["ProtectSystem=strict"], true],
    ["ProtectSystem=full", ["ProtectSystem=yes"], false],
    ["ProtectSystem=full|yes", ["ProtectSystem=yes"], true],
    ["CapabilityBoundingSet=CAP_CHOWN", ["CapabilityBoundingSet="], true],
    ["CapabilityBoundingSet=CAP_CHOWN", ["CapabilityBoundingSet=CAP_CHOWN CAP_KILL"], false],
    ["RestrictAddressFamilies=AF_UNIX AF_INET", ["RestrictAddressFamilies=AF_UNIX"], true],
    ["RestrictAddressFamilies=AF_UNIX", ["RestrictAddressFamilies=AF_UNIX AF_INET"], false],
    [
      "SystemCallFilter=@system-service",
      ["SystemCallFilter=@system-service", "SystemCallFilter=~@privileged"],
      true,
    ],
    ["SystemCallFilter=@system-service", ["SystemCallFilter=~@mount"], false],
    ["UMask=0027", ["UMask=0077"], true],
    ["UMask=0027", ["UMask=0022"], false],
    ["RestrictNamespaces=yes", ["RestrictNamespaces=mnt"], false],
    ["SystemCallArchitectures=native", ["SystemCallArchitectures=native"], true],
    ["Restart=on-failure", ["Restart=on-failure"], true],
    ["Restart=on-failure", ["Restart=always"], false],
    ["UMask", ["UMask=0022"], true],
    ["UMask", [], false],
    ["TimeoutStartSec", ["TimeoutStartSec=5"], true],
    ["TimeoutStartSec", [], false],
  ])("%s of %j is met: %j", (written, lines, isMet) => {
    expect(about("required-setting", demand("require", written), ...lines).length).toBe(isMet ? 0 : 1);
  });

  it("points at the line that is not enough, and at the section where there is none", () => {
    const at = (...lines: readonly string[]) =>
      about("required-setting", demand("require", "ProtectSystem=full"), ...lines)[0]?.position?.line;
    expect(at("ProtectHome=yes", "ProtectSystem=yes")).toBe(5);
    expect(at()).toBe(1);
  });
});

describe("forbid", () => {
  it.each([
    ["User=root", ["User=root"], true],
    ["User=root", [], false],
    ["PermissionsStartOnly", ["PermissionsStartOnly=yes"], true],
    ["PermissionsStartOnly", [], false],
    ["ProtectHome=no", ["ProtectHome=false"], true],
    ["ProtectHome=no", [], true],
    ["AmbientCapabilities=CAP_SYS_ADMIN", ["AmbientCapabilities=CAP_CHOWN CAP_SYS_ADMIN"], true],
    ["AmbientCapabilities=CAP_SYS_ADMIN", ["AmbientCapabilities=CAP_CHOWN"], false],
    ["ReadWritePaths=/etc", ["ReadWritePaths=/var /etc"], true],
    ["Restart=always", ["Restart=always"], true],
  ])("%s of %j is found: %j", (written, lines, isFound) => {
    expect(about("forbidden-setting", demand("forbid", written), ...lines).length).toBe(isFound ? 1 : 0);
  });
});

describe("a forbidden value that is in effect because systemd ignores what is written", () => {
  it("is named, not what is written", () => {
    const [finding] = about("forbidden-setting", demand("forbid", "ProtectHome=no"), "ProtectHome=tmfs");
    expect(finding?.message.args.actual).toBe("ProtectHome=no");
    const lists = ["AmbientCapabilities=CAP_CHOWN", "AmbientCapabilities=CAP_SYS_ADMIN"];
    const [list] = about(
      "forbidden-setting",
      demand("forbid", "AmbientCapabilities=CAP_SYS_ADMIN"),
      ...lists,
    );
    expect(list?.message.args.actual).toBe("AmbientCapabilities=CAP_CHOWN CAP_SYS_ADMIN");
  });
});

describe("bars", () => {
  const bar = (maxExposure: number) => ({ ...noDemands, maxExposure });
  const barOf = (
    policy: object,
    unit: string,
    name = "web-shop.service",
    scope: "system" | "user" = "system",
  ) => gateOf({ units: { [name]: unit }, policy, scope }).found[0]?.maxExposure;
  const policy = {
    all: bar(90),
    kinds: [
      { kind: "root", demands: bar(40) },
      { kind: "network", demands: bar(30) },
      { kind: "user", demands: bar(70) },
    ],
    units: [
      { pattern: "web-*.service", demands: bar(20) },
      { pattern: "web-s*", demands: bar(60) },
      { pattern: "web-shop.service", demands: noDemands },
    ],
  };
  const root = "[Service]\nExecStart=/usr/bin/oven\n";

  it("takes the last pattern with a bar, then the lowest kind, then the one for all", () => {
    expect(barOf(policy, root)).toBe(60);
    expect(barOf(policy, root, "web-a.service")).toBe(20);
    expect(barOf(policy, root, "oven.service")).toBe(40);
    expect(barOf(policy, `[Unit]\nAfter=network.target\n${root}`, "oven.service")).toBe(30);
    expect(barOf(policy, service(), "oven.service")).toBe(90);
    expect(barOf(policy, root, "oven.service", "user")).toBe(70);
  });

  it("knows who says that it uses the network and can reach it", () => {
    const isNetwork = (unit: string) =>
      barOf({ kinds: [{ kind: "network", demands: bar(30) }] }, unit, "oven.service") === 30;
    expect(isNetwork(`[Unit]\nWants=network-online.target\n${service()}`)).toBe(true);
    expect(isNetwork(service("AmbientCapabilities=CAP_NET_BIND_SERVICE"))).toBe(true);
    expect(isNetwork(service("RestrictAddressFamilies=AF_INET"))).toBe(true);
    expect(isNetwork(service("RestrictAddressFamilies=~AF_PACKET AF_INET"))).toBe(false);
    expect(isNetwork(service())).toBe(false);
    expect(isNetwork(`[Unit]\nAfter=network.target\n${service("PrivateNetwork=yes")}`)).toBe(false);
    expect(isNetwork(`[Unit]\nAfter=network.target\n${service("RestrictAddressFamilies=AF_UNIX")}`)).toBe(
      false,
    );
  });

  it("lets a unit at the bar pass, as systemd's threshold does", () => {
    const exposure = gateOf({ units: { "oven.service": root } }).found[0]?.exposure ?? 0;
    const verdict = (maxExposure: number) =>
      gateOf({ units: { "oven.service": root }, policy: { all: bar(maxExposure) } }).result.verdict;
    expect(verdict(exposure)).toBe("passed");
    expect(verdict(exposure - 1)).toBe("failed");
  });
});

describe("severities", () => {
  const units = { "bakery.service": service("ProtectHom=yes") };

  it("turns rules and packs off, or makes them count more or less", () => {
    const rule = (level: "off" | "warning") => ({ rules: new Map([["unknown-directive", level] as const]) });
    expect(linesOf(gateOf({ units, policy: rule("off") }))).toEqual([]);
    expect(linesOf(gateOf({ units, policy: rule("warning") }))).toEqual([
      "new bakery.service unknown-directive ProtectHom",
    ]);
    expect(linesOf(gateOf({ units, policy: { ...rule("warning"), failOn: "warning" } }))).toEqual([
      "!new bakery.service unknown-directive ProtectHom",
    ]);
    const shared = { "bakery.service": "[Service]\nExecStart=/bin/true\nUser=nobody\n" };
    expect(linesOf(gateOf({ units: shared }))).toEqual(["new bakery.service shared-user User"]);
    const packs = new Map([["traps", "off"] as const]);
    expect(linesOf(gateOf({ units: shared, policy: { packs } }))).toEqual([]);
  });

  it("makes a failed check a finding where it is named", () => {
    const rules = new Map([["PrivateTmp", "error"] as const]);
    expect(linesOf(gateOf({ units: { "bakery.service": service() }, policy: { rules } }))).toEqual([
      "!new bakery.service PrivateTmp",
    ]);
    expect(
      linesOf(gateOf({ units: { "bakery.service": service("PrivateTmp=yes") }, policy: { rules } })),
    ).toEqual([]);
  });

  it("finds the failed checks of an organisation's pack", () => {
    const check = {
      id: "house-home",
      title: "Homes stay closed",
      weight: 1,
      range: 1,
      directive: "ProtectHome",
      assess: { kind: "on", directive: "ProtectHome" },
      mend: ["ProtectHome=yes"],
      explanation: "-",
      attack: "-",
      breaks: "-",
    } as const;
    const packs: readonly Pack[] = [{ pack: "house", title: "House rules", checks: [check] }];
    expect(linesOf(gateOf({ units: { "bakery.service": service() }, packs }))).toEqual([
      "!new bakery.service house-home",
    ]);
    expect(linesOf(gateOf({ units: { "bakery.service": service("ProtectHome=yes") }, packs }))).toEqual([]);
  });
});

describe("supported versions", () => {
  it("finds lines that the oldest or the newest of them ignores", () => {
    const found = (minSystemd: number, ...lines: readonly string[]) =>
      about("unsupported-directive", { minSystemd }, ...lines).map(each => each.subject);
    expect(found(250, "PrivateIPC=yes", "PrivatePIDs=no")).toEqual(["PrivatePIDs"]);
    expect(found(257, "PrivateIPC=yes", "PrivatePIDs=no")).toEqual([]);
  });
});

describe("units without a score", () => {
  it("fail, and masked ones pass", () => {
    const units = {
      "mill.service": "[Service]\nUser=baker\n",
      "fridge.service": { link: "/dev/null" },
    };
    expect(linesOf(gateOf({ units }))).toEqual(["!new mill.service unscored"]);
  });
});

describe("the text of a baseline", () => {
  it("keeps any unit, rule and subject, one line each", () => {
    const names = ruleNames([]);
    const field = fc.string({ unit: "binary", minLength: 1, maxLength: 20 });
    const entry = fc.record({
      unit: field,
      rule: field,
      subject: fc.string({ unit: "binary", maxLength: 20 }),
      measure: fc.nat(999),
    });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 10 }), entries => {
        const clean = entries.map(each => ({ ...each, rule: names.presentName(each.rule) ?? each.rule }));
        const text = renderBaseline(clean);
        const read = parseBaseline(text, "f", names);
        expect(read.diagnostics.filter(each => each.severity === "error")).toEqual([]);
        expect(text.split("\n").length).toBeLessThanOrEqual(entries.length + 2);
        for (const { unit, rule, subject } of clean)
          expect(read.entries.has(`${unit}\0${rule}\0${subject}`)).toBe(true);
        expect(renderBaseline(read.entries.values()).split("\n").length).toBeLessThanOrEqual(
          text.split("\n").length,
        );
      }),
      { numRuns: 300 },
    );
  });

  it("numbers what is there twice, whatever the order", () => {
    const one = (line: number) => ({
      unit: "a.service",
      rule: "r",
      subject: "s",
      severity: "error" as const,
      message: { code: "c", args: {} },
      position: { file: "f", line, column: 1 },
    });
    expect(orderFindings([one(9), one(3)]).map(each => [each.subject, each.position?.line])).toEqual([
      ["s", 3],
      ["s#2", 9],
    ]);
  });
});

describe("rules/gate", () => {
  const read = (path: string) => JSON.parse(readFileSync(join(rulesFolder(), path), "utf8"));

  it.each(["rules", "kinds"])("%s.json follows its schema", name => {
    const validate = new Ajv2020({ strict: true }).compile(read(`schema/gate-${name}.schema.json`));
    validate(read(`gate/${name}.json`));
    expect(validate.errors ?? []).toEqual([]);
  });

  it("takes over codes that there are, each once", () => {
    const codes = loadGateRules().flatMap(rule => rule.codes ?? []);
    expect(codes.filter(code => !Object.hasOwn(loadMessages(), code))).toEqual([]);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
