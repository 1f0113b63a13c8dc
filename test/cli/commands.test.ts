import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { toolVersion } from "../../src/cli/tool-version.ts";
import { run } from "./run.ts";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../fixtures/cli/root");

describe("help", () => {
  it("names every command and the exit codes", async () => {
    const { code, stdout } = await run(["--help"]);
    expect(code).toBe(0);
    for (const word of ["audit", "fix", "gate", "explain", "completion", "Exit codes"])
      expect(stdout).toContain(word);
  });

  it.each(["audit", "fix", "gate", "explain"])("has examples for %s", async command => {
    const { code, stdout } = await run([command, "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`tightunit ${command} `);
    expect(stdout).toContain("Examples:");
    expect(Math.max(...stdout.split("\n").map(line => line.length))).toBeLessThanOrEqual(80);
  });

  it("says the version of the package", async () => {
    const manifest = JSON.parse(readFileSync(join(here, "../../package.json"), "utf8"));
    expect(toolVersion).toBe(manifest.version);
    expect(await run(["--version"])).toMatchObject({ code: 0, stdout: `${toolVersion}\n` });
  });

  it("completes commands, options and their values, and units", async () => {
    const env = { SYSTEMD_UNIT_PATH: join(root, "usr/lib/systemd/system") };
    const complete = async (...words: string[]) =>
      (await run(["--get-yargs-completions", "tightunit", ...words], { env })).stdout.split("\n");
    expect(await complete("a")).toContain("audit");
    expect(await complete("audit", "--fo")).toContain("--format");
    expect(await complete("audit", "--format", "")).toContain("ndjson");
    expect(await complete("audit", "bak")).toEqual(["bakery.service", ""]);
    expect((await run(["completion"])).stdout).toContain("complete ");
  });
});

describe("gate", () => {
  const gate = (...argv: string[]) => run(["gate", "--root", root, "--systemd", "257", ...argv]);

  it("passes where no unit is above the bar", async () => {
    const { code, stdout } = await gate("--max-exposure", "9", "bakery");
    expect(code).toBe(0);
    expect(stdout).toBe("passed: 1 unit, none above 9.0\n");
  });

  it("fails with the worst offenders", async () => {
    const { code, stdout } = await gate("--max-exposure", "8.6", "bakery", "oven");
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /bakery\.service:4: error: .*8\.7, above the 8\.6 .*\n.*oven\.service:1: error: .*9\.2, above the 8\.6/,
    );
  });

  it("counts a unit at the bar as fine, as systemd's threshold does", async () => {
    expect((await gate("--max-exposure", "8.7", "bakery")).code).toBe(0);
  });

  it("fails for a unit that systemd would refuse, and passes one that is masked", async () => {
    expect((await gate("--max-exposure", "10", "mill")).code).toBe(1);
    expect((await gate("--max-exposure", "0", "fridge")).code).toBe(0);
  });

  it("writes its verdict as JSON", async () => {
    const { stdout } = await gate("--max-exposure", "9", "--format", "json");
    const { verdict, units, findings, summary } = JSON.parse(stdout);
    expect(verdict).toBe("failed");
    expect(units.map((each: { name: string }) => each.name)).toContain("oven.service");
    expect(findings).toContainEqual(
      expect.objectContaining({ unit: "oven.service", rule: "exposure", status: "new", isFailing: true }),
    );
    expect(summary.units).toBe(units.length);
  });

  it.each(["10.1", "-1", "5.55", "high", ""])("takes no bar of %j", async bar => {
    expect((await run(["gate", `--max-exposure=${bar}`, "--root", root])).code).toBe(2);
  });

  it("needs a bar", async () => {
    expect(await run(["gate", "--root", root])).toMatchObject({ code: 2 });
  });
});

describe("explain --output", () => {
  const home = mkdtempSync(join(tmpdir(), "tightunit-pages-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it("writes a page about each rule, those of the organisation too, where reports then lead to", async () => {
    const rule = {
      rule: "bakery-ovens",
      severity: "error",
      title: "Ovens have a user of their own",
      message: "{directive}=",
      explanation: "What bakes must not read what sells.",
      detect: { kind: "settings", at: "User", all: [{ directive: "User", isEmpty: true }] },
      examples: {
        bad: [{ unit: "[Service]\nExecStart=/bin/bake\n" }],
        good: [{ unit: "[Service]\nUser=baker\n" }],
      },
    };
    writeFileSync(join(home, "own.json"), JSON.stringify({ pack: "bakery", title: "Ours", rules: [rule] }));
    writeFileSync(
      join(home, "tightunit.conf"),
      "[gate]\nmax-exposure = 5.0\npacks[] = ./own.json\n[report]\ndocs-url = https://wiki.example.org/units/{rule}.md\n",
    );
    writeFileSync(join(home, "oven.service"), "[Service]\nExecStart=/usr/bin/oven\n");
    const written = await run(["explain", "--output", "pages"], { cwd: home });
    expect(written.code).toBe(0);
    expect(written.stdout).toMatch(/^\d+ pages in pages\n$/);
    const gate = ["gate", "oven.service", "--systemd", "257", "--format", "sarif"];
    const { rules } = JSON.parse((await run(gate, { cwd: home })).stdout).runs[0].tool.driver;
    expect(rules.map((each: { id: string }) => each.id)).toEqual(["bakery-ovens", "exposure"]);
    const list = readFileSync(join(home, "pages/README.md"), "utf8");
    for (const { helpUri, help } of rules) {
      const [, name = ""] = /^https:\/\/wiki\.example\.org\/units\/(.*)$/.exec(helpUri) ?? [];
      expect(list).toContain(`(${name})`);
      const own = help.markdown.replace(/- <https:\/\/wiki.*\n/, "");
      const page = readFileSync(join(home, "pages", name), "utf8");
      for (const line of own.split("\n")) expect(page).toContain(line);
    }
  });

  it("takes no names beside", async () => {
    const { code, stderr } = await run(["explain", "ProtectHome", "--output", "pages"], { cwd: home });
    expect(code).toBe(2);
    expect(stderr).toContain("name none");
  });

  it("prints one page as Markdown", async () => {
    const { stdout } = await run(["explain", "families-deny-list", "--format", "markdown"]);
    expect(stdout).toMatch(/^# .*\n\n`families-deny-list`, of the pack traps/);
  });
});

describe("explain", () => {
  it("explains a directive, however it is spelled", async () => {
    for (const name of ["ProtectSystem", "ProtectSystem=", "protectsystem", "ProtectSystem=strict"]) {
      const { code, stdout } = await run(["explain", name]);
      expect(code).toBe(0);
      expect(stdout).toContain("ProtectSystem=  ");
      expect(stdout).toContain("strict: denies");
    }
  });

  it("explains a check by its id", async () => {
    const { code, stdout } = await run(["explain", "SystemCallFilter_swap"]);
    expect(code).toBe(0);
    expect(stdout).toContain("check SystemCallFilter_swap of systemd-security");
  });

  it("audits a unit", async () => {
    const { stdout } = await run(["explain", "bakery.service", "--root", root, "--systemd", "257"]);
    expect(stdout).toContain("Overall exposure level for bakery.service: 8.7 EXPOSED");
  });

  it("suggests what was meant", async () => {
    const { code, stderr } = await run(["explain", "ProtctSystem"]);
    expect(code).toBe(3);
    expect(stderr).toContain("did you mean ProtectSystem?");
  });
});
