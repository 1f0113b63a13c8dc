// Installs the package in each of the ways that integrations do, from what is at hand, and gates a unit with it:
// the GitHub action from its own source and from a tarball, the GitLab component from a tarball, pre-commit from git.
//   node bin/dev/test-installs.js [action|gitlab|pre-commit]…
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const home = mkdtempSync(join(tmpdir(), "tightunit-installs-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));

const ways = { action, gitlab, "pre-commit": preCommit };
const asked = process.argv.slice(2);
for (const [name, way] of Object.entries(ways))
  if (asked.length === 0 || asked.includes(name)) console.log(`${name}: ${way() ?? "fine"}`);

/** A repository with one unit that is more exposed than it may be. */
function units() {
  const folder = mkdtempSync(join(home, "units-"));
  writeFileSync(join(folder, "bakery.service"), "[Service]\nExecStart=/usr/bin/bakery\n");
  writeFileSync(join(folder, "tightunit.conf"), "[gate]\nmax-exposure = 5.0\n");
  return folder;
}

/** What npm would publish. */
function tarball() {
  const folder = join(home, "packed");
  mkdirSync(folder, { recursive: true });
  const packed = () => readdirSync(folder).find(name => name.endsWith(".tgz"));
  if (packed() === undefined) run("npm", ["pack", "--silent", "--pack-destination", folder], { cwd: root });
  return join(folder, packed() ?? "npm pack made no tarball");
}

function action() {
  const script = join(root, "contrib", "github-action", "gate.sh");
  for (const TIGHTUNIT_PACKAGE of ["", tarball()]) {
    const env = { ...process.env, RUNNER_TEMP: home, TIGHTUNIT_PATHS: ".", TIGHTUNIT_PACKAGE };
    expectFindings(
      spawnSync(script, [], { cwd: units(), env, encoding: "utf8" }),
      /^::error .*above the 5\.0/m,
    );
  }
  return undefined;
}

function gitlab() {
  const text = readFileSync(join(root, "templates", "tightunit.yml"), "utf8");
  const step = /before_script:\n +- (.*)\n/.exec(text)?.[1];
  if (step === undefined) throw new Error("the component has no before_script");
  const prefix = join(home, "global");
  const env = { ...process.env, NPM_CONFIG_PREFIX: prefix, TIGHTUNIT_PACKAGE: tarball() };
  run("sh", ["-e", "-c", step], { cwd: units(), env });
  const tool = join(prefix, "bin", "tightunit");
  expectFindings(spawnSync(tool, ["gate", "."], { cwd: units(), encoding: "utf8" }), /above the 5\.0/);
  return undefined;
}

function preCommit() {
  if (spawnSync("pre-commit", ["--version"]).error !== undefined)
    return "skipped: pre-commit is not installed";
  const cwd = units();
  const env = { ...process.env, PRE_COMMIT_HOME: join(home, "hooks") };
  const rev = run("git", ["rev-parse", "HEAD"], { cwd: root }).trim();
  const config = { repos: [{ repo: root, rev, hooks: [{ id: "tightunit-gate" }] }] };
  // JSON is YAML.
  writeFileSync(join(cwd, ".pre-commit-config.yaml"), JSON.stringify(config));
  run("git", ["init", "-q"], { cwd });
  run("git", ["add", "-A"], { cwd });
  const done = spawnSync("pre-commit", ["run", "--all-files"], { cwd, env, encoding: "utf8" });
  expectFindings(done, /above the 5\.0/);
  return undefined;
}

function run(program, args, options) {
  return execFileSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"], ...options });
}

function expectFindings({ status, stdout, stderr }, pattern) {
  if (status !== 1 || !pattern.test(stdout)) throw new Error(`ended with ${status}:\n${stdout}\n${stderr}`);
}
