// The options of the command that says what is known.
import type { Argv } from "yargs";
import { sourceOptions } from "./command-options.ts";

/** Options of `explain`. */
export function explainOptions(command: Argv) {
  return sourceOptions(command)
    .positional("units", {
      type: "string",
      array: true,
      default: [],
      describe: "Directives, checks or units",
    })
    .option("format", { choices: ["text", "json", "markdown"], default: "text", describe: "Output" })
    .option("output", {
      type: "string",
      requiresArg: true,
      describe: "Folder for a page of Markdown about each rule that the gate knows here, and nothing else",
    })
    .example("$0 explain ProtectSystem", "what it denies, its values, what it may break")
    .example("$0 explain SystemCallFilter_swap", "what a check asks")
    .example("$0 explain --output docs/rules", "pages for [report] docs-url to lead to");
}
