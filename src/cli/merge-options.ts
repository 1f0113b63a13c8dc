// The options of the command about many hosts.
import type { Argv } from "yargs";
import { reportOption } from "./command-options.ts";

/** The names of src/report/fleet-formats.ts, which a test compares; loading them all would cost every start. */
export const FLEET_FORMATS: readonly string[] = ["text", "json", "ndjson", "csv", "markdown", "html"];

/** Options of `merge`. */
export function mergeOptions(command: Argv) {
  return command
    .positional("units", {
      type: "string",
      array: true,
      default: [],
      describe: "JSON or NDJSON of audits, a host each; folders and patterns of them; - for standard input",
    })
    .option("group", {
      type: "string",
      array: true,
      nargs: 1,
      requiresArg: true,
      describe:
        "Hosts that should be alike: a pattern, or LABEL=PATTERN [default: those with the same units]",
    })
    .option("max-exposure", {
      type: "string",
      requiresArg: true,
      describe: "Count units above this, 0.0 to 10.0 [default: 5.0]",
    })
    .option("format", { choices: FLEET_FORMATS, describe: "Output [default: text]" })
    .option("report", reportOption)
    .option("table", {
      choices: ["hosts", "units", "drift", "checks"] as const,
      default: "hosts" as const,
      describe: "What csv is about",
    })
    .example("$0 audit --host web1 --format ndjson >web1.ndjson", "what each host gives")
    .example("$0 merge collected/", "one report of them all")
    .example("$0 merge collected/ --report html=fleet.html --report pdf=fleet.pdf", "reports beside the text")
    .example("$0 merge collected/ --group 'web*' --group db='pg-*'", "and what differs where it should not");
}
