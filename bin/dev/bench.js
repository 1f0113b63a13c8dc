// Whole processes against whole processes, taking turns so that a busy moment of the machine hits both; medians.
//   node bin/dev/bench.js [--quick]
// 1. `audit --format ndjson` of several hundred real units against one `systemd-analyze security --offline`.
// 2. One unit against `node -e ""`: what a person waits for beyond the interpreter itself.
// 3. `gate` with policy, baseline and waivers against a plain `audit` of the same 1,000 units.
// 4. `merge` over the audits of a fleet of 200 units a host, 10,000 hosts (1,000 with --quick): memory must not follow.
// 5. Memory over 1,000 and 10,000 units: streaming holds no more than the names of them all.
// 6. `fix --all` over a root of Debian packages, their programs read as evidence: 500 units of it, two threads.
// 7. The HTML report of 2,000 units in an installed Chromium: how long it takes to answer.
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { measurePage } from "./bench-page.js";
import { benchRoot } from "./bench-root.js";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const tool = join(root, "bin", "tightunit.js");
const corpus = join(root, "..", "shared", "corpus", "units");
const isQuick = process.argv.includes("--quick");
const AIM = { ratio: 0.6, startup: 120, heap: 32, growth: 1.5, gate: 1.5, fleet: 1.5, fix: 5000, page: 200 };

let missed = 0;
const work = mkdtempSync(join(tmpdir(), "tightunit-bench-"));
process.on("exit", () => rmSync(work, { recursive: true, force: true }));

console.log(`node ${process.version}, ${systemdVersion() ?? "no systemd-analyze"}\n`);
wholeCorpus();
singleUnit();
gate();
fleet();
memory();
fixAll();
await page();
process.exitCode = missed === 0 ? 0 : 1;

function fixAll() {
  console.log("\nfix --all");
  const { folder, reason } = benchRoot();
  if (folder === undefined) return skip("  a root of packages", reason);
  const all = () => {
    const args = [
      tool,
      "fix",
      "--all",
      "--root",
      folder,
      "--systemd",
      "257",
      "--output",
      join(work, "patches"),
    ];
    // 2: some unit of so many cannot be hardened.
    return run(process.execPath, args, 2).stdout;
  };
  const count = Number(/\n(\d+) units?, .*\n$/.exec(all())?.[1] ?? 0);
  const [mine] = alternate([all], isQuick ? 1 : 3);
  report(`  ${count} units with their programs`, ms(mine));
  judge("  for 500 of them", (mine / count) * 500, AIM.fix, ms);
}

async function page() {
  const count = 2000;
  const file = join(work, "report.html");
  run(process.execPath, [
    tool,
    "audit",
    "--root",
    manyUnits(40),
    "--systemd",
    "257",
    "--report",
    `html=${file}`,
  ]);
  const timed = await measurePage(file, count, isQuick ? 3 : 7);
  console.log(`\nHTML report of ${count} units`);
  if (timed === undefined) return skip("  page", "no Chromium on this machine");
  const { "open the page": opened, ...answers } = timed;
  report("  opened from a file", ms(opened));
  for (const [name, time] of Object.entries(answers)) judge(`  ${name}`, time, AIM.page, ms);
}

function wholeCorpus() {
  if (!existsSync(corpus))
    return skip("many units", "the corpus of real units is not beside this repository");
  const merged = mergedRoot();
  const ours = () => run(process.execPath, [tool, "audit", "--root", merged, "--format", "ndjson"]);
  // Both get through the same units: those that we list, by the names that they were found under.
  const units = ours()
    .stdout.trimEnd()
    .split("\n")
    .map(line => JSON.parse(line))
    .map(unit => unit.requested ?? unit.name);
  const theirs = () =>
    run("systemd-analyze", ["security", "--offline=true", `--root=${merged}`, "--no-pager", ...units]);
  console.log(`many units: ${units.length}`);
  if (systemdVersion() === undefined) {
    const [mine] = alternate([ours], isQuick ? 3 : 7);
    skip("  comparison", "no systemd-analyze on this machine");
    return report("  tightunit", `${ms(mine)}, ${(mine / units.length).toFixed(2)} ms a unit`);
  }
  const [mine, other] = alternate([ours, theirs], isQuick ? 3 : 7);
  report("  tightunit audit", ms(mine));
  report("  systemd-analyze security --offline", ms(other));
  judge("  ratio", mine / other, AIM.ratio, value => value.toFixed(2));
}

function singleUnit() {
  const folder = join(work, "single");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bakery.service"), "[Service]\nExecStart=/usr/bin/bakery\nUser=baker\n");
  const bare = () => run(process.execPath, ["-e", ""]);
  const one = () =>
    run(process.execPath, [tool, "audit", join(folder, "bakery.service"), "--systemd", "257"]);
  const [floor, mine] = alternate([bare, one], isQuick ? 7 : 21);
  console.log("\none unit");
  report('  node -e ""', ms(floor));
  report("  tightunit audit bakery.service", ms(mine));
  judge("  above bare node", mine - floor, AIM.startup, ms);
}

