// try: the strictest drop-in that a running service works with.
import { Failure } from "../failure.ts";
import type { TryOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";

export async function tryCommand(_options: TryOptions, _terminal: Terminal): Promise<number> {
  throw new Failure("not yet");
}
