import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";

const project = join(dirname(fileURLToPath(import.meta.url)), "../..");
const root = join(project, "fixtures/cli/root");
const command = `"${process.execPath}" "${join(project, "bin/tightunit.js")}"`;
const sh = (script: string) => spawnSync("/bin/sh", ["-c", script], { encoding: "utf8", cwd: project });

describe("the command as a process", () => {
  it("hands its exit code to the shell", () => {
    expect(sh(`${command} audit --root "${root}" ghost`).status).toBe(3);
    expect(sh(`${command} gate --root "${root}" --max-exposure 1 bakery`).status).toBe(1);
  });

  it("does not mind a reader that goes away", () => {
    const { stderr, stdout } = sh(
      `{ ${command} audit --root "${root}" --format json; echo "code $?" >&2; } | head -c 10`,
    );
    expect(stdout).toBe('{"tool":"t');
    expect(stderr).toBe("code 0\n");
    const closed = sh(`{ ${command} audit --root "${root}"; echo "code $?" >&2; } | true`);
    expect(closed.stderr).toBe("code 0\n");
  });

  it("reads standard input", () => {
    const { status, stdout } = sh(
      `printf '[Service]\\nExecStart=/bin/true\\n' | ${command} audit - --systemd 257 --format ndjson`,
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "scored", exposure: 94 });
  });

  it("reads no more of itself and of Node than an audit needs: each further module is time at every start", () => {
    const folder = mkdtempSync(join(tmpdir(), "tightunit-loaded-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const report = join(folder, "report.cjs");
    const loaded = "[...Object.keys(require.cache), ...process.moduleLoadList]";
    writeFileSync(report, `process.on("exit", () => console.error(JSON.stringify(${loaded})));`);
    const parts = (args: string): readonly string[] =>
      JSON.parse(
        sh(`NODE_OPTIONS="--require ${report}" ${command} ${args}`).stderr.trimEnd().split("\n").at(-1) ?? "",
      );
    const large = /\/validators\/|language-server|^NativeModule (?:child_process|crypto|assert)$/;
    expect(parts(`audit --root "${root}" --format ndjson`).filter(each => large.test(each))).toEqual([]);
    expect(parts(`audit --root "${root}" bakery`).filter(each => large.test(each))).toEqual([]);
    // What is looked for would be found: a pack of one's own is held against its schema.
    const pack = join(project, "fixtures/cli/broken/pack.json");
    expect(parts(`audit --root "${root}" --pack "${pack}" bakery`).some(each => large.test(each))).toBe(true);
  });

  it("says one line for bad usage and shows no stack", () => {
    const { status, stdout, stderr } = sh(`${command} audit --bogus`);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^tightunit: [^\n]*bogus\n$/);
  });
});
