// Arguments go in, an exit code comes out. Everything heavy is loaded by the command that needs it.
import { parseCommandLine } from "./command-line.ts";
import { EXIT, Failure } from "./failure.ts";
import { OutputClosed, processTerminal, type Terminal } from "./terminal.ts";
import { toolVersion } from "./tool-version.ts";

/**
 * Runs one command line, the program's name left out.
 * @returns 0 fine, 1 findings over the bar, 2 usage, configuration or input error, 3 nothing matched.
 */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    const request = await parseCommandLine(argv, { version: toolVersion, columns: terminal.columns });
    if (request.kind === "print") {
      await terminal.write(request.text);
      return EXIT.fine;
    }
    const { command } = request;
    switch (command.name) {
      case "audit":
        return await (await import("./commands/audit.ts")).audit(command.options, terminal);
      case "fix":
        return await (await import("./commands/fix.ts")).fix(command.options, terminal);
      case "gate":
        return await (await import("./commands/gate.ts")).gate(command.options, terminal);
      case "explain":
        return await (await import("./commands/explain.ts")).explain(command.options, terminal);
    }
  } catch (error) {
    if (error instanceof OutputClosed) return EXIT.fine;
    if (!isExpected(error)) throw error;
    const { visible } = await import("../report/escape-terminal.ts");
    terminal.warn(`tightunit: ${visible(error.message)}`);
    return EXIT.usage;
  }
}

/** Failures that say in one line what is wrong; everything else is a bug and shows its stack. */
function isExpected(error: unknown): error is Error {
  return error instanceof Failure;
}
