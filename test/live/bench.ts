/** Every daemon in every way, each in a fresh boot: JSON lines as they come, and the table at the end. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Daemon, unitsOf } from "./daemons/daemon.ts";
import { daemons } from "./daemons/index.ts";
import { cacheFolder, repositoryRoot } from "./harness/paths.ts";
import type { Suite } from "./harness/roots.ts";
import { bootDaemon, exposureOf, installDropIn, type Outcome, probe } from "./measure.ts";
import { writeTable } from "./table.ts";
import { type Way, ways } from "./ways.ts";
import { copyWithoutProfiles } from "./without-profiles.ts";

export interface Result {
  readonly suite: Suite;
  readonly daemon: string;
  readonly unit: string;
  readonly way: string;
  readonly status: "works" | "broken" | "not available" | "failed to measure";
  /** In tenths, by the systemd that ran. */
  readonly exposure: number | null;
  readonly failedStep?: string;
  readonly detail?: string;
  readonly milliseconds: number;
  /** Of a way that tries the service: how often it was restarted for that. */
  readonly restarts?: number;
  /** The drop-ins that were in place, by unit. */
  readonly dropIns: Readonly<Record<string, string>>;
}

/** One cell of the table. */
export const measure = async (daemon: Daemon, way: Way, suite: Suite): Promise<Result> => {
  const began = Date.now();
  const units = unitsOf(daemon, suite);
  const unit = units[0] ?? "";
  const base = { suite, daemon: daemon.name, unit, way: way.name };
  try {
    const root = await bootDaemon(daemon, suite);
    try {
      const dropIns: Record<string, string> = {};
      let restarts: number | undefined;
      for (const each of units) {
        const asked = way.dropIn(each, root);
        if (asked.kind === "unavailable")
          return {
            ...base,
            status: "not available",
            exposure: null,
            detail: asked.reason,
            milliseconds: Date.now() - began,
            dropIns,
          };
        if (asked.kind === "text") {
          dropIns[each] = asked.text;
          if (each === unit && asked.restarts !== undefined) restarts = asked.restarts;
          await installDropIn(root, each, asked.text);
        }
      }
      await root.systemctl("daemon-reload");
      // Before the probe: what a probe switches on in a unit is no part of the way.
      const exposure = (await exposureOf(root, unit)) ?? null;
      const outcome: Outcome = await probe(root, daemon);
      return {
        ...base,
        status: outcome.isWorking ? "works" : "broken",
        exposure,
        ...(outcome.failedStep === undefined ? {} : { failedStep: outcome.failedStep }),
        ...(outcome.detail === undefined ? {} : { detail: outcome.detail }),
        milliseconds: outcome.milliseconds,
        ...(restarts === undefined ? {} : { restarts }),
        dropIns,
      };
    } finally {
      root.stop();
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return {
      ...base,
      status: "failed to measure",
      exposure: null,
      detail,
      milliseconds: Date.now() - began,
      dropIns: {},
    };
  }
};

const pick = <T extends { readonly name: string }>(
  all: readonly T[],
  names: readonly string[],
): readonly T[] => {
  for (const name of names)
    if (!all.some(each => each.name === name))
      throw new Error(`unknown: ${name}; known: ${all.map(each => each.name).join(", ")}`);
  return names.length === 0 ? all : all.filter(each => names.includes(each.name));
};

/**
 * `--suite S`, `--daemon A,B`, `--way X,Y`, `--results FILE` (appended, JSON lines; later lines win), `--table-only`,
 * `--no-table`, `--no-profiles` (the program without its knowledge of daemons; never in the table). Writes docs/results.md from all lines of the file. Gives the exit status: 1 when a daemon is broken as shipped.
 */
export const bench = async (args: readonly string[]): Promise<number> => {
  const option = (name: string): string | undefined => {
    const at = args.indexOf(`--${name}`);
    return at < 0 ? undefined : args[at + 1];
  };
  const list = (name: string): readonly string[] => option(name)?.split(",") ?? [];
  const suite = (option("suite") ?? "trixie") as Suite;
  const isBlind = args.includes("--no-profiles");
  if (isBlind) process.env["LIVE_TIGHTUNIT"] = copyWithoutProfiles();
  const folder = join(cacheFolder(), "results");
  mkdirSync(folder, { recursive: true });
  const file = option("results") ?? join(folder, `${suite}${isBlind ? "-no-profiles" : ""}.jsonl`);
  let isShippedBroken = false;
  if (!args.includes("--table-only"))
    for (const daemon of pick(daemons, list("daemon")))
      for (const way of pick(ways, list("way"))) {
        const result = await measure(daemon, way, suite);
        appendFileSync(file, `${JSON.stringify(result)}\n`);
        const score = result.exposure === null ? "-" : (result.exposure / 10).toFixed(1);
        const why =
          result.failedStep ?? (result.exposure === null ? (result.detail ?? "").split("\n")[0] : "");
        process.stdout.write(
          `${daemon.name.padEnd(18)}${way.name.padEnd(12)}${score.padStart(5)}  ${result.status}  ${why}\n`,
        );
        if (way.name === "as shipped" && result.status !== "works") isShippedBroken = true;
      }
  if (!isBlind && !args.includes("--no-table") && existsSync(file)) {
    const results = readFileSync(file, "utf8")
      .split("\n")
      .filter(line => line !== "")
      .map(line => JSON.parse(line) as Result);
    const target = join(repositoryRoot(), "docs", "results.md");
    writeFileSync(
      target,
      writeTable(results, {
        suite,
        daemons: daemons.map(each => each.name),
        ways: ways.map(each => each.name),
        notes: daemons,
      }),
    );
    process.stdout.write(`${target}\n`);
  }
  return isShippedBroken ? 1 : 0;
};
