import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { selectUnits } from "../../src/host/audit-target.ts";
import { matchesPattern } from "../../src/host/glob.ts";
import { loadUnit } from "../../src/host/load-unit.ts";
import { type ArgumentOptions, resolveArguments } from "../../src/host/resolve-arguments.ts";
import { indexUnits } from "../../src/host/unit-index.ts";
import { makeDeb } from "./make-deb.ts";

let folder = "";
const unit = "[Service]\nExecStart=/usr/bin/bakery\n";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tightunit-arguments-"));
  const put = (path: string, content: string | Uint8Array = unit) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  put("bakery.service");
  put("bakery.service.d/fresh.conf", "[Service]\nNice=5\n");
  put("deploy/units/oven.service");
  put("deploy/units/oven@.service");
  put("deploy/units/README");
  put("deploy/timers/oven.timer");
  put("deploy/notes/README");
  put("image/usr/lib/systemd/system/cake.service");
  put("image/etc/systemd/system/cake.service.d/sweet.conf", "[Service]\nNice=1\n");
  symlinkSync("/dev/null", join(folder, "closed.service"));
  const header = { name: "./usr/lib/systemd/system/bun.service", size: unit.length };
  put("bun.deb", await makeDeb({ data: [{ header, body: unit }] }));
  put("empty.deb", await makeDeb({}));
  put("broken.deb", "x");
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const options = (more: Partial<ArgumentOptions> = {}): ArgumentOptions => ({
  scope: "system",
  workingFolder: folder,
  readStandardInput: async () => Buffer.from(unit),
  ...more,
});

/** What is found, as text: kind, then each unit with its status and number of drop-ins; then what is wrong. */
async function found(
  typed: readonly string[],
  more: Partial<ArgumentOptions> = {},
): Promise<readonly string[]> {
  const { targets, diagnostics } = await resolveArguments(typed, options(more));
  const lines = targets.map(target => {
    const index = indexUnits(target.source);
    const units = selectUnits(index, target.units).names.map(name => {
      const loaded = loadUnit(index, name, { defaultInstance: "i" });
      return `${loaded.name} ${loaded.status} ${loaded.dropIns.length}`;
    });
    return [`${target.kind}/${target.evidence}:`, ...units].join(" ");
  });
  return [...lines, ...diagnostics.map(({ code }) => code)];
}

