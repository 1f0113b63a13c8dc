// The machine's own systemd-analyze as the judge: many units in one process, every check with its badness.
import { spawnSync } from "node:child_process";
import type { Scope } from "../../src/host/loaded-unit.ts";
import { systemdProfiles } from "../../src/rules/systemd-facts.ts";
import { defaultInstance } from "../support/corpus.ts";

const asked = spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" });
const version = Number(/^systemd (\d+)/.exec(asked.stdout ?? "")?.[1] ?? 0);

export const oracleVersion = version;
const arch = { x64: "x86-64", arm64: "arm64" }[process.arch as string];
export const oracleArch = arch ?? "x86-64";
/** Why there is no judge here; "" where there is one. */
export const whyNoOracle =
  version === 0
    ? " (skipped: no systemd-analyze here)"
    : !systemdProfiles.some(each => each === version)
      ? ` (skipped: systemd ${version} is none of those known exactly)`
      : arch === undefined
        ? ` (skipped: no name for the architecture ${process.arch})`
        : "";
export const hasOracle = whyNoOracle === "";

export interface OracleRow {
  readonly badness: number | null;
  readonly weight: number;
  readonly range: number;
  /** As printed: "0.3"; null where the check adds nothing or does not apply. */
  readonly exposure: string | null;
}

/** `undefined`: systemd did not score the unit. */
export type OracleAnswer = ReadonlyMap<string, OracleRow> | undefined;

interface PrintedRow {
  readonly json_field: string;
  readonly badness: number;
  readonly weight: number;
  readonly range: number;
  readonly exposure: string | null;
}

/** 2^64-1, which a double cannot hold, is how systemd says that a check does not apply. */
const NOT_APPLICABLE = 2 ** 63;

export interface Question {
  readonly units: readonly string[];
  readonly scope: Scope;
  /** The only folder that is searched; absent for the machine's own. */
  readonly folder?: string;
  /** A file for `--security-policy=`. */
  readonly policy?: string;
}

/** What systemd-analyze says about each of the units, in their order. */
export function askSystemd({ units, scope, folder, policy }: Question): readonly OracleAnswer[] {
  const { stdout, stderr, status } = spawnSync(
    "systemd-analyze",
    [
      ...[`--${scope}`, "security", "--offline=true", "--json=short", "--no-pager"],
      ...(policy === undefined ? [] : [`--security-policy=${policy}`]),
      ...["--", ...units],
    ],
    {
      encoding: "utf8",
      maxBuffer: 1 << 28,
      env: {
        ...{
          PATH: process.env.PATH,
          LC_ALL: "C",
          SYSTEMD_ANALYZE_DEBUG: "1",
          XDG_RUNTIME_DIR: "/run",
          HOME: "/root",
        },
        ...(folder === undefined ? {} : { SYSTEMD_UNIT_PATH: folder }),
      },
    },
  );
  if (status === null || status > 1) throw new Error(`systemd-analyze ended with ${status}: ${stderr}`);
  const failed = new Set(
    [...stderr.matchAll(/^Unit (\S+) (?:is masked|not found|has a bad|failed to load)/gm)].map(
      match => match[1],
    ),
  );
  const tables = stdout.split("\n").filter(line => line.startsWith("["));
  const left = units.filter(
    // A template fails under the name of the instance that stands in for it.
    unit => !failed.has(unit) && !failed.has(unit.replace("@.", `@${defaultInstance(version)}.`)),
  );
  if (left.length !== tables.length) {
    throw new Error(`systemd-analyze scored ${tables.length} of ${left.length} units: ${stderr}`);
  }
  const answers = new Map(left.map((unit, index) => [unit, readTable(tables[index] ?? "[]")]));
  return units.map(unit => answers.get(unit));
}

function readTable(line: string): ReadonlyMap<string, OracleRow> {
  const rows: readonly PrintedRow[] = JSON.parse(line);
  return new Map(
    rows.map(({ json_field, badness, ...row }) => [
      json_field,
      { ...row, badness: badness >= NOT_APPLICABLE ? null : badness },
    ]),
  );
}
