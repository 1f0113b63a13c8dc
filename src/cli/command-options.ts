// The options of each command, in the order in which its help shows them.
import type { Argv } from "yargs";
import { colourChoices } from "./has-colour.ts";
import { proposalFlags } from "./proposal-flags.ts";

const UNITS = "Unit names, unit files, folders, .deb packages; - for standard input";

/** What every command takes. */
export function globalOptions<T>(parser: Argv<T>) {
  return parser
    .option("color", {
      choices: colourChoices,
      describe: "When to use colours; alone it means always [default: auto, and never with NO_COLOR]",
    })
    .option("config", {
      type: "string",
      requiresArg: true,
      describe: "Configuration file, instead of the tightunit.conf found upwards from here",
    });
}

export function sourceOptions<T>(command: Argv<T>) {
  return command
    .option("root", {
      type: "string",
      requiresArg: true,
      describe: "Read units below this folder: an image, a container, a chroot",
    })
    .option("systemd", {
      type: "string",
      requiresArg: true,
      describe: "Version to read units for, 247 to 262 [default: the installed one, else the newest]",
    })
    .option("arch", {
      type: "string",
      requiresArg: true,
      describe: "Architecture, such as x86-64 or arm64 [default: this machine's]",
    })
    .option("user", { type: "boolean", describe: "Units of the user manager instead of the system's" });
}

function scoreOptions<T>(command: Argv<T>) {
  return sourceOptions(command)
    .option("security-policy", {
      type: "string",
      requiresArg: true,
      describe: "systemd's own JSON of weights and ranges",
    })
    .option("pack", {
      type: "string",
      requiresArg: true,
      describe: "A pack of rules, by name or as a JSON file [default: systemd-security]",
    })
    .option("type", typeOption);
}

export const reportOption = {
  type: "string",
  array: true,
  nargs: 1,
  requiresArg: true,
  describe: "FORMAT=FILE: also write a report, a pdf too; as often as wanted, - for the output",
} as const;

const typeOption = {
  type: "string",
  requiresArg: true,
  describe: "Types of units where none is named: service,socket,mount …, or all [default: service]",
} as const;

/** The names of src/report/formats/audit-formats.ts, which a test compares; loading them all would cost every start. */
export const AUDIT_FORMATS: readonly string[] = [
  "text",
  "json",
  "ndjson",
  "systemd-json",
  "csv",
  "markdown",
  "html",
];

/** Options of `audit`. */
export function auditOptions(command: Argv) {
  return scoreOptions(command)
    .positional("units", {
      type: "string",
      array: true,
      default: [],
      describe: `${UNITS} [default: every service]`,
    })
    .option("format", {
      choices: AUDIT_FORMATS,
      describe: "Output [default: text]",
    })
    .option("report", reportOption)
    .option("since", {
      type: "string",
      requiresArg: true,
      describe: "An earlier audit (json, ndjson): html and pdf say what changed",
    })
    .option("host", {
      type: "string",
      requiresArg: true,
      describe: "Name of the machine, for json and ndjson: what merge calls it",
    })
    .example("$0 audit", "every unit of this machine, the most exposed first")
    .example("$0 audit --type service,socket", "sockets too, which have a sandbox of their own")
    .example("$0 audit nginx.service", "every check of one unit, and what mends it")
    .example("$0 audit --root /srv/image --format ndjson", "an image, one line of JSON a unit")
    .example("$0 audit --report html=report.html --report csv=units.csv", "reports beside the overview")
    .example("$0 audit ./myapp.service --systemd 252", "a file, as systemd 252 would read it");
}

/** Options of `fix`. */
export function fixOptions(command: Argv) {
  const source = sourceOptions(command)
    .positional("units", { type: "string", array: true, default: [], describe: UNITS })
    .option("format", { choices: ["diff", "dropin", "json"], default: "diff", describe: "Output" });
  return proposalFlags(source, "balanced")
    .option("all", { type: "boolean", describe: "Every unit" })
    .option("output", {
      type: "string",
      requiresArg: true,
      describe: "A folder: write a series of patches into it, and show a table of before and after",
    })
    .option("write", { type: "boolean", describe: "Put the drop-in in place: NAME.d/50-tightunit.conf" })
    .option("type", typeOption)
    .option("global", {
      type: "boolean",
      describe: "With --user: for all users, below /etc, not for who runs this alone",
    })
    .option("undo", { type: "boolean", describe: "Remove what --write put in place" })
    .conflicts("write", "undo")
    .conflicts("output", ["write", "undo"])
    .example("$0 fix nginx.service", "show what would change, and why")
    .example("$0 fix nginx.service --write", "put the drop-in in place")
    .example("$0 fix nginx.service --trace nginx.trace", "with what a trace of it at work shows")
    .example("$0 fix ./myapp.service | git apply", "apply it to a source tree")
    .example("$0 fix --all --root /srv/image --output patches", "a patch for each unit of an image");
}

