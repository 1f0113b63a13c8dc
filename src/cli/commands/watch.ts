import type { WatchOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";

export async function watch(_options: WatchOptions, terminal: Terminal): Promise<number> {
  await terminal.write("");
  return 0;
}
