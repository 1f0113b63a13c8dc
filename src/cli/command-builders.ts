// Every command and the options that it takes, for what speaks of commands without running them: completion, the manual.
import type { Argv } from "yargs";
import {
  auditOptions,
  baselineOptions,
  compareOptions,
  fixOptions,
  gateOptions,
  initOptions,
} from "./command-options.ts";
import { explainOptions } from "./explain-options.ts";
import { explainFailureOptions, traceOptions, watchOptions } from "./live-options.ts";
import { lspOptions } from "./lsp-options.ts";
import { mergeOptions } from "./merge-options.ts";
import { applyOptions, revertOptions, tryOptions } from "./try-options.ts";

/** What stands behind a command's options: units, files alone, or nothing that could be listed. */
export type Operand = "units" | "topics" | "files" | "none";

export interface CommandBuilder {
  readonly operand: Operand;
  readonly build: (command: Argv) => Argv;
}

export const commandBuilders: ReadonlyMap<string, CommandBuilder> = new Map<string, CommandBuilder>([
  ["audit", { operand: "units", build: auditOptions }],
  ["fix", { operand: "units", build: fixOptions }],
  ["gate", { operand: "units", build: gateOptions }],
  ["baseline", { operand: "units", build: baselineOptions }],
  ["compare", { operand: "files", build: compareOptions }],
  ["merge", { operand: "files", build: mergeOptions }],
  ["init", { operand: "units", build: initOptions }],
  ["explain", { operand: "topics", build: explainOptions }],
  ["try", { operand: "units", build: tryOptions }],
  ["apply", { operand: "units", build: applyOptions }],
  ["revert", { operand: "units", build: revertOptions }],
  ["recover", { operand: "none", build: command => command }],
  ["trace", { operand: "units", build: traceOptions }],
  ["watch", { operand: "units", build: watchOptions }],
  ["lsp", { operand: "none", build: lspOptions }],
  ["explain-failure", { operand: "units", build: explainFailureOptions }],
]);
