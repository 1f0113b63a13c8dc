// The options of the commands that change a running service, and change it back.
import type { Argv } from "yargs";
import { proposalFlags } from "./proposal-flags.ts";

function unit<T>(command: Argv<T>) {
  return command.positional("units", { type: "string", array: true, default: [], describe: "The service" });
}

function trial<T>(command: Argv<T>, level: "balanced" | "strict") {
  const probed = unit(command)
    .option("probe", {
      type: "string",
      requiresArg: true,
      describe: "A shell command that uses the service, and fails where it does not work",
    })
    .option("probe-for", {
      type: "string",
      requiresArg: true,
      describe: "Repeat the probe for this long; without a probe, watch for this long [default: once; 10s]",
    })
    .option("probe-timeout", {
      type: "string",
      requiresArg: true,
      describe: "When one run of the probe has hung [default: 2min]",
    });
  return proposalFlags(probed, level).option("format", {
    choices: ["text", "json"],
    default: "text",
    describe: "Output",
  });
}

/** Options of `try`. */
export function tryOptions(command: Argv) {
  return trial(command, "strict")
    .option("bets", {
      type: "boolean",
      default: true,
      describe: "At strict, once it works: try what only inferred needs stand in the way of",
    })
    .option("with", {
      type: "string",
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: "Start with this value whatever the evidence says: DIRECTIVE=VALUE",
    })
    .option("keep", { type: "boolean", describe: "Leave what works in place, as fix --write would" })
    .option("max-restarts", {
      type: "string",
      requiresArg: true,
      describe: "Give up after this many restarts [default: 40]",
    })
    .example("$0 try nginx.service --probe 'curl -fsS localhost'", "the strictest drop-in that it works with")
    .example("$0 try nginx.service --probe ./use.sh --with ProtectHome=tmpfs", "does it bear that, too?")
    .example("$0 try myapp.service --probe-for 60s", "watched only: a probe proves more");
}

/** Options of `apply`. */
export function applyOptions(command: Argv) {
  return trial(command, "balanced").example(
    "$0 apply nginx.service --probe 'curl -fsS localhost'",
    "in place if it works, else as it was",
  );
}

/** Options of `revert`. */
export function revertOptions(command: Argv) {
  return unit(command).example("$0 revert nginx.service", "as it was before apply");
}
