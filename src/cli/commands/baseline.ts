// baseline: today's findings → a file that the gate takes them from, one sorted line each.
import { parseBaseline, renderBaseline, updateBaseline } from "../../gate/baseline.ts";
import { writeAtomic } from "../../host/write-atomic.ts";
import { visible } from "../../report/escape-terminal.ts";
import { counted } from "../../report/gate-result-text.ts";
import { exitOf } from "../exit-of.ts";
import { EXIT, Failure } from "../failure.ts";
import { judgeRun, runGate } from "../gate-run.ts";
import type { BaselineOptions } from "../options.ts";
import { shownPath } from "../read-besides.ts";
import type { Terminal } from "../terminal.ts";

/** @returns 0; 2 where the file is there and is not to be updated, 3 where there are no units. */
export async function baseline(options: BaselineOptions, terminal: Terminal): Promise<number> {
  const run = await runGate(options, terminal, { absentBaseline: "is-made" });
  const { setup, isWhole, units } = run;
  const code = exitOf(run.session.outcome(), terminal);
  if (code !== EXIT.fine) return code;
  const file = shownPath(run.baselineFile, terminal.cwd);
  if (run.baseline !== undefined && options.update !== true)
    throw new Failure(
      `${file} is there already; --update takes out what is gone, --update --add takes in what is new`,
    );
  if (run.baseline === undefined && options.update === true && options.add !== true)
    throw new Failure(`there is no ${file} to update`);
  const result = judgeRun(run);
  const findings = result.findings.filter(
    each => ["new", "worse", "baseline"].includes(each.status) && !setup.names.isAboutGate(each.rule),
  );
  const covered = new Set(units.flatMap(each => [each.name, ...each.aliases]));
  const known = [...(run.baseline?.entries.values() ?? [])];
  // Of a source tree's units, none are among the machine's: nothing was mended then, other units were looked at.
  const isElsewhere = options.units.length === 0 && !known.some(each => covered.has(each.unit));
  if (known.length > 0 && isElsewhere && options.add !== true)
    throw new Failure(`none of the units of ${file} is among those looked at; name its files or folders`);
  const before = run.baseline ?? parseBaseline(renderBaseline([]), file, setup.names);
  const { text, added, removed, lowered } = updateBaseline(before, {
    findings,
    aliasesOf: new Map(units.map(each => [each.name, each.aliases])),
    isCovered: entry => isWhole || covered.has(entry.unit),
    mode: options.update === true && options.add !== true ? "remove" : "add",
  });
  writeAtomic(run.baselineFile, new TextEncoder().encode(text));
  const parts = [
    ...(added > 0 ? [`${added} added`] : []),
    ...(removed > 0 ? [`${removed} removed`] : []),
    ...(lowered > 0 ? [`${lowered} lowered`] : []),
  ];
  const total = text.split("\n").length - 2;
  const change = parts.length === 0 ? "nothing changed" : parts.join(", ");
  await terminal.write(`${visible(file)}: ${counted(total, "finding")}, ${change}\n`);
  return EXIT.fine;
}
