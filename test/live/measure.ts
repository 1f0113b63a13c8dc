/** A daemon in a boot: prepared, hardened in one way, restarted, probed. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Daemon, packagesOf, unitsOf } from "./daemons/daemon.ts";
import { type BootedRoot, bootRoot } from "./harness/boot.ts";
import { repositoryRoot } from "./harness/paths.ts";
import type { Suite } from "./harness/roots.ts";

/** Name of the drop-in that carries a way; sorts after a distribution's own and before nothing. */
export const dropInName = "90-live.conf";

/** Brings the daemon's files and runs its setup; the service has not been started yet. Throws when setup fails. */
export const prepare = async (root: BootedRoot, daemon: Daemon): Promise<void> => {
  const services = join(repositoryRoot(), "fixtures", "services");
  for (const file of daemon.files ?? [])
    await root.writeFile(file.to, readFileSync(join(services, file.from)), file.mode ?? 0o644);
  for (const source of daemon.compiled ?? []) {
    const folder = mkdtempSync(join(tmpdir(), "tightunit-live-"));
    execFileSync("cc", ["-O2", "-o", join(folder, "program"), join(services, source.from)]);
    await root.writeFile(source.to, readFileSync(join(folder, "program")), 0o755);
    rmSync(folder, { recursive: true });
  }
  const done = await root.runScript(daemon.setup ?? "");
  if (done.code !== 0) throw new Error(`setup of ${daemon.name} failed:\n${done.output}`);
  await root.systemctl("daemon-reload");
};

/** Boots the daemon's root and prepares it. */
export const bootDaemon = async (daemon: Daemon, suite: Suite, isDetached = false): Promise<BootedRoot> => {
  const root = await bootRoot({ suite, packages: packagesOf(daemon, suite), isDetached });
  try {
    await prepare(root, daemon);
    return root;
  } catch (error) {
    root.stop();
    throw error;
  }
};

/** Puts a drop-in beside a unit; an instance of a template gets its own folder. */
export const installDropIn = async (root: BootedRoot, unit: string, text: string): Promise<void> => {
  await root.writeFile(`/etc/systemd/system/${unit}.d/${dropInName}`, text);
};

export interface Outcome {
  readonly isWorking: boolean;
  /** Which part failed: "start", or the probe's step. */
  readonly failedStep?: string;
  /** The end of what was printed, and of the unit's journal. */
  readonly detail?: string;
  readonly milliseconds: number;
}

/** Restarts the daemon and probes it. */
export const probe = async (root: BootedRoot, daemon: Daemon): Promise<Outcome> => {
  const began = Date.now();
  const units = unitsOf(daemon, root.suite);
  const failed = async (failedStep: string, output: string): Promise<Outcome> => ({
    isWorking: false,
    failedStep,
    detail: `${output.slice(-1500)}\n${(await Promise.all(units.map(unit => root.journal(unit, 15)))).join("\n")}`,
    milliseconds: Date.now() - began,
  });
  await root.systemctl("daemon-reload");
  for (const unit of daemon.start ?? units) {
    const restarted = await root.run(`timeout 40 systemctl restart '${unit}'`);
    if (restarted.code !== 0) return failed("start", restarted.output);
  }
  const probed = await root.runScript(daemon.probe, { timeoutMs: 180_000 });
  if (probed.code === 0) return { isWorking: true, milliseconds: Date.now() - began };
  const steps = [...probed.output.matchAll(/^--- (.*)$/gm)];
  return failed(steps.at(-1)?.[1] ?? "coming up", probed.output);
};

/** The exposure that the systemd inside reports, in tenths; `undefined` when it reports none. */
export const exposureOf = async (root: BootedRoot, unit: string): Promise<number | undefined> => {
  const { stdout } = await root.run(`systemd-analyze security --no-pager '${unit}'`);
  const found = /Overall exposure level for \S+: (\d+)\.(\d)/.exec(stdout);
  return found === null ? undefined : Number(found[1]) * 10 + Number(found[2]);
};
