// Packs the package as npm would publish it, installs it into an empty folder and uses it there: command and library.
//   node bin/dev/test-package.js
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const folder = mkdtempSync(join(tmpdir(), "tightunit-package-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const quiet = { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] };
execFileSync("npm", ["pack", "--silent", "--pack-destination", folder], { ...quiet, cwd: root });
const tarball = readdirSync(folder).find(name => name.endsWith(".tgz"));
if (tarball === undefined) throw new Error("npm pack made no tarball");

writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "empty", private: true, type: "module" }));
const install = ["install", "--silent", "--no-audit", "--no-fund", "--prefer-offline", `./${tarball}`];
execFileSync("npm", install, { ...quiet, cwd: folder });
writeFileSync(join(folder, "bakery.service"), "[Service]\nExecStart=/usr/bin/bakery\n");

const audit = use("node_modules/.bin/tightunit", [
  "audit",
  "--format",
  "json",
  "--systemd",
  "257",
  "./bakery.service",
]);
const { units } = JSON.parse(audit);
if (units.length !== 1 || units[0].exposure !== 94)
  throw new Error(`the installed command says: ${audit.slice(0, 300)}`);

writeFileSync(
  join(folder, "library.js"),
  `import { audit, formatNames, gate, loadUnit, propose } from "tightunit";
const audited = audit(loadUnit("./bakery.service"), { systemd: 257 });
if (audited.assessment?.exposure !== 94) throw new Error("the installed library scores differently");
if (typeof propose !== "function") throw new Error("the installed library proposes nothing");
const verdict = gate([loadUnit("./bakery.service")], { systemd: 257, maxExposure: 50 });
if (verdict.result.verdict !== "failed") throw new Error("the installed library judges differently");
for (const name of formatNames) if ((await verdict.report(name)) === "") throw new Error(name + " is empty");
console.log("fine");
`,
);
if (use(process.execPath, ["library.js"]) !== "fine\n")
  throw new Error("importing the library has side effects");
// The types have to be there too, and to say the same.
writeFileSync(
  join(folder, "typed.ts"),
  `import { type GateResult, gate, type JudgedFinding, loadUnit } from "tightunit";
const result: GateResult = gate([loadUnit("./bakery.service")], { maxExposure: 50, packs: { traps: "off" } }).result;
export const failing: readonly JudgedFinding[] = result.findings.filter(each => each.isFailing);
// @ts-expect-error a severity is one of four words
gate([], { rules: { exposure: "loud" } });
`,
);
const strict = ["--noEmit", "--strict", "--target", "es2023", "--module", "nodenext", "typed.ts"];
use(process.execPath, [join(root, "node_modules", "typescript", "bin", "tsc"), ...strict]);
console.log("package: packs, installs into an empty folder, runs as a command and as a library");

function use(program, args) {
  const result = spawnSync(program, args, { cwd: folder, encoding: "utf8" });
  if (result.status !== 0) throw new Error(`${program} ${args.join(" ")}: ${result.stderr}${result.stdout}`);
  return result.stdout;
}
