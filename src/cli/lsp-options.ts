import type { Argv } from "yargs";

/** Options of `lsp`: what clients of language servers pass, whatever the server. */
export function lspOptions(command: Argv) {
  return command
    .option("stdio", { type: "boolean", describe: "Speak on standard input and output, as it always does" })
    .option("clientProcessId", { type: "string", requiresArg: true, hidden: true })
    .example("$0 lsp", "what an editor starts; docs/editors.md says how to set each one up");
}
