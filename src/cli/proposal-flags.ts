// The options of every command that makes a proposal: what it may hold, and what it rests on.
import type { Argv } from "yargs";

/** Adds them. @param level the level of the command where none is named */
export function proposalFlags<T>(command: Argv<T>, level: "balanced" | "strict") {
  return command
    .option("level", {
      choices: ["safe", "balanced", "strict"],
      describe: `How much certainty a directive needs [default: ${level}]`,
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
    .option("trace", {
      type: "string",
      array: true,
      nargs: 1,
      requiresArg: true,
      describe:
        "Evidence of the service at work: a trace of strace's, a folder of them (-ff), an audit log, a journal",
    });
}
