import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDeb } from "../../src/host/deb.ts";
import { directoryTree } from "../../src/host/directory-tree.ts";
import { SourceError } from "../../src/host/source-error.ts";
import {
  gzipBomb,
  hugeUnits,
  manyEntries,
  nearlyGzip,
  promisingEntry,
  zstdBomb,
  zstdWithHugeWindow,
} from "./hostile-files.ts";
import { makeDeb } from "./make-deb.ts";

const hasStrace = spawnSync("strace", ["-V"]).status === 0;
const hasXz = spawnSync("xz", ["--version"]).status === 0;
/** What anything hostile may cost; node itself takes about 60 MB. A process that hangs is killed after 20 s. */
const limits = { milliseconds: 2000, megabytes: 700 };

let scratch = "";
let driver = "";
beforeAll(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), "tightunit-hostile-")));
  driver = join(scratch, "driver.mjs");
  const banner = {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  };
  buildSync({
    entryPoints: [join(import.meta.dirname, "hostile-driver.ts")],
    outfile: driver,
    bundle: true,
    format: "esm",
    platform: "node",
    banner,
  });
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Cost {
  readonly result: string;
  readonly milliseconds: number;
  readonly megabytes: number;
}

function measure(task: "deb" | "units" | "walk", path: string): Cost {
  const output = execFileSync("node", [driver, task, path], { encoding: "utf8", timeout: 20_000 });
  return JSON.parse(output);
}

function expectCheap(cost: Cost): void {
  expect(cost.milliseconds).toBeLessThan(limits.milliseconds);
  expect(cost.megabytes).toBeLessThan(limits.megabytes);
}

function put(root: string, path: string, content: string | Uint8Array): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  return join(root, path);
}

function link(root: string, path: string, target: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path));
}

