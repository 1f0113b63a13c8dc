// The GitLab component: what can be known of it without a GitLab. Its YAML is read by Python's reader.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { environment, LOOSE, makeRepository, repository, run, TIGHT, whyNot } from "./run-in.ts";

const path = join(repository, "templates/tightunit.yml");
const home = mkdtempSync(join(tmpdir(), "tightunit-gitlab-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

const read = spawnSync(
  "python3",
  ["-c", "import json, sys, yaml; print(json.dumps(list(yaml.safe_load_all(open(sys.argv[1])))))", path],
  { encoding: "utf8" },
);
const skipped = read.status === 0 ? whyNot("git") : " (skipped: python3 with yaml is not installed)";

describe.skipIf(skipped !== "")(`the GitLab component${skipped}`, () => {
  const [head, jobs] = read.status === 0 ? JSON.parse(read.stdout) : [];
  const job = jobs?.["$[[ inputs.job-name ]]"];
  const defaults: Record<string, string> = Object.fromEntries(
    Object.entries<{ default: string }>(head?.spec.inputs ?? {}).map(([name, each]) => [
      name,
      String(each.default),
    ]),
  );
  const filled = (text: string, inputs: Readonly<Record<string, string>>): string =>
    text.replaceAll(
      /\$\[\[ inputs\.([a-z-]+) \]\]/g,
      (_, name: string) => inputs[name] ?? `no input ${name}`,
    );

  it("declares each input that it uses, and uses each that it declares", () => {
    const used = [...readFileSync(path, "utf8").matchAll(/\$\[\[ inputs\.([a-z-]+) \]\]/g)].map(
      ([, name]) => name,
    );
    expect(new Set(used)).toEqual(new Set(Object.keys(defaults)));
  });

  it("has defaults that its own patterns take", () => {
    for (const [name, { regex, default: preset }] of Object.entries<{ regex?: string; default: string }>(
      head.spec.inputs,
    ))
      if (regex !== undefined) expect(preset, name).toMatch(new RegExp(regex));
  });

  it("puts no input into a command", () => {
    for (const line of [...job.before_script, ...job.script]) expect(line).not.toContain("$[[");
  });

  it.each([
    ["passes", TIGHT, 0],
    ["fails", LOOSE, 1],
  ])("%s, and leaves the reports that it declares", (word, unit, code) => {
    const cwd = join(home, word);
    mkdirSync(cwd);
    const env = environment(home);
    makeRepository(cwd, { "my-units/bakery.service": unit, "oven.service": LOOSE }, env);
    const inputs = { ...defaults, paths: "my-units/*.service", "max-exposure": "9.0", systemd: "257" };
    const variables = Object.fromEntries(
      Object.entries<string>(job.variables).map(([name, value]) => [name, filled(value, inputs)]),
    );
    const done = run("sh", ["-e", "-c", job.script.join("\n")], cwd, { ...env, ...variables });
    expect(done.code, done.stderr).toBe(code);
    const report = JSON.parse(readFileSync(join(cwd, job.artifacts.reports.codequality), "utf8"));
    expect(report.length > 0).toBe(code === 1);
    expect(readFileSync(join(cwd, job.artifacts.reports.junit), "utf8")).toContain("<testsuite");
  });

  it("runs nothing that an input says", () => {
    const cwd = join(home, "hostile");
    mkdirSync(cwd);
    const env = environment(home);
    makeRepository(cwd, { "bakery.service": TIGHT }, env);
    const done = run("sh", ["-e", "-c", job.script.join("\n")], cwd, {
      ...env,
      TIGHTUNIT_PATHS: "$(touch${IFS}pwned) `touch pwned` ;touch pwned",
      TIGHTUNIT_CONFIG: "$(touch pwned)",
      TIGHTUNIT_SYSTEMD: "",
      TIGHTUNIT_MAX_EXPOSURE: "9.0",
    });
    expect(done.code).toBe(2);
    expect(run("ls", ["pwned"], cwd, env).code).not.toBe(0);
  });
});
