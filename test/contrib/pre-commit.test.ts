// .pre-commit-hooks.yaml with the real pre-commit in a repository of units.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Done, environment, LOOSE, makeRepository, repository, run, TIGHT, whyNot } from "./run-in.ts";

const skipped = whyNot("pre-commit", "git");
const home = mkdtempSync(join(tmpdir(), "tightunit-hooks-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe.skipIf(skipped !== "")(`the pre-commit hooks${skipped}`, () => {
  const env = { ...environment(home), PRE_COMMIT_HOME: join(home, "cache") };
  const hooks = join(home, "hooks");
  const units = join(home, "units");
  const git = (...args: readonly string[]): Done => run("git", args, units, env);

  beforeAll(() => {
    mkdirSync(hooks);
    mkdirSync(units);
    const manifest = readFileSync(join(repository, ".pre-commit-hooks.yaml"), "utf8");
    makeRepository(hooks, { ".pre-commit-hooks.yaml": manifest }, env);
    const revision = run("git", ["rev-parse", "HEAD"], hooks, env).stdout.trim();
    makeRepository(
      units,
      {
        "units/bakery.service": TIGHT,
        "README.md": "Units of a bakery.\n",
        "tightunit.conf": "[gate]\nmax-exposure = 9.0\n",
        ".pre-commit-config.yaml": `repos:\n  - repo: ${hooks}\n    rev: ${revision}\n    hooks:\n      - id: tightunit-gate-system\n        args: [units]\n`,
      },
      env,
    );
    expect(run("pre-commit", ["install"], units, env).code).toBe(0);
  });

  it("has a manifest that pre-commit takes", () => {
    expect(
      run("pre-commit", ["validate-manifest", join(repository, ".pre-commit-hooks.yaml")], home, env).code,
    ).toBe(0);
  });

  it("lets a commit of a tight unit through", () => {
    writeFileSync(join(units, "units/bakery.service"), `${TIGHT}PrivateTmp=yes\n`);
    expect(git("commit", "-q", "-a", "-m", "Tighten")).toMatchObject({ code: 0 });
  });

  it("does not run where no unit is in the commit", () => {
    writeFileSync(join(units, "README.md"), "Units of a large bakery.\n");
    const done = git("commit", "-a", "-m", "Grow");
    expect(done.code).toBe(0);
    expect(`${done.stdout}${done.stderr}`).toMatch(/tightunit gate.*Skipped/);
  });

  it("refuses a commit that loosens one, by a drop-in too", () => {
    mkdirSync(join(units, "units/bakery.service.d"));
    writeFileSync(
      join(units, "units/bakery.service.d/open.conf"),
      "[Service]\nPrivateNetwork=no\nProtectSystem=no\nNoNewPrivileges=no\nPrivateTmp=no\nUser=root\n",
    );
    git("add", "-A");
    const byDropIn = git("commit", "-q", "-m", "Open");
    expect(byDropIn.code).toBe(1);
    expect(byDropIn.stderr).toMatch(/above the 9\.0/);
    rmSync(join(units, "units/bakery.service.d"), { recursive: true });
    writeFileSync(join(units, "units/bakery.service"), LOOSE);
    git("add", "-A");
    expect(git("commit", "-q", "-m", "Loosen").code).toBe(1);
  });
});
