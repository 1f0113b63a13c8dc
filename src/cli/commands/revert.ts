// revert: back to what was there before apply.
import { revertDropIn } from "../../live/revert.ts";
import { visible } from "../../report/escape-terminal.ts";
import { EXIT } from "../failure.ts";
import { withMachine } from "../live-session.ts";
import type { SourceOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { unitName } from "../unit-name.ts";

/** @returns 0; 1 where the service does not come up or the file was changed since, 3 where there is nothing to revert. */
export async function revert(options: SourceOptions, terminal: Terminal): Promise<number> {
  const unit = unitName(options.units[0] ?? "");
  return withMachine(terminal, async context => {
    const { path, notUp } = await revertDropIn(unit, context);
    await terminal.write(`${visible(unit)}: ${visible(path)} is as it was\n`);
    if (notUp === undefined) return EXIT.fine;
    terminal.warn(`tightunit: ${visible(unit)} is not up: ${visible(notUp)}`);
    return EXIT.findings;
  });
}
