// try: the strictest drop-in that a running service works with.
import { writeDropIn } from "../../host/drop-in-file.ts";
import { applyDropIn } from "../../live/apply.ts";
import { tryUnit } from "../../live/try-unit.ts";
import { visible } from "../../report/escape-terminal.ts";
import { tryJson, tryText } from "../../report/try-text.ts";
import { EXIT, Failure } from "../failure.ts";
import { forcedValue } from "../forced-value.ts";
import { openLiveUnit, withMachine } from "../live-session.ts";
import type { TryOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { trialOptions } from "../trial-options.ts";
import { unitName } from "../unit-name.ts";

const MAX_RESTARTS = 40;

/** @returns 0; 1 where nothing was found that works, 2 where the unit cannot be tried, 3 where there is no such unit. */
export async function tryCommand(options: TryOptions, terminal: Terminal): Promise<number> {
  const trial = trialOptions(options, "strict");
  const maxRestarts = Number(options.maxRestarts ?? MAX_RESTARTS);
  if (!Number.isInteger(maxRestarts) || maxRestarts < 2 || maxRestarts > 1000)
    throw new Failure(`--max-restarts takes a number from 2 to 1000, not "${options.maxRestarts}"`);
  const forced = (options.with ?? []).map(forcedValue);
  const name = unitName(options.units[0] ?? "");
  if (name.includes("@.")) throw new Failure(`${name} is a template; name an instance of it`);
  const opened = await openLiveUnit({ ...options, units: [name] }, terminal);
  if (opened === undefined) return EXIT.nothing;
  const { unit, place, propose } = opened;
  for (const path of opened.later)
    terminal.warn(`${visible(path)} is read after the trial's lines: what it sets stays as it is.`);
  if (opened.managed !== undefined)
    terminal.warn(`Looks past the lines of tightunit in ${visible(place.path)} meanwhile.`);
  return withMachine(terminal, async context => {
    const result = await tryUnit(
      {
        ...trial,
        wanted: { ...trial.wanted, ...(forced.length === 0 ? {} : { forced }) },
        unit,
        propose,
        maxRestarts,
        ...(opened.managed === undefined ? {} : { replaces: opened.managed }),
        ...(options.bets === false ? {} : { bets: opened.bets }),
      },
      context,
    );
    const { dropIn } = result.proposal;
    await terminal.write(
      options.format === "json" ? `${JSON.stringify(tryJson(result))}\n` : tryText(result),
    );
    if (dropIn === "") return result.first.dropIn === "" ? EXIT.fine : EXIT.findings;
    if (options.keep !== true) return EXIT.fine;
    const kept = await applyDropIn(
      { ...trial, unit, path: place.path, put: () => writeDropIn(place, dropIn) },
      context,
    );
    if (kept.kind === "applied")
      terminal.warn(`Kept in ${visible(place.path)}; tightunit revert takes it out.`);
    return kept.kind === "applied" ? EXIT.fine : EXIT.findings;
  });
}
