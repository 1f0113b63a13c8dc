// Small C programs, compiled and run under the machine's strace: what its output says is compared between its options.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function works(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

/** Why traces cannot be made here; empty where they can. */
export const reason = !works("cc", ["--version"])
  ? "no C compiler"
  : !works("strace", ["-o", "/dev/null", "true"])
    ? "no strace that may trace"
    : "";

export interface Bench {
  /** Runs the program in a fresh folder under strace; the lines of each of its outputs. */
  run(
    options: readonly string[],
    output: "file" | "terminal" | "files",
  ): readonly { name: string; lines: string[] }[];
  readonly folder: string;
  remove(): void;
}

/** Compiles a program for tracing. */
export function compile(source: string): Bench {
  const folder = mkdtempSync(join(tmpdir(), "tightunit-trace-"));
  writeFileSync(join(folder, "oven.c"), source);
  execFileSync("cc", ["-w", "-o", join(folder, "oven"), join(folder, "oven.c"), "-lpthread"]);
  const work = join(folder, "work");
  return {
    folder: work,
    run(options, output) {
      rmSync(work, { recursive: true, force: true });
      mkdirSync(work);
      const out = join(folder, "out");
      rmSync(out, { recursive: true, force: true });
      mkdirSync(out);
      const args = [
        ...options,
        ...(output === "terminal" ? [] : ["-o", join(out, "oven.trace")]),
        join(folder, "oven"),
      ];
      const { stderr } = spawnSync("strace", args, {
        cwd: work,
        encoding: "utf8",
        env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
      });
      if (output === "terminal") return [{ name: "terminal", lines: stderr.split("\n") }];
      return readdirSync(out)
        .sort((a, b) => Number(a.split(".").at(-1)) - Number(b.split(".").at(-1)))
        .map(name => ({ name, lines: readFileSync(join(out, name), "utf8").split("\n") }));
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
