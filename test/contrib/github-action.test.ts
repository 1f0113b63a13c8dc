// action.yml's script in an environment like a runner's.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, describe, expect, it } from "vitest";
import {
  type Done,
  environment,
  has,
  LOOSE,
  makeRepository,
  repository,
  run,
  TIGHT,
  tool,
  whyNot,
} from "./run-in.ts";

const script = join(repository, "contrib/github-action/gate.sh");
const action = readFileSync(join(repository, "action.yml"), "utf8");
const skipped = whyNot("bash", "git");
const home = mkdtempSync(join(tmpdir(), "tightunit-action-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

interface Step extends Done {
  readonly output: string;
  readonly summary: string;
}

let count = 0;

/** A step of its own in a repository; inputs as action.yml hands them on. */
function step(inputs: Readonly<Record<string, string>>, cwd: string): Step {
  const files = { output: join(home, `output-${++count}`), summary: join(home, `summary-${count}`) };
  for (const file of Object.values(files)) writeFileSync(file, "");
  const done = run(script, [], cwd, {
    ...environment(home),
    GITHUB_ACTIONS: "true",
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    RUNNER_TEMP: home,
    TIGHTUNIT_COMMAND: tool,
    TIGHTUNIT_PATHS: ".",
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`TIGHTUNIT_${name}`, value])),
  });
  return {
    ...done,
    output: readFileSync(files.output, "utf8"),
    summary: readFileSync(files.summary, "utf8"),
  };
}

function checkout(files: Readonly<Record<string, string>>): string {
  const folder = join(home, `checkout-${++count}`);
  mkdirSync(folder);
  makeRepository(folder, files, environment(home));
  return folder;
}

