// What the tests of CI integrations share: a git repository of a few units, and programs run in it as CI runs them.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const tool = join(repository, "bin/tightunit.js");

/** Whether the command line has been built. */
export const isBuilt = spawnSync(process.execPath, [tool, "--version"]).status === 0;
export const has = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined;

/** " (skipped: …)" where something is missing, for titles; "" where all is there. */
export const whyNot = (...programs: readonly string[]): string => {
  if (!isBuilt) return " (skipped: dist/ is not built)";
  const missing = programs.find(each => !has(each));
  return missing === undefined ? "" : ` (skipped: ${missing} is not installed)`;
};

export interface Done {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export const LOOSE = "[Service]\nExecStart=/usr/bin/bake\n";
export const TIGHT = `${LOOSE}NoNewPrivileges=yes\nPrivateNetwork=yes\nProtectSystem=strict\nUser=baker\n`;

/** An environment in which `tightunit` is on the path, and nothing of the person who runs the tests. */
export function environment(home: string): NodeJS.ProcessEnv {
  const bin = join(home, "bin");
  mkdirSync(bin, { recursive: true });
  try {
    symlinkSync(tool, join(bin, "tightunit"));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return {
    PATH: `${bin}:${dirname(process.execPath)}:${process.env.PATH}`,
    HOME: home,
    LC_ALL: "C.UTF-8",
    GIT_AUTHOR_NAME: "Baker",
    GIT_AUTHOR_EMAIL: "baker@example.org",
    GIT_COMMITTER_NAME: "Baker",
    GIT_COMMITTER_EMAIL: "baker@example.org",
    GIT_CONFIG_NOSYSTEM: "1",
  };
}

export function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Done {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    encoding: "utf8",
    timeout: 300_000,
  });
  return { code: status ?? 127, stdout, stderr };
}

/** A repository with these files committed on `main`. */
export function makeRepository(
  folder: string,
  files: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const git = (...args: readonly string[]): void => {
    execFileSync("git", args, { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  };
  git("init", "-q", "-b", "main");
  git("add", "-A");
  git("commit", "-q", "-m", "Units");
}
