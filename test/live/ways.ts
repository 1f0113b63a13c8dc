/** The columns of the table: what each way of hardening puts beside a unit. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { unitsOf } from "./daemons/daemon.ts";
import { daemons } from "./daemons/index.ts";
import type { BootedRoot } from "./harness/boot.ts";
import { cacheFolder, repositoryRoot } from "./harness/paths.ts";
import type { Tried } from "./try-daemon.ts";

/** What a way says for a unit: a drop-in's text, nothing to do, or why it cannot be asked here. */
export type DropIn =
  /** `restarts`: what it cost, for a way that tries the service. */
  | { readonly kind: "text"; readonly text: string; readonly restarts?: number }
  | { readonly kind: "nothing" }
  | { readonly kind: "unavailable"; readonly reason: string };

export interface Way {
  readonly name: string;
  /** Called from outside while the root is booted and the service prepared, not yet started. */
  readonly dropIn: (unit: string, root: BootedRoot) => DropIn;
}

/** Everything that common hardening checklists recommend, at once and without a look at the service. */
const checklist = `[Service]
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
PrivateUsers=yes
ProtectSystem=strict
ProtectHome=yes
ProtectHostname=yes
ProtectClock=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc=invisible
ProcSubset=pid
LockPersonality=yes
MemoryDenyWriteExecute=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictAddressFamilies=
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
CapabilityBoundingSet=
AmbientCapabilities=
UMask=0077
`;

/** The set that openSUSE put on many of its services as low risk. */
const openSuse = `[Service]
ProtectSystem=full
ProtectHome=yes
PrivateDevices=yes
ProtectHostname=yes
ProtectClock=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
RestrictRealtime=yes
`;

const fixed = (name: string, text: string | undefined): Way => ({
  name,
  dropIn: () => (text === undefined ? { kind: "nothing" } : { kind: "text", text }),
});

/** systemd's version in the root, as its own program says. */
const versionBySuite: Readonly<Record<string, string>> = { bookworm: "252", trixie: "257", sid: "262" };

/**
 * The command line of this project, asked from outside about the merged root. Arguments after `fix UNIT`. `LIVE_TIGHTUNIT` names the
 * folder of another build of it.
 */
export const tightunitWay = (name: string, args: readonly string[]): Way => ({
  name,
  dropIn: (unit, root) => {
    const folder = process.env["LIVE_TIGHTUNIT"] ?? repositoryRoot();
    const program = join(folder, "bin", "tightunit.js");
    if (!existsSync(join(folder, "dist", "cli.cjs"))) return { kind: "unavailable", reason: "not built" };
    const done = spawnSync(
      process.execPath,
      [
        program,
        "fix",
        unit,
        "--root",
        root.rootPath,
        "--systemd",
        versionBySuite[root.suite] ?? "257",
        "--format",
        "dropin",
        ...args,
      ],
      { encoding: "utf8", timeout: 60_000, maxBuffer: 16 << 20 },
    );
    if (done.status !== 0 && done.status !== 1)
      return { kind: "unavailable", reason: `exit ${done.status}: ${done.stderr.trim().slice(0, 200)}` };
    if (!/^\s*\[Service\]/m.test(done.stdout))
      return done.status === 0 && done.stdout.trim() === ""
        ? { kind: "nothing" }
        : { kind: "unavailable", reason: "no drop-in was printed" };
    return { kind: "text", text: done.stdout };
  },
});

/** What `tightunit try` finds in a boot of its own, by daemon and suite: a daemon's units are tried together, and once. */
const tried = new Map<string, ReadonlyMap<string, DropIn>>();

const tryWay: Way = {
  name: "try",
  dropIn: (unit, root) => {
    const daemon = daemons.find(each => unitsOf(each, root.suite).includes(unit));
    if (daemon === undefined) return { kind: "unavailable", reason: `no probe for ${unit}` };
    const key = `${daemon.name} ${root.suite}`;
    const found = tried.get(key) ?? tryOutside(daemon.name, root.suite);
    tried.set(key, found);
    return found.get(unit) ?? { kind: "unavailable", reason: "try found nothing; its log is in the results" };
  },
};

/** In a process of its own, since a way answers at once and a boot takes its time. */
const tryOutside = (daemon: string, suite: string): ReadonlyMap<string, DropIn> => {
  const program = join(repositoryRoot(), "bin", "dev", "live.js");
  const done = spawnSync(process.execPath, [program, "try", daemon, suite], {
    encoding: "utf8",
    timeout: 1_800_000,
    maxBuffer: 16 << 20,
  });
  const logs = join(cacheFolder(), "results", "tries");
  mkdirSync(logs, { recursive: true });
  writeFileSync(join(logs, `${daemon}-${suite}.log`), `${done.stderr}${done.stdout}`);
  const lines = done.stdout.split("\n").filter(line => line.startsWith("{"));
  return new Map(
    lines.map((line): [string, DropIn] => {
      const { unit, tried: result } = JSON.parse(line) as { unit: string; tried?: Tried };
      const reason = done.stderr.trim().split("\n").at(-1) ?? `exit ${done.status}`;
      if (result === undefined) return [unit, { kind: "unavailable", reason }];
      if (result.dropIn === "") return [unit, { kind: "nothing" }];
      return [unit, { kind: "text", text: result.dropIn, restarts: result.restarts }];
    }),
  );
};

/** The level that bets on what evidence does not speak for, with a trace of the daemon under its probe as further evidence. */
const tracedWay = (name: string, level: string): Way => ({
  name,
  dropIn: (unit, root) => {
    const daemon = daemons.find(each => unitsOf(each, root.suite).includes(unit));
    if (daemon === undefined) return { kind: "unavailable", reason: `no probe for ${unit}` };
    const program = join(repositoryRoot(), "bin", "dev", "live.js");
    const done = spawnSync(process.execPath, [program, "trace", daemon.name, root.suite], {
      encoding: "utf8",
      timeout: 1_800_000,
    });
    const trace = done.stdout.trim().split("\n").at(-1) ?? "";
    if (done.status !== 0 || trace === "")
      return { kind: "unavailable", reason: `not traced: ${done.stderr.trim().slice(-200)}` };
    return tightunitWay(name, ["--level", level, "--trace", trace]).dropIn(unit, root);
  },
});

export const ways: readonly Way[] = [
  fixed("as shipped", undefined),
  fixed("checklist", checklist),
  fixed("openSUSE", openSuse),
  tightunitWay("safe", ["--level", "safe"]),
  tightunitWay("balanced", ["--level", "balanced"]),
  tightunitWay("strict", ["--level", "strict"]),
  tracedWay("traced balanced", "balanced"),
  tracedWay("traced strict", "strict"),
  tryWay,
];
