import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { run } from "./run.ts";

const fixture = join(
  dirname(fileURLToPath(import.meta.url)),
  "../../fixtures/cli/root/usr/lib/systemd/system/bakery.service",
);
const folders: string[] = [];
let cwd = "";
const dropIn = "bakery.service.d/50-tightunit.conf";
const has = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "tightunit-fix-"));
  folders.push(cwd);
  cpSync(fixture, join(cwd, "bakery.service"));
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const fix = (...argv: string[]) => run(["fix", "./bakery.service", "--systemd", "257", ...argv], { cwd });

describe("fix", () => {
  it("lowers the exposure, says why for each directive, and touches nothing by itself", async () => {
    const { code, stdout } = await fix();
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^# bakery\.service: 8\.7 EXPOSED → [0-5]\.\d [A-Z]+ with \d+ directives at level balanced$/m,
    );
    expect(stdout).toMatch(/^# {3}if it broke: /m);
    expect(existsSync(join(cwd, dropIn))).toBe(false);
  });

  const appliers = [
    ["patch", ["-p1", "--quiet"]],
    ["git", ["apply", "-"]],
  ] as const;
  for (const [program, args] of appliers) {
    const reason = has(program) ? "" : ` (skipped: no ${program} here)`;
    it.skipIf(!has(program))(
      `writes a diff that ${program} applies, and then has nothing more to say${reason}`,
      async () => {
        const { stdout } = await fix();
        const applied = spawnSync(program, args, { cwd, input: stdout, encoding: "utf8" });
        expect(applied.stderr + applied.stdout).toBe("");
        expect(applied.status).toBe(0);
        expect((await fix()).stdout).not.toMatch(/^[-+@]/m);
      },
    );
  }

  it("writes what it showed, keeps lines of others, writes nothing twice, and takes it back", async () => {
    const shown = (await fix("--format", "dropin")).stdout;
    expect((await fix("--write")).stdout).toContain("wrote ");
    expect(readFileSync(join(cwd, dropIn), "utf8")).toContain(shown.trimEnd());
    writeFileSync(join(cwd, dropIn), `${readFileSync(join(cwd, dropIn), "utf8")}\n[Service]\nNice=5\n`);
    expect((await fix("--write")).stdout).toContain("unchanged: ");
    expect((await fix("--undo")).stdout).toContain("has others");
    expect(readFileSync(join(cwd, dropIn), "utf8")).toMatch(/^\s*\[Service\]\nNice=5\n$/);
  });

  it("scores with the drop-in what it promised", async () => {
    const { units } = JSON.parse((await fix("--format", "json")).stdout);
    for (const side of ["before", "after"])
      expect(Object.keys(units[0][side])).toEqual(["pack", "exposure", "level", "checks"]);
    await fix("--write");
    const audit = await run(["audit", "./bakery.service", "--systemd", "257", "--format", "ndjson"], { cwd });
    expect(JSON.parse(audit.stdout).exposure).toBe(units[0].after.exposure);
  });

  it("leaves out what it is told to", async () => {
    expect((await fix("--only", "ProtectClock", "--format", "dropin")).stdout).toMatch(
      /^\[Service\]\n(#.*\n)?ProtectClock=yes\n$/,
    );
    expect((await fix("--except", "ProtectClock", "--format", "dropin")).stdout).not.toContain(
      "ProtectClock",
    );
    expect(await fix("--only", "ProtectClok")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("did you mean ProtectClock?"),
    });
  });

  it("says that there is nowhere to write what came on standard input", async () => {
    const input = "[Service]\nExecStart=/bin/true\n";
    const { code, stderr } = await run(["fix", "-", "--write", "--systemd", "257"], { cwd, input });
    expect(code).toBe(2);
    expect(stderr).toContain("no place for its drop-in");
  });
});
