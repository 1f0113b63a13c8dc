// apply: a proposal → in place, if the service works with it.
import { previewDropIn, writeDropIn } from "../../host/drop-in-file.ts";
import { type ApplyResult, applyDropIn } from "../../live/apply.ts";
import { hashOf, readBackup } from "../../live/backup.ts";
import { visible } from "../../report/escape-terminal.ts";
import { tenths } from "../../report/paint.ts";
import { EXIT } from "../failure.ts";
import { type LiveUnit, openLiveUnit, withMachine } from "../live-session.ts";
import type { ApplyOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";
import { type TrialOptions, trialOptions } from "../trial-options.ts";
import { unitName } from "../unit-name.ts";

/** @returns 0; 1 where the service failed and all was put back, 2 where it cannot be done, 3 where there is no such unit. */
export async function apply(options: ApplyOptions, terminal: Terminal): Promise<number> {
  const trial = trialOptions(options, "balanced");
  const named = { ...options, units: options.units.map(unitName) };
  const opened = await openLiveUnit(named, terminal);
  if (opened === undefined) return EXIT.nothing;
  return withMachine(terminal, async context => {
    const { unit, place, propose } = opened;
    const proposal = propose(trial.wanted);
    if (proposal.dropIn === "") {
      await terminal.write(options.format === "json" ? "{}\n" : `${visible(unit)}: nothing to add\n`);
      return EXIT.fine;
    }
    const { before, after } = previewDropIn(place, proposal.dropIn);
    // As the last apply left it, checked then: a restart more would prove nothing. What `fix --write` put there was never tried.
    const applied = readBackup(unit, context.backupFolder)?.written;
    if (before === after && applied === hashOf(Buffer.from(after))) {
      await terminal.write(options.format === "json" ? "{}\n" : `${visible(unit)}: in place already\n`);
      return EXIT.fine;
    }
    const result = await applyDropIn(
      { ...trial, unit, path: place.path, put: () => writeDropIn(place, proposal.dropIn) },
      context,
    );
    await terminal.write(
      options.format === "json"
        ? `${JSON.stringify({ unit, path: place.path, ...summary(result), before: proposal.before.exposure, after: proposal.after.exposure })}\n`
        : text(opened, trial, result, proposal),
    );
    return result.kind === "applied" ? EXIT.fine : EXIT.findings;
  });
}

function summary(result: ApplyResult): object {
  if (result.kind === "applied") return result;
  const { at, reason, entries, output } = result.observation;
  return { kind: result.kind, at, reason, journal: entries.map(entry => entry.message), output };
}

function text(
  { unit, place }: LiveUnit,
  trial: TrialOptions,
  result: ApplyResult,
  { before, after }: ReturnType<LiveUnit["propose"]>,
): string {
  const name = visible(unit);
  if (result.kind === "applied") {
    const how =
      result.check === "untested"
        ? "it does not run now, so it was not tried"
        : trial.probe === undefined
          ? "it stays up"
          : "the probe passes";
    const figures = `${tenths(before.exposure)} → ${tenths(after.exposure)}`;
    return `${name}: ${figures}, ${how}; ${visible(place.path)}\nBack to what was there before: tightunit revert ${name}\n`;
  }
  const said = result.observation.entries.filter(entry => entry.from !== "kernel").slice(-8);
  const lines = said.map(entry => `  ${visible(entry.message).slice(0, 300)}`);
  return [`${name}: does not work with it, and is as it was. What it said:`, ...lines, ""].join("\n");
}
