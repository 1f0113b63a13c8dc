/** A suite and a list of packages → the folders of a root, made once and cached: a base per suite, a layer per list. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { mirrorLine } from "./mirrors.ts";
import { cacheFolder, harnessScript } from "./paths.ts";

/** Debian's names; the systemd of each: 252, 257, 262. */
export type Suite = "bookworm" | "trixie" | "sid";

const basePackages = [
  "systemd",
  "systemd-sysv",
  "dbus",
  "libnss-systemd",
  "libpam-systemd",
  "mount",
  "iproute2",
  "procps",
  "curl",
  "netcat-openbsd",
  "python3-minimal",
] as const;

const hash = (words: readonly string[]): string =>
  createHash("sha256").update(words.join("\n")).digest("hex").slice(0, 12);

/** Removes half-made folders whose maker is gone; never those of a maker that still runs. */
const removeAbandoned = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    const maker = /\.making-(\d+)$/.exec(name)?.[1];
    if (maker !== undefined && !existsSync(`/proc/${maker}`))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
};

/** Runs a command with its output in a log file; throws with the end of that log. */
const runLogged = async (log: string, command: string, args: readonly string[]): Promise<void> => {
  const file = await open(log, "w");
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ["ignore", file.fd, file.fd],
      env: { ...process.env, LANG: "C.UTF-8" },
    });
    child.on("error", reject);
    child.on("close", resolve);
  }).finally(() => file.close());
  if (code !== 0) throw new Error(`${command} failed (${code}):\n${readFileSync(log, "utf8").slice(-3000)}`);
};

/** Makes `target` by `make(half-made folder)` unless it exists; a second maker at the same time simply loses the race. */
const once = async (target: string, make: (folder: string) => Promise<void>): Promise<string> => {
  if (existsSync(target)) return target;
  const half = `${target}.making-${process.pid}`;
  rmSync(half, { recursive: true, force: true });
  try {
    await make(half);
    if (!existsSync(target)) renameSync(half, target);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
  return target;
};

/**
 * The lower folders of an overlay, topmost first, for `suite` with `packages` installed and none of their services started.
 * Takes half a minute for a suite's first time and as long as apt needs for a new list; nothing when cached.
 */
export const makeRoot = async (suite: Suite, packages: readonly string[]): Promise<readonly string[]> => {
  const mirror = mirrorLine(suite);
  if (mirror === undefined) throw new Error("no Debian mirror among the machine's apt sources");
  const roots = join(cacheFolder(), "roots");
  mkdirSync(roots, { recursive: true });
  removeAbandoned(roots);
  const tidy = readFileSync(harnessScript("tidy-root.sh"), "utf8");
  const base = await once(join(roots, `${suite}-${hash([...basePackages, tidy])}`), async half => {
    await runLogged(`${half}.log`, "mmdebstrap", [
      "--variant=apt",
      "--skip=cleanup/apt/lists",
      '--aptopt=Acquire::Check-Valid-Until "false"',
      `--include=${basePackages.join(",")}`,
      suite,
      half,
      mirror,
    ]);
    await runLogged(`${half}.log`, "sh", [harnessScript("tidy-root.sh"), half]);
    rmSync(`${half}.log`, { force: true });
  });
  const wanted = [...new Set(packages)].sort();
  if (wanted.length === 0) return [base];
  const layer = await once(`${base}-${hash(wanted)}`, async half => {
    for (const name of ["layer", "work", "merged"]) mkdirSync(join(half, name), { recursive: true });
    await runLogged(join(half, "log"), "unshare", [
      "--mount",
      "--propagation",
      "private",
      "sh",
      harnessScript("build-layer.sh"),
      base,
      join(half, "layer"),
      join(half, "work"),
      join(half, "merged"),
      ...wanted,
    ]);
    rmSync(join(half, "work"), { recursive: true, force: true });
    rmSync(join(half, "merged"), { recursive: true, force: true });
  });
  return [join(layer, "layer"), base];
};