/** The names of src/report/formats/formats.ts, which a test compares; loading them all would cost every start. */
export const GATE_FORMATS: readonly string[] = [
  "text",
  "json",
  "ndjson",
  "markdown",
  "sarif",
  "junit",
  "github",
  "gitlab",
  "checkstyle",
  "tap",
  "csv",
  "html",
  "cyclonedx",
];

/** Options of `gate`. */
export function gateOptions(command: Argv) {
  return judgeOptions(command)
    .option("format", { choices: GATE_FORMATS, describe: "Output, and nothing else on it [default: text]" })
    .option("report", reportOption)
    .option("against", {
      type: "string",
      requiresArg: true,
      describe: "A git revision: fail for what is new or worse since, such as origin/main",
    })
    .option("summary", {
      type: "string",
      requiresArg: true,
      describe: "Also write Markdown to this file: each unit's score and what fails",
    })
    .option("fix", {
      type: "string",
      requiresArg: true,
      describe: "Write safe proposals for what fails as patches: to a folder, or - for the output",
    })
    .example("$0 gate --max-exposure 5 debian/*.service", "fail when a file of ours is above 5.0")
    .example("$0 gate --against origin/main", "a pull request may not loosen a unit")
    .example(
      "$0 gate --report sarif=out.sarif --report junit=out.xml",
      "reports for machines beside the text",
    );
}

/** What `gate` and `baseline` judge by. */
function judgeOptions(command: Argv) {
  return scoreOptions(command)
    .positional("units", {
      type: "string",
      array: true,
      default: [],
      describe: `${UNITS} [default: every unit]`,
    })
    .option("max-exposure", {
      type: "string",
      requiresArg: true,
      describe: "The bar, 0.0 to 10.0 [default: the configuration's]",
    })
    .option("baseline", {
      type: "string",
      requiresArg: true,
      describe: "File of known findings [default: tightunit.baseline beside the configuration]",
    })
    .option("waivers", {
      type: "string",
      requiresArg: true,
      describe: "File of waivers [default: tightunit.waivers beside the configuration]",
    })
    .option("date", {
      type: "string",
      requiresArg: true,
      describe: "The day to take for today, YYYY-MM-DD",
    });
}

/** Options of `baseline`. */
export function baselineOptions(command: Argv) {
  return judgeOptions(command)
    .option("update", { type: "boolean", describe: "Take out what is gone, and lower what is better" })
    .option("add", {
      type: "boolean",
      implies: "update",
      describe: "With --update: take in what is new or worse",
    })
    .example("$0 baseline", "take note of today's findings; from now on only new ones fail")
    .example("$0 baseline --update units", "forget what has been mended in this folder");
}

/** Options of `compare`. */
export function compareOptions(command: Argv) {
  return scoreOptions(command)
    .positional("units", {
      type: "string",
      array: true,
      default: [],
      describe: "Two of: git revisions, folders, roots, .deb packages, JSON of earlier audits",
    })
    .option("format", { choices: ["text", "json", "markdown"], default: "text", describe: "Output" })
    .example("$0 compare HEAD~1 HEAD", "what the last commit did to each unit")
    .example("$0 compare old.deb new.deb", "what an update of a package changes");
}

/** Options of `init`. */
export function initOptions(command: Argv) {
  return sourceOptions(command)
    .positional("units", { type: "string", array: true, default: [], describe: UNITS })
    .option("output", {
      type: "string",
      requiresArg: true,
      describe: "File to write, or - for the output [default: tightunit.conf]",
    })
    .example("$0 init", "write a commented tightunit.conf for the units of this folder");
}