function gate() {
  const tree = manyUnits(1000);
  const conf = join(work, "gate.conf");
  const waivers = join(work, "gate.waivers");
  const baseline = join(work, "gate.baseline");
  const policy = [
    "[gate]",
    "max-exposure = 6.0",
    "require[] = NoNewPrivileges=yes",
    "require[] = ProtectSystem=full",
    "require[] = SystemCallFilter=@system-service",
    "forbid[] = PermissionsStartOnly",
    "min-systemd = 252",
    "waivers = gate.waivers",
    '[kind "root"]',
    "max-exposure = 5.0",
    '[kind "network"]',
    "max-exposure = 4.0",
    "require[] = RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6",
    '[unit "copy-0001*"]',
    "max-exposure = 3.0",
    "[rules]",
    "PrivateTmp = error",
  ];
  writeFileSync(conf, `${policy.join("\n")}\n`);
  const waived = Array.from(
    { length: 200 },
    (_, index) => `copy-${String(index * 5).padStart(5, "0")}.service`,
  );
  const waiver = unit => `[${unit} required-setting]\nreason = measured\nuntil = 2099-12-31\n`;
  writeFileSync(waivers, waived.map(waiver).join(""));
  const options = ["--root", tree, "--config", conf, "--baseline", baseline];
  writeFileSync(baseline, "");
  run(process.execPath, [tool, "baseline", "--update", "--add", ...options]);
  const lines = readFileSync(baseline, "utf8").split("\n").length - 2;
  const plain = () => run(process.execPath, [tool, "audit", "--root", tree, "--format", "ndjson"]);
  const judged = () => run(process.execPath, [tool, "gate", ...options, "--format", "json"]);
  console.log(`\ngate: 1000 units, ${lines} lines of baseline, ${waived.length} waivers`);
  const [audit, mine] = alternate([plain, judged], isQuick ? 3 : 7);
  report("  tightunit audit", ms(audit));
  report("  tightunit gate", ms(mine));
  judge("  ratio", mine / audit, AIM.gate, value => value.toFixed(2));
}

/**
 * Hosts of a fleet are links to the audits of forty machines that differ in one unit each: as many bytes go through as
 * a fleet has, without as many on the disk.
 */
