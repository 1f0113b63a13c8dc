// The options of the commands that look at a running service, or at what it left in logs.
import type { Argv } from "yargs";

function unit<T>(command: Argv<T>) {
  return command
    .positional("units", { type: "string", array: true, default: [], describe: "The unit" })
    .option("systemd", {
      type: "string",
      requiresArg: true,
      describe: "Version to read the unit for [default: the installed one]",
    });
}

/** Options of `trace`. */
export function traceOptions(command: Argv) {
  return unit(command)
    .option("for", {
      type: "string",
      requiresArg: true,
      describe: "How long to watch [default: 60s; with --probe until it ends]",
    })
    .option("probe", { type: "string", requiresArg: true, describe: "A shell command that uses the service" })
    .option("restart", {
      type: "boolean",
      default: true,
      describe: "Restart the unit under the tracer, so that its start and end are seen",
    })
    .option("output", {
      alias: "o",
      type: "string",
      requiresArg: true,
      describe: "Write the trace to this file, for fix --trace; readable for its owner alone",
    })
    .option("level", {
      choices: ["safe", "balanced", "strict"],
      describe: "Say what fix would propose at this level with the trace",
    })
    .example("$0 trace nginx.service --probe 'curl -f http://localhost/'", "its needs while it is used")
    .example("$0 trace nginx.service --for 10min -o nginx.trace", "and the trace itself, for fix --trace");
}

/** Options of `watch`. */
export function watchOptions(command: Argv) {
  return unit(command)
    .option("for", {
      type: "string",
      requiresArg: true,
      describe: "How long to watch [default: until interrupted]",
    })
    .option("format", { choices: ["text", "json"], default: "text", describe: "Output" })
    .example("$0 watch nginx.service", "while the service is used with its drop-in");
}

/** Options of `explain-failure`. */
export function explainFailureOptions(command: Argv) {
  return unit(command)
    .option("journal", {
      type: "string",
      requiresArg: true,
      describe: "An export of the journal: -o json, -o export or text; - for standard input",
    })
    .option("audit", { type: "string", requiresArg: true, describe: "The audit log; - for standard input" })
    .option("root", {
      type: "string",
      requiresArg: true,
      describe: "Read the unit below this folder: an image, a container, a chroot",
    })
    .option("arch", { type: "string", requiresArg: true, describe: "Architecture of the unit's machine" })
    .option("format", { choices: ["text", "json"], default: "text", describe: "Output" })
    .example(
      "journalctl -u nginx -o json | $0 explain-failure nginx.service --journal -",
      "what denied the service what it asked for",
    );
}
