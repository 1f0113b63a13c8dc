import { EXIT } from "./failure.ts";
import type { Outcome } from "./session.ts";
import type { Terminal } from "./terminal.ts";

/** 0 where every argument led to units, 2 where some did not or could not be read, 3 where none did. */
export function exitOf({ found, missing, broken }: Outcome, terminal: Terminal): number {
  if (found > 0) return missing + broken > 0 ? EXIT.usage : EXIT.fine;
  if (broken > 0) return EXIT.usage;
  if (missing === 0) terminal.warn("tightunit: there are no units here");
  return EXIT.nothing;
}
