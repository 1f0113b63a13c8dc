import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dropInPlace, ownFolder } from "../../src/cli/drop-in-place.ts";
import { memoryTree } from "../../src/host/memory-tree.ts";
import { loadUnitText } from "../../src/index.ts";
import { run } from "./run.ts";

function root(): string {
  const folder = mkdtempSync(join(tmpdir(), "tightunit-types-"));
  const system = join(folder, "usr/lib/systemd/system");
  mkdirSync(system, { recursive: true });
  writeFileSync(join(system, "bakery.service"), "[Service]\nExecStart=/bin/a\n");
  writeFileSync(join(system, "bakery.socket"), "[Socket]\nListenStream=/run/bakery\n");
  writeFileSync(join(system, "bakery.timer"), "[Timer]\nOnBootSec=1\n");
  return folder;
}
const names = (stdout: string) =>
  stdout
    .trim()
    .split("\n")
    .map(line => JSON.parse(line).name);
const common = ["--format", "ndjson", "--systemd", "257"];

describe("what an audit without arguments is about", () => {
  it("is the services, as with systemd-analyze security", async () => {
    const { stdout } = await run(["audit", "--root", root(), ...common]);
    expect(names(stdout)).toEqual(["bakery.service"]);
  });

  it("is what --type names, or all", async () => {
    const folder = root();
    const some = await run(["audit", "--root", folder, "--type", "service,socket", ...common]);
    expect(names(some.stdout)).toEqual(["bakery.service", "bakery.socket"]);
    const all = await run(["audit", "--root", folder, "--type", "all", ...common]);
    expect(names(all.stdout)).toEqual(["bakery.service", "bakery.socket", "bakery.timer"]);
  });

  it("is nothing for a type that is none", async () => {
    const { code, stderr } = await run(["audit", "--root", root(), "--type", "sevice", ...common]);
    expect(code).toBe(2);
    expect(stderr).toContain("did you mean service?");
  });
});

describe("a unit that is not there", () => {
  it("is asked about by the name that was likely meant", async () => {
    const folder = root();
    const { code, stdout } = await run(["audit", "bakrey", "--root", folder, "--systemd", "257"]);
    expect(code).toBe(3);
    expect(stdout).toContain("Is bakery.service meant?");
    const far = await run(["audit", "zzz", "--root", folder, "--systemd", "257"]);
    expect(far.stdout).toContain("not found");
  });
});

describe("where a drop-in for a user's unit goes", () => {
  const unit = { ...loadUnitText("[Service]\nExecStart=/bin/a\n", "bakery.service", "user") };
  const target = {
    kind: "system",
    arguments: [],
    source: { tree: memoryTree({}), scope: "user", extraDirectories: [] },
    units: { kind: "all" },
    machineRoot: "/",
    evidence: "system",
  } as const;
  const pathFor = (isForAll: boolean, env: Record<string, string>) =>
    dropInPlace(unit, target, "/", "/work", ownFolder("user", isForAll, env)).writable?.path;

  it("is the folder of who runs it", () => {
    const file = "systemd/user/bakery.service.d/50-tightunit.conf";
    expect(pathFor(false, { HOME: "/home/anna" })).toBe(`/home/anna/.config/${file}`);
    expect(pathFor(false, { HOME: "/home/anna", XDG_CONFIG_HOME: "/conf" })).toBe(`/conf/${file}`);
  });

  it("is below /etc for all users, and where nobody has a home", () => {
    const file = "/etc/systemd/user/bakery.service.d/50-tightunit.conf";
    expect(pathFor(true, { HOME: "/home/anna" })).toBe(file);
    expect(pathFor(false, {})).toBe(file);
    expect(ownFolder("system", false, { HOME: "/home/anna" })).toBeUndefined();
  });

  it("is written there, and taken out again", async () => {
    const home = mkdtempSync(join(tmpdir(), "tightunit-home-"));
    const units = join(home, ".config/systemd/user");
    mkdirSync(units, { recursive: true });
    writeFileSync(join(units, "bakery.service"), "[Service]\nExecStart=/bin/a\n");
    const args = ["fix", "bakery.service", "--user", "--systemd", "257"];
    const written = await run([...args, "--write"], { env: { HOME: home } });
    expect(written.code).toBe(0);
    const file = join(units, "bakery.service.d/50-tightunit.conf");
    expect(readFileSync(file, "utf8")).toContain("[Service]");
    const undone = await run([...args, "--undo"], { env: { HOME: home } });
    expect(undone.stdout).toContain(`removed ${file}`);
  });
});
