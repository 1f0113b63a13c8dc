import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { run } from "./run.ts";

const folders: string[] = [];
let cwd = "";

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), "tightunit-fix-trace-"));
  folders.push(cwd);
  writeFileSync(join(cwd, "oven.service"), "[Service]\nExecStart=/usr/bin/oven\n");
});
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const fix = (...argv: string[]) =>
  run(["fix", "./oven.service", "--systemd", "257", "--format", "dropin", ...argv], { cwd });

const TRACE = [
  '7 execve("/usr/bin/oven", ["oven"], 0x1 /* 2 vars */) = 0',
  "7 socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE) = 3",
  '7 openat(AT_FDCWD, "/etc/oven/state", O_RDWR|O_CREAT, 0644) = 4',
  "7 mprotect(0x7f, 4096, PROT_READ|PROT_EXEC) = 0",
];

describe("fix --trace", () => {
  it("leaves out what a trace shows to be needed", async () => {
    const without = await fix("--level", "strict");
    expect(without.stdout).toContain("MemoryDenyWriteExecute=yes");
    expect(without.stdout).not.toContain("AF_NETLINK");
    writeFileSync(join(cwd, "oven.trace"), TRACE.join("\n"));
    const { code, stdout, stderr } = await fix("--level", "strict", "--trace", "oven.trace");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).not.toContain("MemoryDenyWriteExecute");
    expect(stdout).toMatch(/RestrictAddressFamilies=.*AF_NETLINK/);
    expect(stdout).toMatch(/ReadWritePaths=-?\/etc\/oven$/m);
  });

  it("reads compressed files, folders of one file for each process, logs, and several of them", async () => {
    writeFileSync(join(cwd, "oven.trace.gz"), gzipSync(TRACE.slice(0, 2).join("\n")));
    mkdirSync(join(cwd, "traces"));
    writeFileSync(join(cwd, "traces", "oven.7"), 'chdir("/etc/oven") = 0\nfork() = 8\n');
    writeFileSync(join(cwd, "traces", "oven.8"), 'mkdir("tray", 0755) = 0\n');
    writeFileSync(
      join(cwd, "journal.txt"),
      "Nov 23 15:48:57 bakery oven[7]: mprotect failed: Operation not permitted\n",
    );
    const { code, stdout } = await fix(
      "--level",
      "strict",
      "--trace",
      "oven.trace.gz",
      "--trace",
      "traces",
      "--trace",
      "journal.txt",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/RestrictAddressFamilies=.*AF_NETLINK/);
    expect(stdout).toMatch(/ReadWritePaths=-?\/etc\/oven$/m);
    expect(stdout).not.toContain("MemoryDenyWriteExecute");
  });

  it("says which lines it did not understand, and refuses files that are no trace", async () => {
    writeFileSync(join(cwd, "oven.trace"), `${TRACE.join("\n")}\nnonsense\n`);
    expect((await fix("--trace", "oven.trace")).stderr).toContain(
      "oven.trace: 1 of 5 lines were not understood",
    );
    writeFileSync(join(cwd, "bread.txt"), "flour\nwater\nsalt\n");
    expect(await fix("--trace", "bread.txt")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("no trace"),
    });
    expect(await fix("--trace", "missing")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("missing"),
    });
    writeFileSync(join(cwd, "cut.gz"), gzipSync(TRACE.join("\n")).subarray(0, 60));
    expect(await fix("--trace", "cut.gz")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("cut.gz"),
    });
  });
});
