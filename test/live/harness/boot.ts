/** Boots a systemd over a throw-away copy of a root, in namespaces of its own, and gives the handles to use it. */
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { controlGroupMount, whyUnavailable } from "./available.ts";
import {
  type BootState,
  bootFolder,
  nameProcess,
  removeBoot,
  removeControlGroup,
  sweepBoots,
  writeState,
} from "./boot-state.ts";
import { harnessScript } from "./paths.ts";
import { makeRoot, type Suite } from "./roots.ts";

export interface RunResult {
  /** Exit status; 124 after the time limit, as timeout(1). */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Both streams in the order of arrival. */
  readonly output: string;
}

export interface RunOptions {
  readonly timeoutMs?: number;
  readonly input?: string | Uint8Array;
}

export interface BootedRoot {
  readonly id: string;
  readonly suite: Suite;
  /** PID 1 of the boot, as this machine numbers it. */
  readonly pid: number;
  /** The merged root as seen from outside: current files, without what is mounted on /run, /tmp, /dev, /proc. */
  readonly rootPath: string;
  /** Runs a shell command line inside as root; what it leaves running is ended with it. */
  readonly run: (command: string, options?: RunOptions) => Promise<RunResult>;
  /** Runs a bash script inside with the probe library loaded and `set -eu`. */
  readonly runScript: (script: string, options?: RunOptions) => Promise<RunResult>;
  readonly writeFile: (path: string, content: string | Uint8Array, mode?: number) => Promise<void>;
  readonly readFile: (path: string) => Promise<string>;
  readonly systemctl: (...args: readonly string[]) => Promise<RunResult>;
  readonly journal: (unit: string, lines?: number) => Promise<string>;
  /** Whether the unit became active within the time. */
  readonly waitActive: (unit: string, timeoutMs?: number) => Promise<boolean>;
  /** Ends it and gives everything back. */
  readonly stop: () => void;
}

export interface BootOptions {
  readonly suite: Suite;
  readonly packages?: readonly string[];
  /** Stays after this process has ended, until it is stopped by its id. */
  readonly isDetached?: boolean;
}

const running = new Map<string, BootState>();

const stopAll = (): void => {
  for (const state of running.values()) removeBoot(state);
  running.clear();
};

let hasHandlers = false;
const installHandlers = (): void => {
  if (hasHandlers) return;
  hasHandlers = true;
  process.on("exit", stopAll);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => {
      stopAll();
      process.kill(process.pid, signal);
    });
};

const delay = (milliseconds: number): Promise<void> =>
  new Promise(resolve => setTimeout(resolve, milliseconds));

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;

