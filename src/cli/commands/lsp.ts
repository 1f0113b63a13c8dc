// lsp: an editor on the other end of standard input and output.

import { serve } from "../lsp/serve.ts";
import type { LspOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** Never comes back: the protocol ends the process, 0 after `shutdown` and `exit`, 1 where the client just went away. */
export function lsp(_options: LspOptions, { env, warn }: Terminal): Promise<number> {
  serve({ input: process.stdin, output: process.stdout, env, warn });
  return new Promise(() => {});
}
