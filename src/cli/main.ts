// Arguments go in, an exit code comes out. Everything heavy is loaded by the command that needs it.
import { hostTree } from "../host/directory-tree.ts";
import { parseCommandLine } from "./command-line.ts";
import { EXIT, Failure } from "./failure.ts";
import { findConfig } from "./find-config.ts";
import type { Command } from "./options.ts";
import { OutputClosed, processTerminal, type Terminal } from "./terminal.ts";
import { toolVersion } from "./tool-version.ts";

/**
 * Runs one command line on the process's own streams.
 * @param threadFile the script that further threads run; see `serve`
 */
export function run(argv: readonly string[], threadFile: string): Promise<number> {
  return main(argv, processTerminal(threadFile));
}

/** What a further thread runs. */
export async function serve(): Promise<void> {
  await (await import("./serve-units.ts")).serveUnits();
}

/**
 * Runs one command line, the program's name left out.
 * @returns 0 fine, 1 findings over the bar, 2 usage, configuration or input error, 3 nothing matched.
 */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    const { columns, env } = terminal;
    const request = await parseCommandLine(argv, { version: toolVersion, columns, env });
    if (request.kind === "print") {
      await terminal.write(request.text);
      return EXIT.fine;
    }
    const command = await configured(request.command, terminal);
    switch (command.name) {
      case "audit":
        return await (await import("./commands/audit.ts")).audit(command.options, terminal);
      case "fix":
        return await (await import("./commands/fix.ts")).fix(command.options, terminal);
      case "gate":
        return await (await import("./commands/gate.ts")).gate(command.options, terminal);
      case "baseline":
        return await (await import("./commands/baseline.ts")).baseline(command.options, terminal);
      case "compare":
        return await (await import("./commands/compare.ts")).compare(command.options, terminal);
      case "merge":
        return await (await import("./commands/merge.ts")).merge(command.options, terminal);
      case "init":
        return await (await import("./commands/init.ts")).init(command.options, terminal);
      case "lsp":
        return await (await import("./commands/lsp.ts")).lsp(command.options, terminal);
      case "explain":
        return await (await import("./commands/explain.ts")).explain(command.options, terminal);
      case "try":
        return await (await import("./commands/try.ts")).tryCommand(command.options, terminal);
      case "apply":
        return await (await import("./commands/apply.ts")).apply(command.options, terminal);
      case "revert":
        return await (await import("./commands/revert.ts")).revert(command.options, terminal);
      case "recover":
        return await (await import("./commands/recover.ts")).recoverCommand(command.options, terminal);
      case "trace":
        return await (await import("./commands/trace.ts")).trace(command.options, terminal);
      case "watch":
        return await (await import("./commands/watch.ts")).watch(command.options, terminal);
      case "explain-failure":
        return await (await import("./commands/explain-failure.ts")).explainFailure(
          command.options,
          terminal,
        );
    }
  } catch (error) {
    if (error instanceof OutputClosed) return EXIT.fine;
    terminal.warn(`tightunit: ${await messageOf(error)}`);
    return EXIT.usage;
  }
}

/** What reads a configuration is loaded where there is one. */
async function configured(command: Command, terminal: Terminal): Promise<Command> {
  // Of every document the nearest configuration holds, whatever folder the editor was started in.
  if (command.name === "lsp") return command;
  const isThere = command.options.config !== undefined || findConfig(terminal.cwd, hostTree()) !== undefined;
  return isThere ? (await import("./with-config.ts")).withConfig(command, terminal) : command;
}

/** One line for failures that are expected; everything else is a bug, is thrown on and shows its stack. */
async function messageOf(error: unknown): Promise<string> {
  const { SourceError } = await import("../host/source-error.ts");
  if (error instanceof SourceError) {
    const { speaker } = await import("../report/messages.ts");
    const { loadMessages } = await import("../rules/messages.ts");
    return speaker(loadMessages())(error.diagnostic);
  }
  if (!(error instanceof Failure)) throw error;
  const { visible } = await import("../report/escape-terminal.ts");
  // A message of several lines says one problem on each.
  return error.message.split("\n").map(visible).join("\n");
}
