// The only door between the commands and the streams: what is written, whether it may be decorated, how wide it may be.
import { Failure } from "./failure.ts";

export interface Terminal {
  /** Resolves when the text is handed over. @throws {OutputClosed} when the reader has gone. */
  write(text: string): Promise<void>;
  /** A line for a person beside the result: warnings, errors, notes. */
  warn(text: string): void;
  /** All that comes in on standard input. @throws {Failure} above 16 MiB. */
  readInput(): Promise<Uint8Array>;
  /** A line on a terminal that the next one replaces; nothing at all where standard error is none. */
  progress(text: string): void;
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 where the output is none and COLUMNS says nothing. */
  readonly columns: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The script that a further thread of this program runs; absent where there can be none. */
  readonly threadFile?: string;
}

/** The reader of our output has gone (`| head`): no error, and nobody is left to tell. */
export class OutputClosed extends Error {
  override readonly name = "OutputClosed";
}

/** The process's own streams as a `Terminal`. */
export function processTerminal(threadFile?: string): Terminal {
  const { stdout, stderr, env } = process;
  let hasProgress = false;
  // Without a listener a broken pipe would be thrown outside of every try; the callback of write() reports it too.
  stdout.on("error", () => {});
  stderr.on("error", () => {});
  const clear = (): void => {
    if (hasProgress) stderr.write("\r\u001b[K");
    hasProgress = false;
  };
  return {
    write: text =>
      new Promise((resolve, reject) => {
        clear();
        stdout.write(text, error => {
          if (error) reject(new OutputClosed(error.message));
          else resolve();
        });
      }),
    warn(text) {
      clear();
      stderr.write(`${text}\n`);
    },
    progress(text) {
      if (!stderr.isTTY) return;
      hasProgress = true;
      stderr.write(`\r\u001b[K${text.slice(0, Math.max(0, (stderr.columns ?? 80) - 1))}`);
      if (text === "") hasProgress = false;
    },
    readInput: () => readAll(process.stdin),
    isTerminal: stdout.isTTY === true,
    columns: columnsOf(stdout.columns, env.COLUMNS),
    env,
    cwd: process.cwd(),
    ...(threadFile === undefined ? {} : { threadFile }),
  };
}

const INPUT_LIMIT = 16 * 1024 * 1024;

async function readAll(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of input) {
    size += chunk.length;
    if (size > INPUT_LIMIT) throw new Failure("standard input is larger than 16 MiB");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function columnsOf(ofTerminal: number | undefined, ofEnvironment: string | undefined): number {
  const asked = Number(ofEnvironment);
  if (ofTerminal !== undefined && ofTerminal > 0) return ofTerminal;
  return Number.isInteger(asked) && asked >= 40 && asked <= 1000 ? asked : 80;
}
