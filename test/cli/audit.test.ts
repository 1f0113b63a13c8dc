import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { validate as isAudit } from "../../dist/validators/audit.js";
import { run } from "./run.ts";

const fixtures = join(dirname(fileURLToPath(import.meta.url)), "../../fixtures/cli");
const root = join(fixtures, "root");
const of = (...argv: string[]) =>
  run(["audit", "--root", root, "--systemd", "257", "--arch", "x86-64", ...argv]);
const unitsOf = (text: string): readonly Record<string, unknown>[] => JSON.parse(text).units;

describe("audit", () => {
  it("shows every unit of a root, the most exposed first, those without a score with their reason", async () => {
    const { code, stdout } = await of();
    const names = stdout
      .split("\n")
      .slice(1, 5)
      .map(line => line.split(" ")[0]);
    expect(code).toBe(0);
    expect(names).toEqual(["oven.service", "bakery.service", "fridge.service", "mill.service"]);
    expect(stdout).toMatch(/^oven\.service +9\.2 +UNSAFE +\d+\/\d+ +1 warning$/m);
    expect(stdout).toMatch(/^mill\.service +- +refused/m);
    expect(stdout).toContain("2 scored, median exposure 8.7; 1 masked; 1 refused");
  });

  it.each([80, 200])("fits %i columns", async columns => {
    const overview = await run(["audit", "--root", root, "--systemd", "257"], { columns });
    const detail = await run(["audit", "--root", root, "--systemd", "257", "oven"], { columns });
    for (const { stdout } of [overview, detail]) {
      // A path or an assignment is never cut, so that it can be copied; only those lines may be longer.
      const long = stdout.split("\n").filter(line => [...line].length > columns && !/^\s+\S+$/.test(line));
      expect(long.filter(line => !line.startsWith("  Read for") && !line.startsWith("Read for"))).toEqual([]);
    }
  });

  it("shows one unit in full: the line that set a check, the directive that mends one, what it gains", async () => {
    const { code, stdout } = await of("oven.service");
    expect(code).toBe(0);
    expect(stdout).toContain("/etc/systemd/system/oven.service.d/10-safe.conf");
    expect(stdout).toMatch(
      /✓ +NoNewPrivileges= +\S*10-safe\.conf:2|✓ +NoNewPrivileges=\n +\S*10-safe\.conf:2/,
    );
    expect(stdout).toMatch(/✗ +0\.5 +0\.\d PrivateNetwork= +→ PrivateNetwork=yes/);
    expect(stdout).toMatch(/oven\.service:3:\d+: warning:[\s\S]*tmfs/);
    expect(stdout.trimEnd().split("\n").at(-1)).toMatch(
      /Overall exposure level for oven\.service: 9\.2 UNSAFE/,
    );
  });

  it("says why systemd refuses a unit, with file and line", async () => {
    const { stdout } = await of("mill.service");
    expect(stdout).toMatch(/mill\.service has no score: .*mill\.service:3:\d+: error: /);
  });

  it("writes the published JSON", async () => {
    const { stdout } = await of("--format", "json");
    const document = JSON.parse(stdout);
    expect(isAudit(document), JSON.stringify(isAudit.errors)).toBe(true);
    expect(document).toMatchObject({ systemd: "257", arch: "x86-64", scope: "system" });
    expect(document.units).toHaveLength(4);
  });

  it("names what was asked for where it is another name", async () => {
    const [unit] = unitsOf((await of("--format", "json", "bread")).stdout);
    expect(unit).toMatchObject({ name: "bakery.service", requested: "bread.service", status: "scored" });
  });

  it("says in JSON which line decided a check", async () => {
    const [unit] = unitsOf((await of("--format", "json", "oven.service")).stdout);
    expect(unit?.["checks"]).toContainEqual(
      expect.objectContaining({
        id: "NoNewPrivileges",
        set: true,
        origin: { file: "/etc/systemd/system/oven.service.d/10-safe.conf", line: 2 },
      }),
    );
  });

  it("writes one unit a line with ndjson, the same objects", async () => {
    const lines = (await of("--format", "ndjson")).stdout.trimEnd().split("\n");
    expect(lines.map(line => JSON.parse(line))).toEqual(unitsOf((await of("--format", "json")).stdout));
  });

  it("writes systemd's shape: rows of one unit, exposures as text, no name and no sum", async () => {
    const { stdout, stderr } = await of("--format", "systemd-json", "bakery.service", "fridge.service");
    const rows: readonly Record<string, unknown>[] = JSON.parse(stdout);
    expect(rows).toHaveLength(81);
    expect(Object.keys(rows[0] ?? {})).toEqual(["set", "name", "json_field", "description", "exposure"]);
    expect(rows.find(row => row["json_field"] === "PrivateNetwork")).toMatchObject({
      set: false,
      name: "PrivateNetwork=",
      exposure: "0.5",
    });
    expect(stderr).toContain("fridge.service: masked");
  });

  it("reads a unit from standard input", async () => {
    const input = "[Service]\nExecStart=/bin/true\n";
    const { code, stdout } = await run(["audit", "-", "--systemd", "257", "--format", "ndjson"], { input });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "scored", exposure: 94 });
  });

  it("says what a policy says of its checks", async () => {
    const policy = join(fixtures, "policy.json");
    const { stdout } = await of("--format", "systemd-json", "--security-policy", policy, "bakery");
    expect(JSON.parse(stdout)).toContainEqual({
      set: false,
      name: "PrivateNetwork=",
      json_field: "PrivateNetwork",
      description: "The oven must not phone home",
      exposure: expect.any(String),
    });
  });

  it("takes weights from systemd's own policy", async () => {
    const policy = join(fixtures, "policy.json");
    const [unit] = unitsOf((await of("--format", "json", "--security-policy", policy, "bakery")).stdout);
    expect(unit?.["checks"]).toContainEqual(
      expect.objectContaining({ id: "PrivateTmp", badness: null, set: null }),
    );
  });
});

