import { main } from "../../src/cli/main.ts";
import type { Terminal } from "../../src/cli/terminal.ts";

export interface Run {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly columns?: number;
  readonly isTerminal?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** The command line in this process, with a terminal that only remembers. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  let stdout = "";
  let stderr = "";
  const terminal: Terminal = {
    write: async text => {
      stdout += text;
    },
    warn: text => {
      stderr += `${text}\n`;
    },
    progress: () => {},
    readInput: async () => new TextEncoder().encode(options.input ?? ""),
    isTerminal: options.isTerminal ?? false,
    columns: options.columns ?? 80,
    env: options.env ?? {},
    cwd: options.cwd ?? process.cwd(),
  };
  const code = await main(argv, terminal);
  return { code, stdout, stderr };
}