describe("a root whose links lead out", () => {
  const units = "usr/lib/systemd/system";
  let root = "";
  beforeAll(() => {
    const outside = join(scratch, "outside");
    put(outside, "canary.service", "[Service]\nExecStart=/bin/canary\n");
    put(outside, "system/canary.service", "[Service]\nExecStart=/bin/canary\n");
    execFileSync("mkfifo", [join(outside, "fifo.service")]);
    root = join(scratch, "root");
    put(root, `${units}/honest.service`, "[Service]\nExecStart=/bin/a\n");
    put(root, `${units}/honest.service.d/a.conf`, "[Service]\nNice=1\n");
    execFileSync("mkfifo", [join(root, units, "blocking.service")]);
    const ways = [
      `${outside}/canary.service`,
      `../../../../../outside/canary.service`,
      "/../outside/canary.service",
      `${outside}/fifo.service`,
    ];
    for (const [index, way] of ways.entries()) {
      link(root, `${units}/out${index}.service`, way);
      link(root, `${units}/honest.service.d/out${index}.conf`, way);
    }
    link(root, `${units}/chain.service`, "chain2.service");
    link(root, `${units}/chain2.service`, `${outside}/canary.service`);
    link(root, `${units}/linked.service.d`, outside);
    link(root, "etc/systemd/system", `${outside}/system`);
    link(root, "run", "../outside");
    link(root, "lib", outside);
    link(root, "proc", "/proc/self/root");
    link(root, "up", "..");
    link(root, "loop", "loop/loop");
    link(root, "etc/self", ".");
    link(root, "usr/local", "/usr/local/../local");
  });

  it("is walked without reading the canary, and without waiting for a FIFO", () => {
    const cost = measure("walk", root);
    expect(cost.result).toContain("honest.service loaded");
    expect(cost.result).not.toContain("canary");
    expectCheap(cost);
  });

  it.skipIf(!hasStrace)(
    `opens nothing outside${hasStrace ? "" : " (skipped: strace is not installed)"}`,
    () => {
      const log = join(scratch, "strace.log");
      const calls = "trace=open,openat,openat2,creat,execve,chdir";
      execFileSync(
        "strace",
        ["-f", "-qq", "-s", "4096", "-e", calls, "-o", log, "node", driver, "walk", root],
        {
          timeout: 60_000,
        },
      );
      const opened = readFileSync(log, "utf8")
        .split("\n")
        .filter(line => line.includes(scratch));
      expect(opened.some(line => line.includes(`${root}/${units}/honest.service"`))).toBe(true);
      // /proc/self/fd/N of an open folder is how directories are read; the folder itself was opened under its name.
      expect(opened.filter(line => !line.includes(`"${root}`) && !line.includes(driver))).toEqual([]);
      expect(opened.filter(line => /blocking|fifo/.test(line))).toEqual([]);
    },
  );

  const cli = join(import.meta.dirname, "../../bin/tightunit.js");
  const canTrace = hasStrace && existsSync(join(import.meta.dirname, "../../dist/cli.cjs"));
  const why = hasStrace ? "the command line is not built" : "strace is not installed";
  it
    .skipIf(!canTrace)
    .each(["audit --format ndjson", "audit honest.service", "fix honest.service", "gate --max-exposure 1"])(
    `opens nothing outside from the command line: %s${canTrace ? "" : ` (skipped: ${why})`}`,
    words => {
      const log = join(scratch, "cli.log");
      const calls = "trace=open,openat,openat2,creat,chdir";
      const run = spawnSync(
        "strace",
        ["-f", "-qq", "-s", "4096", "-e", calls, "-o", log, "node", cli, ...words.split(" "), "--root", root],
        { encoding: "utf8", timeout: 60_000, cwd: import.meta.dirname },
      );
      // `fix` refuses: where its drop-in belongs, there is a link out.
      expect(run.stdout + run.stderr).toContain("honest.service");
      expect(run.stdout).not.toContain("/bin/canary");
      const opened = readFileSync(log, "utf8").split("\n");
      expect(opened.some(line => line.includes(`${root}/${units}/honest.service"`))).toBe(true);
      expect(opened.filter(line => line.includes(scratch) && !line.includes(`"${root}`))).toEqual([]);
      expect(opened.filter(line => /blocking|fifo/.test(line))).toEqual([]);
    },
  );

  it("reads nothing of the outside while a folder is swapped for a link under its feet", async () => {
    const shaky = join(scratch, "shaky");
    put(shaky, "d/canary.service", "honest");
    const swapping = `
      const { renameSync, symlinkSync, unlinkSync } = require("node:fs");
      for (;;) try {
        renameSync("d", "d.real"); symlinkSync(${JSON.stringify(join(scratch, "outside"))}, "d");
        unlinkSync("d"); renameSync("d.real", "d");
      } catch {}`;
    const swapper = spawn("node", ["-e", swapping], { cwd: shaky });
    try {
      let honest = 0;
      const end = performance.now() + 1500;
      while (performance.now() < end) {
        const tree = directoryTree(shaky);
        // The first look fills the memory of the tree, the later ones meet what has changed since.
        for (let look = 0; look < 20; look++) {
          const text = tree.readFile("/d/canary.service")?.toString();
          expect([undefined, "honest"]).toContain(text);
          if (text === "honest") honest++;
          for (const name of tree.readDirectory("/d")) expect(name).toBe("canary.service");
        }
        await new Promise(resolve => setImmediate(resolve));
      }
      expect(honest).toBeGreaterThan(10);
    } finally {
      swapper.kill("SIGKILL");
    }
  });
});

describe("chains of links", () => {
  it("may have 40 links and no more, as the kernel has it", () => {
    const root = join(scratch, "chains");
    put(root, "link0", "end");
    for (let i = 1; i <= 41; i++) link(root, `link${i}`, `link${i - 1}`);
    const tree = directoryTree(root);
    expect(tree.readFile("/link40")?.toString()).toBe(readFileSync(join(root, "link40"), "utf8"));
    expect(tree.readFile("/link41")).toBe(undefined);
    expect(() => readFileSync(join(root, "link41"))).toThrow("ELOOP");
  });

  it("that double at each step end soon", () => {
    const root = join(scratch, "doubling");
    mkdirSync(root);
    for (let i = 1; i < 40; i++) link(root, `l${i}`, `l${i - 1}/../l${i - 1}/../l${i - 1}`);
    link(root, "l0", ".");
    const start = performance.now();
    directoryTree(root).realPath("/l39/l39/l39");
    expect(performance.now() - start).toBeLessThan(limits.milliseconds);
  });
});

