/** Whether this machine can boot a systemd in namespaces, and if not why: shown in the title of what is skipped. */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mirrorLine } from "./mirrors.ts";

/** The mount point of the version 2 control group tree, wherever this machine has it. */
export const controlGroupMount = (): string | undefined =>
  readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .map(line => /^\S+ \S+ \S+ \/ (\S+) .* - cgroup2 /.exec(line)?.[1])
    .find(path => path !== undefined);

const has = (program: string): boolean =>
  (process.env["PATH"] ?? "").split(":").some(folder => folder !== "" && existsSync(`${folder}/${program}`));

let answer: { readonly reason: string | undefined } | undefined;

const findReason = (): string | undefined => {
  if (process.platform !== "linux") return "Linux only";
  if (process.getuid?.() !== 0) return "needs root";
  for (const program of ["unshare", "nsenter", "mount", "ip", "mmdebstrap"])
    if (!has(program)) return `needs the program ${program}`;
  if (mirrorLine("stable") === undefined) return "no Debian mirror among the machine's apt sources";
  if (controlGroupMount() === undefined) return "no version 2 control group tree is mounted";
  const tried = spawnSync(
    "unshare",
    [
      "--pid",
      "--fork",
      "--mount",
      "--uts",
      "--ipc",
      "--net",
      "--cgroup",
      "--propagation",
      "private",
      "sh",
      "-c",
      "mount -t tmpfs tmpfs /mnt && mount -t proc proc /mnt",
    ],
    { encoding: "utf8" },
  );
  if (tried.status !== 0) return `namespaces are refused here: ${tried.stderr.trim().slice(0, 120)}`;
  return undefined;
};

/** The reason why nothing live can run here, or `undefined` when it can. */
export const whyUnavailable = (): string | undefined => {
  answer ??= { reason: findReason() };
  return answer.reason;
};