function fleet() {
  const units = 200;
  const lines = run(process.execPath, [
    tool,
    "audit",
    "--root",
    manyUnits(units),
    "--format",
    "ndjson",
  ]).stdout;
  const loose = JSON.stringify({ ...JSON.parse(lines.slice(0, lines.indexOf("\n"))), findings: [] });
  const machines = join(work, "machines");
  mkdirSync(machines, { recursive: true });
  const bases = Array.from({ length: 40 }, (_, index) => {
    const path = join(machines, `${index}.ndjson`);
    const all = lines.trimEnd().split("\n");
    // A tenth of them have a unit that the others have not.
    const own = index % 10 === 3 ? [loose.replace(/"name":"[^"]*"/, `"name":"only-${index}.service"`)] : [];
    writeFileSync(path, [...all, ...own, ""].join("\n"));
    return path;
  });
  const [few, many] = [100, isQuick ? 1000 : 10000].map(hosts => {
    const folder = join(work, `fleet-${hosts}`);
    mkdirSync(folder);
    for (let index = 0; index < hosts; index++)
      linkSync(bases[index % bases.length], join(folder, `web-${String(index).padStart(5, "0")}.ndjson`));
    const started = performance.now();
    // A heap that may not grow: left alone, V8 lets garbage lie as long as there is room.
    const heap = `--max-old-space-size=${AIM.heap}`;
    const peak = peakOf([heap, tool, "merge", folder, "--format", "json", "--group", "web*"]);
    return { hosts, peak, time: performance.now() - started };
  });
  console.log(
    `\nfleet: ${units} units a host, ${(statSync(bases[0]).size / 1e6).toFixed(1)} MB of NDJSON each`,
  );
  for (const { hosts, peak, time } of [few, many])
    report(`  ${hosts} hosts`, `${mib(peak)} at most, ${ms(time)}`);
  judge(`  memory, ${many.hosts} to ${few.hosts} hosts`, many.peak / few.peak, AIM.fleet, value =>
    value.toFixed(2),
  );
}

function memory() {
  console.log("\nmemory");
  const bare = peakOf(["-e", ""]);
  report('  node -e ""', `${mib(bare)} at most`);
  const [few, many] = [1000, 10000].map(count => {
    const args = [tool, "audit", "--root", manyUnits(count), "--format", "ndjson"];
    const started = performance.now();
    const peak = peakOf(args);
    report(`  ${count} units`, `${mib(peak)} at most, ${ms(performance.now() - started)}`);
    return { args, above: peak - bare };
  });
  judge("  above bare node, 10000 to 1000 units", many.above / few.above, AIM.growth, value =>
    value.toFixed(2),
  );
  // V8 lets a heap grow as long as nothing hinders it; what is really held shows when something does.
  const heap = [...process.execArgv, `--max-old-space-size=${AIM.heap}`, ...many.args];
  const { status } = spawnSync(process.execPath, heap, { stdio: "ignore" });
  const isMet = status === 0;
  if (!isMet) missed++;
  report(`  10000 units in a heap of ${AIM.heap} MiB`, isMet ? "fit" : "do not fit  MISSED");
}

/** All packages of the corpus in one tree, in sorted order, the first to bring a file wins. */
function mergedRoot() {
  const merged = join(work, "merged");
  for (const name of readdirSync(corpus).sort()) {
    const paths = readdirSync(join(corpus, name), { recursive: true, encoding: "utf8" }).sort();
    for (const path of paths) {
      const from = join(corpus, name, path);
      const to = join(merged, path);
      if (statSync(from).isDirectory() || lstatSync(to, { throwIfNoEntry: false }) !== undefined) continue;
      mkdirSync(dirname(to), { recursive: true });
      // The corpus keeps a link as a file that holds its target.
      const text = readFileSync(from, "utf8");
      if (/^[^\s=[\]#;]+$/.test(text) && /[./]/.test(text)) symlinkSync(text, to);
      else copyFileSync(from, to);
    }
  }
  return merged;
}

/** Service files and links of the tree that are no templates. */
function unitNames(tree) {
  const names = new Set();
  for (const folder of ["etc/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"]) {
    if (!existsSync(join(tree, folder))) continue;
    for (const name of readdirSync(join(tree, folder))) if (/^[^@]+\.service$/.test(name)) names.add(name);
  }
  return [...names].sort();
}

/** A root of as many units as asked, made of the corpus's over and over, or of a plain one where there is no corpus. */
function manyUnits(count) {
  const folder = join(work, `many-${count}`);
  const system = join(folder, "usr", "lib", "systemd", "system");
  mkdirSync(system, { recursive: true });
  const merged = join(work, "merged");
  const names = existsSync(merged) ? unitNames(merged) : [];
  const texts = names.flatMap(name => {
    const path = join(merged, "usr/lib/systemd/system", name);
    return existsSync(path) ? [readFileSync(path)] : [];
  });
  if (texts.length === 0) texts.push("[Service]\nExecStart=/usr/bin/bakery\nUser=baker\nPrivateTmp=yes\n");
  for (let index = 0; index < count; index++) {
    writeFileSync(
      join(system, `copy-${String(index).padStart(5, "0")}.service`),
      texts[index % texts.length],
    );
  }
  return folder;
}

/** Runs each program in turn, `rounds` times after a warm-up; the median wall time of each in milliseconds. */
function alternate(programs, rounds) {
  for (const program of programs) program();
  const times = programs.map(() => []);
  for (let round = 0; round < rounds; round++) {
    programs.forEach((program, index) => {
      const started = performance.now();
      program();
      times[index].push(performance.now() - started);
    });
  }
  return times.map(each => each.sort((a, b) => a - b)[Math.floor(each.length / 2)]);
}

function run(program, args, worst = 1) {
  const result = spawnSync(program, args, {
    encoding: "utf8",
    maxBuffer: 1 << 30,
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (result.error !== undefined) throw result.error;
  // systemd-analyze exits 1 where some unit does not load; a crash or bad usage is another matter.
  if (result.status === null || result.status > worst)
    throw new Error(`${program} ${args.slice(0, 3).join(" ")}: ${result.stderr}`);
  return result;
}

/** Peak resident memory of a run of node in KiB: a preloaded module prints what the kernel counted, at exit. */
function peakOf(args) {
  const meter = join(work, "meter.cjs");
  const total = join(work, "peak");
  writeFileSync(
    meter,
    `process.on("exit", () => require("node:fs").writeFileSync(${JSON.stringify(total)}, String(process.resourceUsage().maxRSS)));`,
  );
  const result = spawnSync(process.execPath, ["--require", meter, ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  if (result.status === null || result.status > 1) throw new Error(`exit code ${result.status}`);
  return Number(readFileSync(total, "utf8"));
}

function systemdVersion() {
  const result = spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" });
  return result.status === 0 ? result.stdout.split("\n")[0] : undefined;
}

function judge(label, value, limit, format) {
  const isMet = value <= limit;
  if (!isMet) missed++;
  report(label, `${format(value)} (aim: at most ${format(limit)})${isMet ? "" : "  MISSED"}`);
}

function report(label, text) {
  console.log(`${label.padEnd(40)} ${text}`);
}

function skip(label, reason) {
  console.log(`${label.padEnd(40)} skipped: ${reason}`);
}

function mib(kibibytes) {
  return `${(kibibytes / 1024).toFixed(0)} MiB`;
}

function ms(value) {
  return `${Math.round(value)} ms`;
}
