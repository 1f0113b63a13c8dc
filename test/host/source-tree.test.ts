import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { selectUnits } from "../../src/host/audit-target.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { resolveArguments } from "../../src/host/resolve-arguments.ts";
import { sourceNames } from "../../src/host/source-names.ts";
import { unitFolders } from "../../src/host/unit-folders.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { loadBuiltInPack } from "../../src/rules/built-in-packs.ts";
import { systemdFacts } from "../../src/rules/systemd-facts.ts";
import { auditUnit } from "../../src/score/audit-unit.ts";
import type { AuditedUnit } from "../../src/score/audited-unit.ts";

// The fixtures are made after units in source trees: autotools, Meson with Jinja, CMake, ports, Ansible, Debian.
const tree = join(import.meta.dirname, "..", "..", "fixtures", "source-tree");
const context = {
  target: { version: 257, profile: 257, scope: "system", arch: "x86-64" },
  facts: systemdFacts(257, "x86-64"),
  pack: loadBuiltInPack("systemd-security"),
  rulePacks: [loadBuiltInPack("traps")],
} as const;

async function audit(...typed: readonly string[]): Promise<readonly AuditedUnit[]> {
  const { targets, diagnostics } = await resolveArguments(typed, {
    scope: "system",
    workingFolder: tree,
    readStandardInput: async () => new Uint8Array(),
  });
  expect(diagnostics).toEqual([]);
  return targets.flatMap(({ source, units }) => {
    const index = indexUnits(source);
    const { names } = selectUnits(index, units);
    return names.map(name => auditUnit(loadUnit(index, name, { defaultInstance: "test_instance" }), context));
  });
}

async function auditOne(file: string): Promise<AuditedUnit> {
  const [only, ...others] = await audit(`./${file}`);
  expect(others).toEqual([]);
  if (only === undefined) throw new Error(`nothing of ${file}`);
  return only;
}

const codes = ({ findings }: AuditedUnit) => findings.map(each => each.code);

describe("the folder of a source tree", () => {
  it("has the units that its files become, each by the name that systemd will know", async () => {
    const units = await audit(".");
    expect(units.map(({ unit }) => unit.requested).sort()).toEqual(
      [
        "bakery-tools.service",
        "bakery-worker.service",
        "bakery.service",
        "bakery.socket",
        "bakery.socket",
        "dough-mixer@.service",
        "mill@.service",
        "mixer.service",
        "oven-heater.service",
        "oven.service",
        "till.service",
      ].sort(),
    );
    expect(units.map(({ status }) => status)).toEqual(units.map(() => "scored"));
  });

  it("keeps to the files' own names where it says where something stands", async () => {
    const { unit } = await auditOne("scrub/mill@.service.in");
    expect(unit.name).toBe("mill@test_instance.service");
    expect(unit.path).toBe(join(tree, "scrub/mill@.service.in"));
  });

  it("is found by a pattern too", async () => {
    const units = await audit("./**/*.in");
    expect(units.map(({ unit }) => unit.requested)).toContain("oven.service");
  });
});