/** Mounts the overlay and starts systemd; the state on disk always knows at least what was done. */
const start = async (state: BootState): Promise<BootState> => {
  const folder = bootFolder(state.id);
  const space = join(folder, "space");
  const merged = join(folder, "merged");
  for (const path of [folder, space, merged]) mkdirSync(path, { recursive: true });
  const mount = (...args: readonly string[]): void => {
    const done = spawnSync("mount", args, { encoding: "utf8" });
    if (done.status !== 0) throw new Error(`mount ${args.join(" ")}: ${done.stderr.trim()}`);
  };
  mount("-t", "tmpfs", "-o", "mode=755,size=6g", "tmpfs", space);
  for (const name of ["upper", "work"]) mkdirSync(join(space, name));
  mount(
    "-t",
    "overlay",
    "-o",
    `lowerdir=${state.lower.join(":")},upperdir=${space}/upper,workdir=${space}/work`,
    "overlay",
    merged,
  );
  mkdirSync(state.controlGroup);
  const log = openSync(join(folder, "console.log"), "a");
  const unshare = spawn(
    "sh",
    [
      "-c",
      'echo $$ > "$1/cgroup.procs" && exec unshare --pid --fork --mount --uts --ipc --net --cgroup --propagation private sh "$2" "$3"',
      "sh",
      state.controlGroup,
      harnessScript("boot.sh"),
      merged,
    ],
    { stdio: ["ignore", log, log], detached: true, cwd: "/" },
  );
  unshare.unref();
  for (let tries = 0; tries < 250; tries++) {
    if (unshare.exitCode !== null) break;
    const child = Number(
      readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`, "utf8").trim().split(" ")[0],
    );
    const init = child > 0 ? nameProcess(child) : undefined;
    if (init !== undefined && readFileSync(`/proc/${init.pid}/comm`, "utf8").trim() === "systemd") {
      const started = { ...state, init };
      writeState(started);
      return started;
    }
    await delay(20);
  }
  throw new Error(`systemd did not start: ${readFileSync(join(folder, "console.log"), "utf8").slice(-2000)}`);
};

/** The handles of a boot that runs already. */
export const attach = (state: BootState): BootedRoot => {
  const init = state.init;
  if (init === null) throw new Error(`boot ${state.id} has not started`);
  let count = 0;
  const run = (command: string, options: RunOptions = {}): Promise<RunResult> =>
    new Promise((resolve, reject) => {
      // A control group of its own for each command: nothing that it starts survives it or its time limit.
      const group = join(state.controlGroup, `live-run-${process.pid}-${++count}`);
      mkdirSync(group);
      const child = spawn(
        "sh",
        [
          "-c",
          'echo $$ > "$1/cgroup.procs" && exec nsenter --target "$2" --all -- env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 SYSTEMD_PAGER= SYSTEMD_COLORS=0 sh -c "$3"',
          "sh",
          group,
          String(init.pid),
          `cd /; ${command}`,
        ],
        { stdio: ["pipe", "pipe", "pipe"] },
      );
      const out: Buffer[] = [];
      const err: Buffer[] = [];
      const all: Buffer[] = [];
      child.stdout.on("data", (data: Buffer) => {
        out.push(data);
        all.push(data);
      });
      child.stderr.on("data", (data: Buffer) => {
        err.push(data);
        all.push(data);
      });
      let isLate = false;
      const timer = setTimeout(() => {
        isLate = true;
        writeFileSync(join(group, "cgroup.kill"), "1");
      }, options.timeoutMs ?? 120_000);
      child.on("error", reject);
      // `exit`, not `close`: a process left behind may hold the pipes open until its group is ended.
      child.on("exit", code => {
        clearTimeout(timer);
        setTimeout(() => {
          removeControlGroup(group);
          resolve({
            code: isLate ? 124 : (code ?? 137),
            stdout: Buffer.concat(out).toString(),
            stderr: Buffer.concat(err).toString(),
            output: Buffer.concat(all).toString(),
          });
        }, 5);
      });
      child.stdin.on("error", () => undefined);
      child.stdin.end(options.input ?? "");
    });

  const writeFile = async (path: string, content: string | Uint8Array, mode = 0o644): Promise<void> => {
    const done = await run(
      `mkdir -p "$(dirname ${quote(path)})" && cat > ${quote(path)} && chmod ${mode.toString(8)} ${quote(path)}`,
      { input: content },
    );
    if (done.code !== 0) throw new Error(`cannot write ${path}: ${done.stderr}`);
  };
  const systemctl = (...args: readonly string[]): Promise<RunResult> =>
    run(`systemctl ${args.map(quote).join(" ")}`);
  return {
    id: state.id,
    suite: state.suite as Suite,
    pid: init.pid,
    rootPath: join(bootFolder(state.id), "merged"),
    run,
    runScript: async (script, options = {}) => {
      await writeFile("/run/live/lib.sh", readFileSync(harnessScript("probe-lib.sh")));
      await writeFile("/run/live/script.sh", `. /run/live/lib.sh\n${script}`);
      return run("exec bash /run/live/script.sh", options);
    },
    writeFile,
    readFile: async path => {
      const done = await run(`cat -- ${quote(path)}`);
      if (done.code !== 0) throw new Error(`cannot read ${path}: ${done.stderr}`);
      return done.stdout;
    },
    systemctl,
    journal: async (unit, lines = 40) =>
      (await run(`journalctl --no-pager -o short -n ${lines} -u ${quote(unit)}`)).stdout,
    waitActive: async (unit, timeoutMs = 30_000) => {
      const end = Date.now() + timeoutMs;
      while (Date.now() < end) {
        const { stdout } = await systemctl("is-active", unit);
        if (stdout.trim() === "active") return true;
        if (stdout.trim() === "failed") return false;
        await delay(100);
      }
      return false;
    },
    stop: () => {
      running.delete(state.id);
      removeBoot(state);
    },
  };
};

/**
 * Boots `suite` with `packages` installed and returns when systemd says that it is up.
 * Throws where the machine cannot do it; ask {@link whyUnavailable} first to skip visibly.
 */
export const bootRoot = async (options: BootOptions): Promise<BootedRoot> => {
  const reason = whyUnavailable();
  const groups = controlGroupMount();
  if (reason !== undefined || groups === undefined) throw new Error(reason ?? "no control groups");
  sweepBoots();
  const packages = options.packages ?? [];
  const lower = await makeRoot(options.suite, packages);
  const id = `${options.suite}-${randomBytes(4).toString("hex")}`;
  const owner = options.isDetached === true ? null : (nameProcess(process.pid) ?? null);
  let state: BootState = {
    id,
    owner,
    init: null,
    controlGroup: join(groups, `tightunit-live-${id}`),
    suite: options.suite,
    packages,
    lower,
  };
  writeState(state);
  if (owner !== null) {
    installHandlers();
    running.set(id, state);
  }
  try {
    state = await start(state);
    if (owner !== null) running.set(id, state);
    const root = attach(state);
    for (let tries = 0; tries < 300; tries++) {
      const { stdout } = await root.systemctl("is-system-running");
      if (/^(running|degraded)/.test(stdout)) return root;
      await delay(100);
    }
    throw new Error(`the boot did not finish: ${(await root.systemctl("list-jobs")).stdout}`);
  } catch (error) {
    running.delete(id);
    removeBoot(state);
    throw error;
  }
};
