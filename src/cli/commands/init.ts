import { Failure } from "../failure.ts";
import type { InitOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";
export async function init(_options: InitOptions, _terminal: Terminal): Promise<number> {
  throw new Failure("not yet");
}
