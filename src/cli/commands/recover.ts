// recover: what a killed run left → put back.
import { recover } from "../../live/recover.ts";
import { visible } from "../../report/escape-terminal.ts";
import { EXIT } from "../failure.ts";
import { withMachine } from "../live-session.ts";
import type { SourceOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** @returns 0; 1 where not everything could be put back. */
export async function recoverCommand(_options: SourceOptions, terminal: Terminal): Promise<number> {
  return withMachine(terminal, async context => {
    const { run, strays, failures } = await recover(context);
    const lines = [
      ...(run === undefined
        ? []
        : [`${run.unit}: a killed ${run.command} was undone; its last step: ${run.lastStep}`]),
      ...strays.map(path => `removed ${path}`),
    ];
    if (lines.length === 0) lines.push("nothing was left behind");
    await terminal.write(lines.map(line => `${visible(line)}\n`).join(""));
    for (const failure of failures) terminal.warn(`tightunit: could not put back: ${visible(failure)}`);
    return failures.length === 0 ? EXIT.fine : EXIT.findings;
  });
}