describe("resolveArguments", () => {
  it("takes a path for its unit, with the drop-ins of its folder", async () => {
    expect(await found(["./bakery.service"])).toEqual(["file/files: bakery.service loaded 1"]);
    expect(await found([join(folder, "bakery.service")])).toEqual(["file/files: bakery.service loaded 1"]);
    expect(await found(["deploy/units/oven@hot.service"])).toEqual(["file/files: oven@hot.service loaded 0"]);
    expect(await found(["./closed.service"])).toEqual(["file/files: closed.service masked 0"]);
  });

  it("takes a bare name for a file of the working folder, unless there is a root", async () => {
    expect(await found(["bakery.service"])).toEqual(["file/files: bakery.service loaded 1"]);
    expect(await found(["bakery.service"], { root: join(folder, "image") })).toEqual([
      "root/system: bakery.service not-found 0",
    ]);
  });

  it("looks where the environment says, and for a user in the user's folders", async () => {
    const units = join(folder, "deploy/units");
    expect(await found(["oven"], { env: { SYSTEMD_UNIT_PATH: units } })).toEqual([
      "system/system: oven.service loaded 0",
    ]);
    expect(await found(["dbus"], { env: { SYSTEMD_UNIT_PATH: units } })).toEqual([
      "system/system: dbus.service not-found 0",
    ]);
    const user = join(folder, "home/.config/systemd/user");
    mkdirSync(user, { recursive: true });
    writeFileSync(join(user, "till.service"), unit);
    const env = { HOME: join(folder, "home") };
    expect(await found(["till"], { scope: "user", env })).toEqual(["system/system: till.service loaded 0"]);
    expect(await found(["till"], { scope: "user" })).toEqual(["system/system: till.service not-found 0"]);
  });

  it("joins files of one folder, and keeps folders apart", async () => {
    expect(await found(["bakery.service", "closed.service", "deploy/units/oven.service"])).toEqual([
      "file/files: bakery.service loaded 1 closed.service masked 0",
      "file/files: oven.service loaded 0",
    ]);
  });

  it("finds the units of a folder, or of the folders below it", async () => {
    expect(await found(["deploy/units"])).toEqual([
      "folder/files: oven.service loaded 0 oven@i.service loaded 0",
    ]);
    expect(await found(["deploy"])).toEqual([
      "folder/files: oven.timer loaded 0",
      "folder/files: oven.service loaded 0 oven@i.service loaded 0",
    ]);
    expect(await found(["deploy/notes"])).toEqual(["no-units-in-folder"]);
  });

  it("takes a folder that is a system for a root", async () => {
    expect(await found(["image"])).toEqual(["root/system: cake.service loaded 1"]);
    const { targets } = await resolveArguments(["image"], options());
    expect(targets[0]?.machineRoot).toBe(realpathSync(join(folder, "image")));
  });

  it("reads names, patterns of names and paths inside a root", async () => {
    const root = join(folder, "image");
    const cake = ["root/system: cake.service loaded 1"];
    for (const typed of [
      "cake",
      "cake.service",
      "c*",
      "/usr/lib/systemd/system/cake.service",
      `${root}/usr/lib/systemd/system/cake.service`,
    ])
      expect(await found([typed], { root }), typed).toEqual(cake);
    expect(await found([], { root })).toEqual(cake);
    expect(await found(["pie*"], { root })).toEqual(["root/system:"]);
  });

  it("expands patterns of paths to units", async () => {
    expect(await found(["deploy/*/oven*"])).toEqual([
      "file/files: oven.timer loaded 0",
      "file/files: oven.service loaded 0 oven@i.service loaded 0",
    ]);
    expect(await found(["deploy/**/*.timer", "*.service"])).toEqual([
      "file/files: oven.timer loaded 0",
      "file/files: bakery.service loaded 1 closed.service masked 0",
    ]);
    expect(await found(["deploy/*/nothing*"])).toEqual(["pattern-matches-nothing"]);
  });

  it("reads standard input, alone or over a root", async () => {
    expect(await found(["-"])).toEqual(["standard-input/files: stdin.service loaded 0"]);
    expect(await found(["-"], { root: join(folder, "image"), standardInputName: "cake.service" })).toEqual([
      "standard-input/system: cake.service loaded 1",
    ]);
  });

  it("reads packages, and says what is wrong with the others", async () => {
    expect(await found(["bun.deb", "broken.deb", "missing.deb"])).toEqual([
      "package/system: bun.service loaded 0",
      "deb-not-a-package",
      "deb-missing",
    ]);
    expect(await found(["empty.deb"])).toEqual(["no-units-in-package"]);
  });

  it("says that a path leads nowhere, or to no unit", async () => {
    expect(await found(["./nope.service", "deploy/units/README", "nope/"])).toEqual([
      "no-such-file",
      "no-unit-file",
      "no-such-file",
    ]);
  });
});

describe("matchesPattern", () => {
  it.each([
    ["*.service", "a.service", true],
    ["ssh[sd]*", "sshd.service", true],
    ["ssh[!sd]*", "sshd.service", false],
    ["[a-c]?", "b1", true],
    ["[]]x", "]x", true],
    ["a[", "a[", true],
    ["", "", true],
    ["?", "", false],
  ])("%s and %s: %s", (pattern, name, expected) => expect(matchesPattern(pattern, name)).toBe(expected));

  it("ends soon, whatever the pattern", () => {
    const start = performance.now();
    expect(matchesPattern(`${"*a".repeat(500)}b`, "a".repeat(5000))).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it("matches every name with itself where it has no pattern in it", () => {
    fc.assert(fc.property(fc.string(), name => /[*?[]/.test(name) || matchesPattern(name, name)));
  });
});
