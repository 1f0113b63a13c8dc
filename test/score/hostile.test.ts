// What a file may cost whose every line or word is wrong, or that says the same thing again and again.
import { describe, expect, it } from "vitest";
import { loadUnit } from "../../src/host/load-unit.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { auditUnit } from "../../src/score/audit-unit.ts";
import type { AuditedUnit } from "../../src/score/audited-unit.ts";

const target = { version: 257, profile: 257, scope: "system", arch: "x86-64" } as const;
const context = {
  target,
  facts: systemdFacts(257, "x86-64"),
  pack: loadBuiltInPack("systemd-security"),
  rulePacks: [loadBuiltInPack("traps")],
};

/** Processor time, since the clock also counts what else the machine does. */
const mostMilliseconds = 2000;

function auditCheaply(lines: string, dropIns: Readonly<Record<string, string>> = {}): AuditedUnit {
  const before = process.cpuUsage();
  const folder = "/etc/systemd/system";
  const more = Object.entries(dropIns).map(
    ([name, text]) => [`${folder}/huge.service.d/${name}`, text] as const,
  );
  const tree = memoryTree(
    [[`${folder}/huge.service`, `[Service]\nExecStart=/bin/true\n${lines}\n`], ...more],
    "huge",
  );
  const index = indexUnits({ tree, scope: "system", extraDirectories: [] });
  const audited = auditUnit(loadUnit(index, "huge.service", { defaultInstance: "i" }), context);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(mostMilliseconds);
  return audited;
}

const many = 45_000;
const repeat = (line: (index: number) => string): string =>
  Array.from({ length: many }, (_, index) => line(index)).join("\n");
const longLine = (directive: string, word: (index: number) => string): string => {
  const words = Array.from({ length: 120_000 }, (_, index) => word(index)).join(" ");
  return `${directive}=${words.slice(0, 1_000_000)}`;
};

describe("a line again and again", () => {
  it.each<[string, (index: number) => string]>([
    ["with one typo", () => "SystemCallFilter=@system-servce"],
    ["each with its own typo in a call", index => `SystemCallFilter=opeen${index}`],
    ["each with its own typo in a capability", index => `CapabilityBoundingSet=CAP_SYS_ADMN${index}`],
    ["each with its own typo in a family", index => `RestrictAddressFamilies=AF_INEET${index}`],
    ["each with its own typo in an architecture", index => `SystemCallArchitectures=natve${index}`],
    ["each with its own unknown key", index => `ProtectSistem${index}=yes`],
    ["each with its own bad word", index => `ProtectSystem=strct${index}`],
    ["each in a section of its own", index => (index % 2 ? `[Servce${index}]` : "A=b")],
    ["with a whole set", () => "SystemCallFilter=~@system-service @privileged"],
    ["that takes back what the one before gave", index => `SystemCallFilter=${index % 2 ? "~" : ""}@known`],
    ["with another errno for a whole set", index => `SystemCallFilter=~@known:${(index % 4095) + 1}`],
    ["with a command", () => "ExecStartPre=/bin/sh -c 'a b c $MAINPID %i'"],
    ["with a device", index => `DeviceAllow=/dev/x${index} rw`],
    ["with an address", index => `IPAddressDeny=10.${index % 7}.${index >> 8}.${index & 255}`],
    ["with a path", index => `ReadWritePaths=/var/lib/x${index}`],
    ["without an equals sign", () => "PrivateTmp"],
  ])("%s", (_, line) => {
    const { status, findings } = auditCheaply(repeat(line));
    expect(status).toBe("scored");
    expect(findings.length).toBeLessThan(200);
  });

  it("is counted where it is no longer listed", () => {
    const { findings } = auditCheaply(repeat(index => `ProtectSistem${index}=yes`));
    expect(findings[0]).toMatchObject({ code: "unknown-key-meant", args: { meant: "ProtectSystem" } });
    expect(findings.at(-1)).toEqual({
      code: "more-diagnostics",
      severity: "note",
      args: { count: String(many - 100) },
    });
  });

  it("has what was found first, whatever else a drop-in holds", () => {
    const { findings } = auditCheaply("PrivateTmp=yess", { "a.conf": `[Service]\n${repeat(() => "Foo=1")}` });
    expect(findings[0]).toMatchObject({ code: "invalid-value-meant", position: { line: 3 } });
  });
});

describe("a line as long as a line may be", () => {
  it.each<[string, string]>([
    ["calls that do not exist", longLine("SystemCallFilter", index => `opn${index}`)],
    ["the same set", longLine("SystemCallFilter", () => "@system-service")],
    ["capabilities that do not exist", longLine("CapabilityBoundingSet", index => `CAP_SYS${index}`)],
    ["families that do not exist", longLine("RestrictAddressFamilies", index => `AF_INE${index}`)],
    ["namespaces that do not exist", longLine("RestrictNamespaces", index => `usr${index}`)],
    ["architectures that do not exist", longLine("SystemCallArchitectures", index => `nat${index}`)],
    ["addresses", longLine("IPAddressDeny", index => `10.${index % 7}.${(index >> 8) & 255}.${index & 255}`)],
    ["arguments of a command", longLine("ExecStartPre", index => (index === 0 ? "/bin/sh" : "x"))],
    ["commands", longLine("ExecStartPre", index => (index % 2 ? ";" : "/bin/x"))],
    ["one word", `ProtectSystem=${"s".repeat(1_000_000)}`],
    ["one key", `${"P".repeat(1_000_000)}=yes`],
  ])("of %s", (_, line) => {
    expect(auditCheaply(line).findings.length).toBeLessThan(200);
  });
});
