// What can be typed: commands, options, help, completion. Parsing only; nothing is run from here.
import yargs, { type Argv } from "yargs";
import { Failure } from "./failure.ts";
import type { Command } from "./options.ts";

/** What the arguments ask for: a text to print (help, version, completion), or a command to run. */
export type Request =
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "run"; readonly command: Command };

/** What the completion script calls us with, followed by the words typed so far. */
const COMPLETE = "--get-yargs-completions";

/** yargs drops a bare `-`, so it goes through under another name. */
const STANDARD_INPUT = "\0standard-input";

export interface About {
  readonly version: string;
  readonly columns: number;
}

const UNITS = "Unit names, unit files, folders, .deb packages; - for standard input";

/** @throws {Failure} on anything that the help does not offer. */
export async function parseCommandLine(argv: readonly string[], about: About): Promise<Request> {
  let command: Command | undefined;
  let printed = "";
  let failure: Failure | undefined;
  const parser = yargs([...argv])
    .scriptName("tightunit")
    .usage("$0 COMMAND [OPTION…] [UNIT|PATH…]\n\nScores, tightens and gates systemd units.")
    .command(
      "audit [units..]",
      "Score units: an overview of many, every check of one",
      command => auditOptions(command),
      options => {
        command = { name: "audit", options: { ...options, units: unitsOf(options) } };
      },
    )
    .command(
      "fix [units..]",
      "Propose a drop-in that tightens a unit, as a diff; --write puts it in place",
      command => fixOptions(command),
      options => {
        command = {
          name: "fix",
          options: {
            ...options,
            units:
              options.all === true
                ? unitsOf(options)
                : someOf(unitsOf(options), "Say which unit to fix, or --all"),
          },
        };
      },
    )
    .command(
      "gate [units..]",
      "Fail when a unit is more exposed than it may be",
      command => gateOptions(command),
      options => {
        command = { name: "gate", options: { ...options, units: unitsOf(options) } };
      },
    )
    .command(
      "explain [units..]",
      "Say what a directive or a check is about, or where a unit stands",
      command => explainOptions(command),
      options => {
        command = {
          name: "explain",
          options: {
            ...options,
            units: someOf(unitsOf(options), "Say what to explain: a directive, a check or a unit"),
          },
        };
      },
    )
    .completion("completion", 'Print a completion script for bash or zsh: eval "$(tightunit completion)"')
    .option("color", {
      type: "boolean",
      describe: "Colours, whatever the output is; NO_COLOR turns them off",
    })
    .option("config", {
      type: "string",
      requiresArg: true,
      describe: "Configuration file, instead of the tightunit.conf found upwards from here",
    })
    .demandCommand(1, "Say what to do: audit, fix, gate or explain")
    .recommendCommands()
    .strict()
    .version(about.version)
    .help()
    .alias("help", "h")
    .wrap(Math.min(about.columns, 100))
    .epilogue(
      "Exit codes: 0 fine, 1 findings over the bar, 2 usage, configuration or input error, 3 nothing matched.",
    )
    .parserConfiguration({ "parse-positional-numbers": false, "parse-numbers": false })
    .exitProcess(false)
    .check(onceOnly)
    .fail((message: string | null, error: Error | undefined) => {
      failure ??= error instanceof Failure ? error : new Failure(message ?? error?.message ?? "bad usage");
      throw failure;
    });
  if (argv[0] === COMPLETE) {
    const words: readonly string[] = await parser.getCompletion(argv.slice(1));
    return { kind: "print", text: words.map(word => `${word}\n`).join("") };
  }
  try {
    parser.parse(
      argv.map(word => (word === "-" ? STANDARD_INPUT : word)),
      {},
      (_error, _parsed, output) => {
        printed = output;
      },
    );
  } catch (error) {
    if (failure === undefined) throw error;
  }
  if (failure !== undefined) throw failure;
  if (printed !== "") return { kind: "print", text: `${printed}\n` };
  if (command === undefined) return { kind: "print", text: "" };
  return { kind: "run", command };
}

/** What follows `--` counts as well, and the standard input gets its name back. */
function unitsOf(parsed: {
  readonly units: readonly string[];
  readonly _: readonly (string | number)[];
}): readonly string[] {
  const afterDashes = parsed._.slice(1).map(String);
  return [...parsed.units, ...afterDashes].map(word => (word === STANDARD_INPUT ? "-" : word));
}

function someOf(units: readonly string[], request: string): readonly string[] {
  if (units.length === 0) throw new Failure(request);
  return units;
}

/** @throws {Failure} where an option with one value is given twice: which one is meant, only the caller knows. */
function onceOnly(parsed: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(parsed)) {
    if (Array.isArray(value) && name !== "units" && name !== "_")
      throw new Failure(`--${name} is given more than once`);
  }
  return true;
}

function sourceOptions<T>(command: Argv<T>) {
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
    });
}

function auditOptions(command: Argv) {
  return scoreOptions(command)
    .positional("units", {
      type: "string",
      array: true,
      default: [],
      describe: `${UNITS} [default: every unit]`,
    })
    .option("format", {
      choices: ["text", "json", "ndjson", "systemd-json"],
      describe: "Output [default: text]",
    })
    .example("$0 audit", "every unit of this machine, the most exposed first")
    .example("$0 audit nginx.service", "every check of one unit, and what mends it")
    .example("$0 audit --root /srv/image --format ndjson", "an image, one line of JSON a unit")
    .example("$0 audit ./myapp.service --systemd 252", "a file, as systemd 252 would read it");
}

function fixOptions(command: Argv) {
  return sourceOptions(command)
    .positional("units", { type: "string", array: true, default: [], describe: UNITS })
    .option("format", { choices: ["diff", "dropin", "json"], default: "diff", describe: "Output" })
    .option("level", {
      choices: ["safe", "balanced", "strict"],
      describe: "How much certainty a directive needs [default: balanced]",
    })
    .option("target", {
      type: "string",
      requiresArg: true,
      describe: "Stop at this exposure, 0.0 to 10.0, with the least risk",
    })
    .option("only", {
      type: "string",
      requiresArg: true,
      describe: "Propose these directives alone, separated by commas",
    })
    .option("except", { type: "string", requiresArg: true, describe: "Propose all directives but these" })
    .option("max-risk", {
      type: "string",
      requiresArg: true,
      describe: "Leave out values above this risk, 0 to 4",
    })
    .option("all", { type: "boolean", describe: "Every unit" })
    .option("write", { type: "boolean", describe: "Put the drop-in in place: NAME.d/50-tightunit.conf" })
    .option("undo", { type: "boolean", describe: "Remove what --write put in place" })
    .conflicts("write", "undo")
    .example("$0 fix nginx.service", "show what would change, and why")
    .example("$0 fix nginx.service --write", "put the drop-in in place")
    .example("$0 fix ./myapp.service | git apply", "apply it to a source tree");
}

function gateOptions(command: Argv) {
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
    .option("format", { choices: ["text", "json"], default: "text", describe: "Output" })
    .example("$0 gate --max-exposure 5 debian/*.service", "fail when a file of ours is above 5.0");
}

function explainOptions(command: Argv) {
  return sourceOptions(command)
    .positional("units", {
      type: "string",
      array: true,
      default: [],
      describe: "Directives, checks or units",
    })
    .option("format", { choices: ["text", "json"], default: "text", describe: "Output" })
    .example("$0 explain ProtectSystem", "what it denies, its values, what it may break")
    .example("$0 explain SystemCallFilter_swap", "what a check asks");
}
