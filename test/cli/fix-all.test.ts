import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { run } from "./run.ts";

const project = join(import.meta.dirname, "../..");
const corpus = join(project, "..", "shared", "corpus", "units");
const hasCorpus = existsSync(corpus);
const isBuilt = existsSync(join(project, "dist", "cli.cjs"));

const folder = mkdtempSync(join(tmpdir(), "tightunit-fix-all-"));
const root = join(folder, "root");
const system = join(root, "usr/lib/systemd/system");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A machine of many services, some of which cannot be read. */
beforeAll(() => {
  mkdirSync(system, { recursive: true });
  const packages = hasCorpus ? readdirSync(corpus).sort() : [];
  // Every other package: the time is a unit's, and what can go wrong with many goes wrong with these.
  for (const name of packages.filter((_, index) => index % 2 === 0)) {
    const from = join(corpus, name, "usr/lib/systemd/system");
    if (!existsSync(from)) continue;
    for (const file of readdirSync(from).filter(each => /^[^@]+\.service$/.test(each)))
      copyFileSync(join(from, file), join(system, file));
  }
  for (let number = 0; number < 40; number++)
    writeFileSync(
      join(system, `bakery-${number}.service`),
      `[Service]\nExecStart=/usr/bin/bakery ${number}\n`,
    );
  writeFileSync(join(system, "a-broken.service"), "[Service\n");
  writeFileSync(join(system, "a-typo.service"), "[Service]\nExecStart=/usr/bin/x\nUser=no such:user\n");
  writeFileSync(join(system, "a-flood.service"), Buffer.alloc(3 << 20, "#"));
}, 60_000);

/** The command line as it is installed, which has threads. */
function asProcess(typed: readonly string[]) {
  const program = join(project, "bin/tightunit.js");
  const done = spawnSync(process.execPath, [program, ...typed], { encoding: "utf8", maxBuffer: 1 << 28 });
  return { code: done.status, stdout: done.stdout, stderr: done.stderr };
}

describe(`fix --all over a root${hasCorpus ? " of several hundred units" : " (of forty: the corpus is not beside this repository)"}`, () => {
  it("writes a series of patches and a table, whatever single units hold", async () => {
    const output = join(folder, "patches");
    const typed = ["fix", "--all", "--root", root, "--systemd", "257", "--output", output];
    const { code, stdout, stderr } = isBuilt ? asProcess(typed) : await run(typed);
    expect(code).toBe(2);
    for (const name of ["a-broken", "a-typo", "a-flood"])
      expect(stderr).toContain(`tightunit: ${name}.service: `);
    const files = readdirSync(output).filter(each => each.endsWith(".patch"));
    expect(readFileSync(join(output, "series"), "utf8")).toBe(files.map(each => `${each}\n`).join(""));
    expect(files.length).toBeGreaterThanOrEqual(hasCorpus ? 200 : 40);
    expect(stdout).toMatch(/^UNIT +BEFORE +AFTER +DIRECTIVES\n/);
    expect(stdout).toMatch(/\n\d+ units, \d+ with something to add; median exposure \d\.\d → \d\.\d\n$/);
    // The whole series goes on top of the root, as one would put it there.
    const all = files
      .slice(0, 40)
      .map(each => readFileSync(join(output, each), "utf8"))
      .join("");
    execFileSync("patch", ["-p1", "--dry-run", "--force", "--silent"], { cwd: root, input: all });
  }, 120_000);

  it.skipIf(!isBuilt || availableParallelism() < 2)(
    `says the same in the same order from several threads${isBuilt ? "" : " (skipped: the command line is not built)"}`,
    async () => {
      const typed = ["fix", "--root", root, "--systemd", "257", "--format", "json", "bakery-*"];
      const alone = await run(typed);
      const threads = asProcess(typed).stdout;
      expect(JSON.parse(threads).units.length).toBe(40);
      expect(threads).toBe(alone.stdout);
    },
    120_000,
  );
});