describe("exit codes", () => {
  it("0 where every argument led to a unit, refused or not", async () => {
    expect((await of("mill", "fridge")).code).toBe(0);
  });

  it("3 where nothing matched", async () => {
    expect((await of("ghost")).code).toBe(3);
    expect((await of("g*st")).code).toBe(3);
  });

  it("2 where some did not, and the others are shown", async () => {
    const { code, stdout } = await of("bakery", "ghost", "--format", "ndjson");
    expect(code).toBe(2);
    expect(stdout.trimEnd().split("\n")).toHaveLength(2);
  });

  it.each([
    [["audit", "--systemd", "246"], /246/],
    [["audit", "--systemd", "new"], /new/],
    [["audit", "--arch", "z80"], /z80/],
    [["audit", "--root", "/nonexistent-root"], /nonexistent-root/],
    [["audit", "--format", "xml"], /xml/],
    [["audit", "--bogus"], /bogus/],
    [["audit", "--root", "a", "--root", "b"], /more than once/],
    [["audit", "--pack", "nope"], /nope/],
    [["audit", "--pack", join(fixtures, "broken/pack.json")], /pack\.json:1:\d+.*checks/],
    [["audit", "--security-policy", join(fixtures, "broken/policy.json")], /policy\.json/],
    [["audit", "--security-policy", join(fixtures, "missing.json")], /missing\.json/],
    [["bake"], /./],
    [[], /audit, fix, gate or explain/],
  ] as const)("2 and one clear message for %j", async (argv, message) => {
    const { code, stdout, stderr } = await run(argv);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe("decorations", () => {
  const colours = /\u001b\[/;
  const argv = ["audit", "--root", root, "--systemd", "257"];

  it("are for terminals, unless told otherwise", async () => {
    expect((await run(argv)).stdout).not.toMatch(colours);
    expect((await run(argv, { isTerminal: true })).stdout).toMatch(colours);
    expect((await run(argv, { isTerminal: true, env: { NO_COLOR: "1" } })).stdout).not.toMatch(colours);
    expect((await run(argv, { isTerminal: true, env: { NO_COLOR: "" } })).stdout).toMatch(colours);
    expect((await run(argv, { isTerminal: true, env: { TERM: "dumb" } })).stdout).not.toMatch(colours);
    expect((await run([...argv, "--color"], { env: { NO_COLOR: "1" } })).stdout).toMatch(colours);
    expect((await run([...argv, "--no-color"], { isTerminal: true })).stdout).not.toMatch(colours);
  });

  it("are had with --color alone or with one of its words, and none of them is taken for a unit", async () => {
    for (const words of [["--color"], ["--color=always"], ["--color", "always"]])
      expect((await run(["audit", ...words, ...argv.slice(1)])).stdout).toMatch(colours);
    for (const words of [["--color=never"], ["--color", "never"], ["--color=auto"], ["--no-color"]])
      expect((await run([...argv, ...words])).stdout).toBe((await run(argv)).stdout);
    const one = ["--root", root, "--systemd", "257", "kiln.service"];
    expect((await run(["audit", "--color", ...one])).stdout).toMatch(colours);
    const wrong = await run([...argv, "--color=sometimes"]);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/sometimes/);
  });
});
