import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

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

  it("says one line for bad usage and shows no stack", () => {
    const { status, stdout, stderr } = sh(`${command} audit --bogus`);
    expect(status).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^tightunit: [^\n]*bogus\n$/);
  });
});
