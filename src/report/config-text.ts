// A tightunit.conf for units as they are, with what else it could say beside it as comments.
import { tenths } from "./paint.ts";

export interface FoundHere {
  readonly systemd: string;
  readonly scope: string;
  /** What was named, from the configuration's folder; none for a machine or a root. */
  readonly paths: readonly string[];
  readonly units: number;
  readonly scored: number;
  /** The highest, in tenths. */
  readonly exposure: number;
  /** The kinds of services that there are, each with the highest exposure of its own. */
  readonly kinds: readonly { readonly kind: string; readonly title: string; readonly exposure: number }[];
}

/** Every line that is no comment holds for the units as they are. */
export function configText(found: FoundHere): string {
  const bar = tenths(found.exposure);
  const kinds = found.kinds.flatMap(({ kind, title, exposure }) => [
    `# ${title}:`,
    `[kind "${kind}"]`,
    `max-exposure = ${tenths(exposure)}`,
    "",
  ]);
  return `${[
    "# What the units here are held to; `tightunit gate` reads it.",
    `# Written for ${found.units} ${found.units === 1 ? "unit" : "units"}, ${found.scored} with a score, the most exposed at ${bar}.`,
    "# Values are text; a comment has a line of its own; a list repeats its key with [] on each line.",
    "",
    "[audit]",
    "# The systemd that the units are read for, whatever is installed where the gate runs.",
    `systemd = ${found.systemd}`,
    `scope = ${found.scope}`,
    "# A folder to take for the file system, instead of files by themselves:",
    "# root = image",
    "",
    "[gate]",
    "# What is judged where nothing is named: files, folders and globs, from here. Without them, the machine's units.",
    ...(found.paths.length === 0
      ? ["# units[] = units"]
      : found.paths.map(path => `units[] = ${quoted(path)}`)),
    "# The highest exposure, 0.0 to 10.0. This is where the units stand today: lower it as they get better.",
    `max-exposure = ${bar}`,
    "# The least severity that fails: error, warning or note.",
    "fail-on = error",
    "# Lines that systemd only logs and then ignores: error, warning, note or off.",
    "ignored-lines = error",
    "# What every unit must have, or something stricter; and what none may have:",
    "# require[] = NoNewPrivileges=yes",
    "# require[] = ProtectSystem=full|strict",
    "# forbid[] = PermissionsStartOnly",
    "# The oldest and newest systemd that the units must work on:",
    "# min-systemd = 252",
    "# max-systemd = 257",
    "# Rules of your organisation: a JSON file, or an installed npm package:",
    "# packs[] = ./rules/organisation.json",
    "# systemd's own JSON of weights and ranges:",
    "# security-policy = policy.json",
    "# Known findings and waivers lie beside this file unless it says otherwise:",
    "# baseline = tightunit.baseline",
    "# waivers = tightunit.waivers",
    "",
    ...kinds,
    "# Units by name; the last section that fits and has a bar decides:",
    '# [unit "web-*.service"]',
    "# max-exposure = 3.0",
    "# require[] = PrivateTmp=yes",
    "",
    "# Packs and single rules or checks: off, note, warning or error.",
    "# [packs]",
    "# traps = warning",
    "# [rules]",
    "# ProtectHome = error",
    "",
    "# Pages of your own about rules, as `tightunit explain --output DIR` writes them; reports link to them.",
    "# [report]",
    "# docs-url = https://wiki.example.org/units/{rule}",
  ].join("\n")}\n`;
}

/** The value as the configuration's reader takes it whole. */
function quoted(value: string): string {
  return /^[\w./*?-]+$/.test(value) ? value : JSON.stringify(value);
}
