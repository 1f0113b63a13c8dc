import { Failure } from "../failure.ts";
import type { CompareOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";
export async function compare(_options: CompareOptions, _terminal: Terminal): Promise<number> {
  throw new Failure("not yet");
}