describe("a value that a build fills in", () => {
  it("is unknown: neither a typo nor counted as set, and it is said", async () => {
    const { settings, findings, assessment } = await auditOne("scrub/mill@.service.in");
    expect([...(settings?.unknown ?? [])]).toEqual(["ProtectSystem"]);
    expect(findings.filter(each => each.code === "placeholder-value")).toMatchObject([
      { severity: "note", position: { line: 16 }, args: { directive: "ProtectSystem" } },
    ]);
    // DynamicUser= implies ProtectSystem=strict, whatever the build says.
    expect(assessment?.checks.find(each => each.id === "RestrictRealtime")?.badness).toBe(0);
  });

  it("of a program or a path has a stand-in, and the unit is read to its end", async () => {
    const oven = await auditOne("cmake/oven.service.in");
    const command = oven.settings?.values.get("ExecStart")?.value;
    expect(command).toMatchObject({
      commands: [{ path: "/usr/bin/oven", argv: expect.arrayContaining(["${HEAT}"]) }],
    });
    expect(codes(oven)).toEqual(["placeholder-value"]);
    expect([...(oven.settings?.unknown ?? [])]).toEqual(["PrivateTmp"]);
  });

  it("never makes systemd refuse the unit: branches of a template stand side by side", async () => {
    const worker = await auditOne("units/bakery-worker.service.in");
    expect(worker.status).toBe("scored");
    expect([...new Set(codes(worker))].sort()).toEqual(["placeholder-line", "placeholder-value"]);
    expect([...(worker.settings?.unknown ?? [])]).toEqual(["User"]);
  });

  it("does not hide a real typo beside it", async () => {
    const mixer = await auditOne("ansible/templates/mixer.service.j2");
    expect(codes(mixer).filter(code => !code.startsWith("placeholder-"))).toEqual(["unknown-key-meant"]);
    expect([...(mixer.settings?.unknown ?? [])]).toEqual(["SystemCallFilter"]);
  });

  it("is what it looks like in a file that is no template", () => {
    const files = { "/s/a.service": "[Service]\nExecStart=/bin/a\nPrivateTmp=@X@\n" };
    const index = indexUnits({
      tree: memoryTree(files),
      scope: "system",
      extraDirectories: ["/s"],
      searchPath: [],
      isSourceTree: true,
    });
    const unit = loadUnit(index, "a.service", { defaultInstance: "i" });
    expect(codes(auditUnit(unit, context))).toEqual(["invalid-value-expected"]);
  });
});

describe("the names of Debian's units", () => {
  const control = "Source: bakery\n\nPackage: bakery\n\nPackage: bakery-tools\n\nPackage: bakery.d\n";
  const nameOf = (file: string, folder = "/src/debian") =>
    sourceNames(memoryTree({ "/src/debian/control": control, "/other/control": control }), folder)(file);

  it.each([
    ["bakery.service", "bakery.service"],
    ["service", "bakery.service"],
    ["bakery@.service", "bakery@.service"],
    ["bakery.oven.service", "oven.service"],
    ["bakery.oven@.socket", "oven@.socket"],
    ["bakery-tools.mixer.timer.in", "mixer.timer"],
    ["bakery.d.oven.service", "oven.service"],
    ["org.example.Bakery.service", "org.example.Bakery.service"],
    ["bakery.install", undefined],
    ["control", undefined],
  ])("%s becomes %s", (file, name) => {
    expect(nameOf(file)).toBe(name);
  });

  it("hold below debian/ alone", () => {
    expect(nameOf("bakery.oven.service", "/other")).toBe("bakery.oven.service");
    expect(nameOf("service", "/other")).toBeUndefined();
  });
});

it("has units beside its programs and below debian/, and none among links, drop-ins and other people's files", () => {
  const tree = memoryTree({
    "/src/bakery.service.in": "[Service]\n",
    "/src/debian/control": "Package: bakery\n",
    "/src/debian/bakery.oven.service": "[Service]\n",
    "/src/bakery.service.d/a.service": "x",
    "/src/multi-user.target.wants/b.service": "x",
    "/src/node_modules/c/c.service": "x",
    "/src/.git/d.service": "x",
    "/src/link": { link: "/other" },
    "/other/e.service": "x",
    "/src/deep/er/f.timer.tmpl": "[Timer]\n",
  });
  expect(unitFolders(tree, "/src")).toEqual(["/src", "/src/debian", "/src/deep/er"]);
});

it("prefers what was built to what it was built from", () => {
  const files = {
    "/s/a.service": "[Service]\nExecStart=/bin/built\n",
    "/s/a.service.in": "[Service]\nExecStart=@bindir@/raw\n",
  };
  const source = {
    tree: memoryTree(files),
    scope: "system",
    extraDirectories: ["/s"],
    searchPath: [],
  } as const;
  const index = indexUnits({ ...source, isSourceTree: true });
  expect(loadUnit(index, "a.service", { defaultInstance: "i" }).path).toBe("/s/a.service");
  expect([...indexUnits(source).units.keys()]).toEqual(["a.service"]);
});
