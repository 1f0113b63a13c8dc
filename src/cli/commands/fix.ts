import { Failure } from "../failure.ts";
import type { FixOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";

export async function fix(_options: FixOptions, _terminal: Terminal): Promise<number> {
  throw new Failure("fix is not available yet");
}
