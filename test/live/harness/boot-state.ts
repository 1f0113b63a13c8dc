/** What one boot has taken from the machine, on disk before it is taken, so that a later start can give it back. */
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./paths.ts";

/** A process that cannot be mistaken for a later one with the same number: `start` is field 22 of proc_pid_stat(5). */
export interface ProcessName {
  readonly pid: number;
  readonly start: string;
}

export interface BootState {
  readonly id: string;
  /** Who must end it; `null` for a boot that stays until it is stopped by name. */
  readonly owner: ProcessName | null;
  /** PID 1 of the boot, as this machine numbers it; `null` while it is being made. */
  readonly init: ProcessName | null;
  readonly controlGroup: string;
  readonly suite: string;
  readonly packages: readonly string[];
  /** Lower folders, topmost first. */
  readonly lower: readonly string[];
}

const startOf = (pid: number): string | undefined => {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  try {
    // The command's name may hold spaces and parentheses: fields are counted after the last one.
    const stat = readFileSync(path, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch (error) {
    if (error instanceof Error) return undefined; // ended between the two calls
    throw error;
  }
};

export const nameProcess = (pid: number): ProcessName | undefined => {
  const start = startOf(pid);
  return start === undefined ? undefined : { pid, start };
};

export const isAlive = (process: ProcessName): boolean => startOf(process.pid) === process.start;

const bootsFolder = (): string => {
  const folder = join(cacheFolder(), "boots");
  mkdirSync(folder, { recursive: true });
  return folder;
};

export const bootFolder = (id: string): string => join(bootsFolder(), id);

export const writeState = (state: BootState): void => {
  const path = join(bootsFolder(), `${state.id}.json`);
  writeFileSync(`${path}.new`, JSON.stringify(state));
  renameSync(`${path}.new`, path);
};

export const readStates = (): readonly BootState[] =>
  readdirSync(bootsFolder())
    .filter(name => name.endsWith(".json"))
    .flatMap(name => {
      const path = join(bootsFolder(), name);
      // Written by `writeState` alone, and gone when another run has just cleaned up.
      return existsSync(path) ? [JSON.parse(readFileSync(path, "utf8")) as BootState] : [];
    });

const pause = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
};

/** Kills every process of a control group and below, then removes it. Others cannot be hit: membership is the kernel's. */
export const removeControlGroup = (path: string): void => {
  if (!existsSync(path)) return;
  writeFileSync(join(path, "cgroup.kill"), "1");
  for (let tries = 0; tries < 100; tries++) {
    if (!/^populated 1$/m.test(readFileSync(join(path, "cgroup.events"), "utf8"))) break;
    pause(20);
  }
  const remove = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true }))
      if (entry.isDirectory()) remove(join(folder, entry.name));
    rmdirSync(folder);
  };
  remove(path);
};

/** Ends a boot and gives everything back: processes, control groups, mounts, files. Safe to repeat. */
export const removeBoot = (state: BootState): void => {
  removeControlGroup(state.controlGroup);
  const folder = bootFolder(state.id);
  if (existsSync(folder)) {
    for (let tries = 0; tries < 50; tries++) {
      const mounted = readFileSync("/proc/self/mounts", "utf8")
        .split("\n")
        .map(line => line.split(" ")[1] ?? "");
      const ours = mounted
        .filter(path => path === folder || path.startsWith(`${folder}/`))
        .sort()
        .reverse();
      if (ours.length === 0) break;
      for (const path of ours)
        if (spawnSync("umount", [path]).status !== 0 && tries > 10) spawnSync("umount", ["--lazy", path]);
      if (tries > 0) pause(20);
    }
    // Nothing is mounted below any more; `recursive` would otherwise reach into a root.
    for (const name of ["merged", "space"]) if (existsSync(join(folder, name))) rmdirSync(join(folder, name));
    rmSync(folder, { recursive: true, force: true });
  }
  rmSync(join(bootsFolder(), `${state.id}.json`), { force: true });
};

/** Removes what earlier runs left when they were killed. Boots whose owner lives, or that stay on purpose, are left alone. */
export const sweepBoots = (): readonly string[] => {
  const dead = readStates().filter(state =>
    state.owner !== null ? !isAlive(state.owner) : state.init !== null && !isAlive(state.init),
  );
  for (const state of dead) removeBoot(state);
  return dead.map(state => state.id);
};