/** GitHub's parser, which imports its schema in a way that Node does not take: as a bundle it does. */
async function actionParser(): Promise<(content: string) => readonly string[]> {
  const outfile = join(home, "parser.cjs");
  await build({
    stdin: {
      contents: `
        import { NoOperationTraceWriter } from "@actions/workflow-parser";
        import { parseAction } from "@actions/workflow-parser/actions/action-parser";
        export const mistakes = content =>
          parseAction({ name: "action.yml", content }, new NoOperationTraceWriter())
            .context.errors.getErrors().map(each => each.message);`,
      resolveDir: repository,
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    outfile,
  });
  return createRequire(import.meta.url)(outfile).mistakes;
}

describe("action.yml", () => {
  it("hands every input on as a variable of the environment, and puts none into a command", () => {
    const inputs = [
      ...(/^inputs:\n([\s\S]*?)^outputs:/m.exec(action)?.[1] ?? "").matchAll(/^ {2}([a-z-]+):$/gm),
    ];
    const names = inputs.map(([, name = ""]) => name).filter(name => name !== "working-directory");
    expect(names.length).toBeGreaterThan(7);
    for (const name of names)
      expect(action).toContain(
        `TIGHTUNIT_${name.toUpperCase().replaceAll("-", "_")}: \${{ inputs.${name} }}\n`,
      );
    const commands = [...action.matchAll(/^ +run: (.*)$/gm)].map(([, command]) => command);
    expect(commands).toEqual([`'"$GITHUB_ACTION_PATH/contrib/github-action/gate.sh"'`]);
  });

  it("is what GitHub's own parser of actions takes", async () => {
    const mistakes = await actionParser();
    expect(mistakes(action)).toEqual([]);
    // What it would say of one that is wrong.
    expect(mistakes(action.replace("using: composite", "using: composition"))).not.toEqual([]);
    expect(mistakes(action.replace("  steps:", "  stages:"))).not.toEqual([]);
  });

  it("uses no other action, or one by its full commit alone", () => {
    for (const [, used] of action.matchAll(/uses: (.*)$/gm)) expect(used).toMatch(/@[0-9a-f]{40}$/);
  });

  it("names the version that it belongs to where one is named", () => {
    const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
    expect(readFileSync(join(repository, "templates/tightunit.yml"), "utf8")).toContain(
      `default: tightunit@${version}\n`,
    );
  });

  it.skipIf(!has("shellcheck"))(
    `has a script that shellcheck finds nothing wrong with${has("shellcheck") ? "" : " (skipped: shellcheck is not installed)"}`,
    () => {
      expect(run("shellcheck", [script], repository, process.env)).toMatchObject({ code: 0, stdout: "" });
    },
  );
});

describe.skipIf(skipped !== "")(`the action's script${skipped}`, () => {
  it("passes, and says so in output and summary", () => {
    const done = step({ MAX_EXPOSURE: "9.9" }, checkout({ "units/bakery.service": TIGHT }));
    expect(done).toMatchObject({ code: 0, output: "result=passed\ncode=0\n" });
    expect(done.summary).toContain("## tightunit gate: passed");
  });

  it("fails with annotations, a summary and SARIF", () => {
    const cwd = checkout({ "units/bakery.service": LOOSE });
    const done = step({ MAX_EXPOSURE: "5.0", SYSTEMD: "257", SARIF: "out.sarif" }, cwd);
    expect(done).toMatchObject({ code: 1, output: "result=failed\ncode=1\nsarif=out.sarif\n" });
    expect(done.stdout).toMatch(/^::error .*file=units\/bakery\.service/m);
    expect(done.summary).toContain("## tightunit gate: failed");
    expect(JSON.parse(readFileSync(join(cwd, "out.sarif"), "utf8")).version).toBe("2.1.0");
  });

  it("compares with a branch that the checkout does not have", () => {
    const env = environment(home);
    const origin = checkout({ "bakery.service": TIGHT });
    const cwd = join(home, `clone-${++count}`);
    execFileSync("git", ["checkout", "-q", "-b", "change"], { cwd: origin, env });
    writeFileSync(join(origin, "bakery.service"), LOOSE);
    execFileSync("git", ["commit", "-q", "-a", "-m", "Loosen"], { cwd: origin, env });
    execFileSync("git", ["clone", "-q", "--depth=1", "--branch=change", `file://${origin}`, cwd], {
      env,
      stdio: "pipe",
    });
    const done = step({ AGAINST: "origin/main" }, cwd);
    expect(done).toMatchObject({ code: 1, output: "result=failed\ncode=1\n" });
    expect(done.summary).toContain("| `bakery.service` |");
    expect(step({ AGAINST: "origin/nowhere" }, cwd).stdout).toContain("::error title=tightunit::the branch");
    expect(step({ AGAINST: "no-such-revision" }, cwd)).toMatchObject({ code: 2 });
  });

  it("takes paths a line each, blanks and all", () => {
    const cwd = checkout({ "my units/bakery.service": TIGHT, "oven.service": LOOSE });
    expect(step({ MAX_EXPOSURE: "9.0", PATHS: "my units/bakery.service\n" }, cwd).code).toBe(0);
    expect(step({ MAX_EXPOSURE: "9.0", PATHS: "my units\n\n*.service" }, cwd).code).toBe(1);
  });

  it("runs nothing that an input says, and takes none for an option", () => {
    const cwd = checkout({ "bakery.service": TIGHT });
    const evil = "$(touch pwned)`touch pwned`;touch pwned #";
    for (const name of ["PATHS", "SYSTEMD", "MAX_EXPOSURE", "CONFIG", "AGAINST", "SARIF", "PACKAGE"]) {
      for (const value of [evil, "--version", "-"]) {
        const done = step({ [name]: value, ...(name === "PACKAGE" ? { COMMAND: "" } : {}) }, cwd);
        expect(done.stdout).not.toMatch(/^\d+\.\d+\.\d+$/m);
        if (name !== "SARIF") expect(done.code, `${name}=${value}`).not.toBe(0);
      }
    }
    expect(existsSync(join(cwd, "pwned"))).toBe(false);
  });

  it("refuses inputs of several lines, which could say things to the runner", () => {
    const cwd = checkout({ "bakery.service": TIGHT });
    const done = step({ SARIF: "x.sarif\nresult=passed" }, cwd);
    expect(done).toMatchObject({ code: 2, output: "" });
    expect(step({ AGAINST: "main\n::set-output name=a::b" }, cwd).stdout).not.toMatch(/^::set-output/m);
  });
});
