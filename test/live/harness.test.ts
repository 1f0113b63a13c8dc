/** The harness takes nothing from the machine that it does not give back, whatever ends it. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { whyUnavailable } from "./harness/available.ts";
import { type BootedRoot, bootRoot } from "./harness/boot.ts";
import { bootFolder, readStates, sweepBoots } from "./harness/boot-state.ts";
import { repositoryRoot } from "./harness/paths.ts";

const reason = whyUnavailable();
const title = (text: string): string => (reason === undefined ? text : `${text}: skipped, ${reason}`);
const live = join(repositoryRoot(), "bin", "dev", "live.js");
const mountsOf = (id: string): readonly string[] =>
  readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .filter(line => line.includes(bootFolder(id)));

describe.skipIf(reason !== undefined)(title("a boot"), () => {
  let root: BootedRoot;
  beforeAll(async () => {
    root = await bootRoot({ suite: "trixie" });
  }, 600_000);
  afterAll(() => root?.stop());

  it("runs systemd as PID 1 of namespaces of its own", async () => {
    expect((await root.run("cat /proc/1/comm; systemctl --version | head -1")).stdout).toMatch(
      /^systemd\nsystemd 257/,
    );
    expect((await root.run("hostname")).stdout.trim()).toBe("live");
    expect((await root.run("ip -o link | wc -l")).stdout.trim()).toBe("1");
  });

  it("shows outside what is written inside, and keeps the cached root as it was", async () => {
    await root.writeFile("/etc/bakery", "rye\n", 0o600);
    expect(readFileSync(join(root.rootPath, "etc/bakery"), "utf8")).toBe("rye\n");
    expect(await root.readFile("/etc/bakery")).toBe("rye\n");
    const state = readStates().find(each => each.id === root.id);
    expect(state?.lower.some(folder => existsSync(join(folder, "etc/bakery")))).toBe(false);
  });

  it("tells exit status, streams, and ends a command that takes too long with all that it started", async () => {
    const done = await root.run("echo out; echo err >&2; exit 7");
    expect([done.code, done.stdout, done.stderr]).toEqual([7, "out\n", "err\n"]);
    expect((await root.run("sleep 4711 & sleep 4712", { timeoutMs: 300 })).code).toBe(124);
    expect((await root.run("pgrep -af 'sleep 471' | grep -v pgrep")).stdout).toBe("");
  });

  it("names the step at which a script failed", async () => {
    const done = await root.runScript("step knead\ntrue\nstep bake\nsame hot cold\n");
    expect(done.code).not.toBe(0);
    expect(done.output).toMatch(/--- bake\nFAILED: expected 'hot', got 'cold'/);
  });

  it("cannot change the machine's kernel variables", async () => {
    const done = await root.run("cat /proc/sys/vm/swappiness > /proc/sys/vm/swappiness");
    expect(done.code).not.toBe(0);
    expect(done.stderr).toMatch(/Read-only/);
  });
});

describe.skipIf(reason !== undefined)(title("what is left behind"), () => {
  it("is nothing after a stop", async () => {
    const root = await bootRoot({ suite: "trixie" });
    const state = readStates().find(each => each.id === root.id);
    root.stop();
    expect(mountsOf(root.id)).toEqual([]);
    expect(existsSync(bootFolder(root.id))).toBe(false);
    expect(existsSync(state?.controlGroup ?? "")).toBe(false);
    await expect.poll(() => existsSync(`/proc/${root.pid}`), { timeout: 20_000 }).toBe(false);
  });

  // The command boots, then waits in a long command inside; it is ended from here in both ways.
  for (const signal of ["SIGTERM", "SIGKILL"] as const)
    it(`is nothing when its owner gets ${signal}${signal === "SIGKILL" ? ", after the next start" : ""}`, async () => {
      const before = new Set(readStates().map(each => each.id));
      const owner = spawn(process.execPath, [live, "hold", "trixie"], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const id = await new Promise<string>((resolve, reject) => {
        let text = "";
        owner.stdout.on("data", data => {
          text += String(data);
          if (text.includes("\n")) resolve(text.split(/\s/)[0] ?? "");
        });
        owner.on("close", () => reject(new Error(`ended early: ${text}`)));
      });
      expect(before.has(id)).toBe(false);
      const state = readStates().find(each => each.id === id);
      const ended = new Promise(resolve => owner.on("close", resolve));
      owner.kill(signal);
      await ended;
      if (signal === "SIGKILL") {
        expect(mountsOf(id)).not.toEqual([]);
        expect(sweepBoots()).toContain(id);
      }
      expect(mountsOf(id)).toEqual([]);
      expect(existsSync(bootFolder(id))).toBe(false);
      expect(existsSync(state?.controlGroup ?? "")).toBe(false);
    });

  it("is nothing of another's: a boot whose owner lives is not swept", async () => {
    const root = await bootRoot({ suite: "trixie" });
    const other = spawnSync(process.execPath, [live, "list"], { encoding: "utf8" });
    expect(other.stdout).toContain(root.id);
    expect((await root.run("true")).code).toBe(0);
    root.stop();
  });
});