describe("hostile units", () => {
  const fixtures = join(import.meta.dirname, "../../fixtures/hostile/units");

  it("of the corpus are all loaded or refused, at little cost", () => {
    const root = join(scratch, "fixtures");
    for (const name of readdirSync(fixtures))
      put(root, `etc/systemd/system/${name}`, readFileSync(join(fixtures, name)));
    put(root, "etc/systemd/system/\x1b[31mred.service", "[Service]\n");
    put(root, "etc/systemd/system/__proto__.service", "[Service]\nExecStart=/bin/a\n");
    put(root, "etc/systemd/system/constructor.service.d/toString.conf", "[Service]\nExecStart=/bin/a\n");
    const cost = measure("units", root);
    expect(cost.result).toContain("__proto__.service loaded");
    expect(cost.result).toContain("proto.service loaded");
    expect(cost.result).not.toContain("\x1b");
    expectCheap(cost);
  });

  it.each(Object.keys(hugeUnits))("%s", name => {
    const root = join(scratch, name);
    put(root, "etc/systemd/system/huge.service", hugeUnits[name]?.() ?? "");
    const cost = measure("units", root);
    rmSync(root, { recursive: true });
    expect(cost.result).toMatch(/^huge\.service (loaded|error|masked)$/);
    expectCheap(cost);
  });
});

describe("hostile packages", () => {
  it.each([
    ["a gzip bomb", ".gz", async () => gzipBomb(400), "deb-too-large"],
    ["a zstd bomb", ".zst", async () => zstdBomb(60_000), "deb-too-large"],
    ["a zstd window of terabytes", ".zst", async () => zstdWithHugeWindow, "deb-too-large"],
    ["two hundred thousand entries", ".gz", () => manyEntries(200_000), "deb-too-large"],
    ["an entry that promises 8 GiB", "", () => promisingEntry(0o77777777777), "deb-damaged"],
    ["an entry that promises 500 MiB", "", () => promisingEntry(500 * 1024 * 1024), "deb-damaged"],
    ["nearly gzip", ".gz", async () => nearlyGzip, "deb-damaged"],
  ] as const)("%s", async (name, suffix, make, code) => {
    const cost = measure("deb", put(scratch, `${name}.deb`, await makeDeb({ suffix, raw: await make() })));
    expect(cost.result).toBe(code);
    expectCheap(cost);
  });

  it.skipIf(!hasXz)(`an xz bomb${hasXz ? "" : " (skipped: xz is not installed)"}`, async () => {
    const raw = execFileSync("sh", ["-c", "head -c 400M /dev/zero | xz -0 -T1"], { maxBuffer: 1 << 26 });
    const cost = measure("deb", put(scratch, "xz.deb", await makeDeb({ suffix: ".xz", raw })));
    expect(cost.result).toBe("deb-too-large");
    expectCheap(cost);
  });

  /** The same content in each compression there is a program for here. */
  const body = Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * i * 31) % 253));
  async function packed(suffix: string): Promise<Uint8Array> {
    const deb = await makeDeb({ data: [{ header: { name: "./etc/a", size: body.length }, body }] });
    const tar = deb.subarray(deb.length - 31_744);
    const program = { ".gz": "gzip", ".xz": "xz", ".zst": "zstd" }[suffix];
    const raw = program === undefined ? tar : execFileSync(program, ["-c", "-q"], { input: tar });
    return makeDeb({ suffix, raw });
  }
  const suffixes = ["", ".gz", ".xz", ".zst"].filter(
    suffix =>
      suffix === "" ||
      spawnSync({ ".gz": "gzip", ".xz": "xz", ".zst": "zstd" }[suffix] ?? "", ["--version"]).status === 0,
  );

  it.each(suffixes)("cut anywhere are refused with a reason (data.tar%s)", async suffix => {
    const deb = await packed(suffix);
    await openDeb(deb);
    for (let length = 0; length < deb.length - 1; length += Math.ceil(deb.length / 150)) {
      const start = performance.now();
      const error = await openDeb(deb.subarray(0, length)).then(
        () => "opened",
        (reason: unknown) => reason,
      );
      expect(error, String(length)).toBeInstanceOf(SourceError);
      expect(performance.now() - start).toBeLessThan(limits.milliseconds);
    }
  });

  it.each(suffixes)("with flipped bits are opened or refused, never more (data.tar%s)", async suffix => {
    const deb = await packed(suffix);
    for (let round = 0; round < 150; round++) {
      const flipped = Uint8Array.from(deb);
      for (let flip = 0; flip < 3; flip++) {
        const at = 8 + ((round * 7919 + flip * 104_729) % (deb.length - 8));
        flipped[at] = (flipped[at] ?? 0) ^ (1 << ((round + flip) % 8));
      }
      const start = performance.now();
      const error = await openDeb(flipped).then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (error !== undefined) expect(error, String(round)).toBeInstanceOf(SourceError);
      expect(performance.now() - start).toBeLessThan(limits.milliseconds);
    }
  });
});
