import { spawnSync } from "node:child_process";

const probe = spawnSync("systemd-analyze", ["security", "--help"], { encoding: "utf8" });

/** Whether this machine has a systemd-analyze that can judge units offline (systemd 250 and newer). */
export const hasSystemdAnalyze = probe.status === 0 && probe.stdout.includes("--offline");
export const systemdAnalyzeNote = hasSystemdAnalyze
  ? ""
  : " (skipped: no systemd-analyze with --offline here)";

export interface SystemdVerdict {
  readonly status: "loaded" | "refused" | "masked" | "not-found";
  /** The id under which systemd shows the unit. */
  readonly name?: string;
  /** Directives that are marked as good, of those that the table names by the directive alone. */
  readonly good: ReadonlySet<string>;
  readonly stderr: string;
}

/** What the machine's systemd-analyze says about one unit of a root tree. */
export function judgeOffline(root: string, unit: string): SystemdVerdict {
  const { stdout, stderr } = spawnSync(
    "systemd-analyze",
    ["security", "--offline=true", `--root=${root}`, "--no-pager", "--", unit],
    {
      encoding: "utf8",
      env: { PATH: process.env.PATH, LC_ALL: "C", COLUMNS: "400", SYSTEMD_COLORS: "0" },
    },
  );
  const name = /Overall exposure level for (\S+): /.exec(stdout)?.[1];
  const good = new Set([...stdout.matchAll(/^\+ (\w+)= /gm)].map(match => match[1] ?? ""));
  if (name !== undefined) return { status: "loaded", name, good, stderr };
  if (/ is masked/.test(stderr)) return { status: "masked", good, stderr };
  if (/ not found/.test(stderr)) return { status: "not-found", good, stderr };
  return { status: "refused", good, stderr };
}
