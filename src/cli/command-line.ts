// What can be typed: commands, options, help, completion. Parsing only; nothing is run from here.
import yargs from "yargs";
import {
  auditOptions,
  baselineOptions,
  compareOptions,
  fixOptions,
  gateOptions,
  globalOptions,
  initOptions,
} from "./command-options.ts";
import { COMPLETE, completionScript, shellOf, shells } from "./completion-script.ts";
import { explainOptions } from "./explain-options.ts";
import { Failure } from "./failure.ts";
import { spellColour } from "./has-colour.ts";
import { explainFailureOptions, traceOptions, watchOptions } from "./live-options.ts";
import { lspOptions } from "./lsp-options.ts";
import { mergeOptions } from "./merge-options.ts";
import type { Command } from "./options.ts";
import { applyOptions, revertOptions, tryOptions } from "./try-options.ts";

/** What the arguments ask for: a text to print (help, version, completion), or a command to run. */
export type Request =
  | { readonly kind: "print"; readonly text: string }
  | { readonly kind: "run"; readonly command: Command };

/** yargs drops a bare `-`, so it goes through under another name. */
const STANDARD_INPUT = "\0standard-input";

export interface About {
  readonly version: string;
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @throws {Failure} on anything that the help does not offer. */
export async function parseCommandLine(argv: readonly string[], about: About): Promise<Request> {
  if (argv[0] === COMPLETE) {
    const { complete } = await import("./complete.ts");
    const words = await complete(argv.slice(1), about.env);
    return { kind: "print", text: words.map(word => `${word}\n`).join("") };
  }
  let command: Command | undefined;
  let printed = "";
  let failure: Failure | undefined;
  const parser = globalOptions(yargs([...argv]))
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
        command = {
          name: "gate",
          options: { ...options, units: unitsOf(options), fix: dashOf(options.fix) },
        };
      },
    )
    .command(
      "baseline [units..]",
      "Take note of today's findings, so that only new ones fail the gate",
      command => baselineOptions(command),
      options => {
        command = { name: "baseline", options: { ...options, format: "text", units: unitsOf(options) } };
      },
    )
    .command(
      "compare [units..]",
      "Say what got better or worse between two sets of units, and by which lines",
      command => compareOptions(command),
      options => {
        const units = unitsOf(options);
        if (units.length !== 2) throw new Failure("Say what to compare: an old and a new one");
        command = { name: "compare", options: { ...options, units } };
      },
    )
    .command(
      "merge [units..]",
      "One report of the audits of many hosts: the worst, outliers, drift",
      command => mergeOptions(command),
      options => {
        const units = someOf(unitsOf(options), "Say which audits to merge: files, folders or patterns");
        command = { name: "merge", options: { ...options, units } };
      },
    )
    .command(
      "init [units..]",
      "Write a commented tightunit.conf from what is found here",
      command => initOptions(command),
      options => {
        command = {
          name: "init",
          options: { ...options, units: unitsOf(options), output: dashOf(options.output) },
        };
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
            units:
              options.output === undefined
                ? someOf(unitsOf(options), "Say what to explain: a directive, a check or a unit")
                : unitsOf(options),
          },
        };
      },
    )
    .command(
      "try [units..]",
      "Find the strictest drop-in that a running service works with",
      command => tryOptions(command),
      options => {
        command = { name: "try", options: { ...options, units: oneOf(unitsOf(options), "try") } };
      },
    )
    .command(
      "apply [units..]",
      "Put a drop-in in place with a backup and a check, and take it out again if the service fails",
      command => applyOptions(command),
      options => {
        command = { name: "apply", options: { ...options, units: oneOf(unitsOf(options), "apply it to") } };
      },
    )
    .command(
      "revert [units..]",
      "Put back what was there before apply",
      command => revertOptions(command),
      options => {
        command = { name: "revert", options: { ...options, units: oneOf(unitsOf(options), "revert") } };
      },
    )
    .command(
      "recover",
      "Put back what a run that was killed left behind",
      command => command,
      options => {
        command = { name: "recover", options: { ...options, units: [] } };
      },
    )
    .command(
      "trace [units..]",
      "Watch a service at work, and say what it needs",
      command => traceOptions(command),
      options => {
        command = { name: "trace", options: { ...options, units: oneOf(unitsOf(options), "trace") } };
      },
    )
    .command(
      "watch [units..]",
      "Follow the journal, and name the directive behind each failure",
      command => watchOptions(command),
      options => {
        command = { name: "watch", options: { ...options, units: oneOf(unitsOf(options), "watch") } };
      },
    )
    .command(
      "explain-failure [units..]",
      "Name the directive behind failures in a journal or audit log",
      command => explainFailureOptions(command),
      options => {
        const units = oneOf(unitsOf(options), "explain");
        const logs = { journal: dashOf(options.journal), audit: dashOf(options.audit) };
        command = { name: "explain-failure", options: { ...options, units, ...logs } };
      },
    )
    .command(
      "lsp",
      "Serve an editor: score, findings, hover, completion, quick fixes",
      command => lspOptions(command),
      options => {
        command = { name: "lsp", options: { ...options, units: [] } };
      },
    )
    .command(
      "completion [shell]",
      'Print a completion script: eval "$(tightunit completion bash)"',
      command =>
        command.positional("shell", { choices: shells, describe: "[default: the one in use, by SHELL]" }),
      ({ shell }) => {
        printed = completionScript(shell ?? shellOf(about.env.SHELL)).trimEnd();
      },
    )
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
  try {
    parser.parse(
      spellColour(argv).map(word => (word === "-" ? STANDARD_INPUT : word)),
      {},
      (_error, _parsed, output) => {
        printed ||= output;
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

/** An option's value of `-`, which went through under the other name as well. */
function dashOf(value: string | undefined): string | undefined {
  return value === STANDARD_INPUT ? "-" : value;
}

function oneOf(units: readonly string[], verb: string): readonly string[] {
  if (units.length !== 1) throw new Failure(`Say which unit to ${verb}, and only one`);
  return units;
}

function someOf(units: readonly string[], request: string): readonly string[] {
  if (units.length === 0) throw new Failure(request);
  return units;
}

/** What may be given several times. */
const MANY: readonly string[] = ["units", "_", "trace", "group", "report", "with"];

/** @throws {Failure} where an option with one value is given twice: which one is meant, only the caller knows. */
function onceOnly(parsed: Readonly<Record<string, unknown>>): true {
  for (const [name, value] of Object.entries(parsed)) {
    if (Array.isArray(value) && !MANY.includes(name)) throw new Failure(`--${name} is given more than once`);
  }
  return true;
}
