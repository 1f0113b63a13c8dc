// gate: units and a policy → pass or fail, for CI.
import { resolve } from "node:path";
import { snapshotOf, type UnitSnapshot } from "../../gate/snapshot.ts";
import { writeAtomic } from "../../host/write-atomic.ts";
import { formats } from "../../report/formats/formats.ts";
import { gateMarkdown } from "../../report/gate-markdown.ts";
import { gateResultText } from "../../report/gate-result-text.ts";
import { exitOf } from "../exit-of.ts";
import { EXIT, Failure } from "../failure.ts";
import { compareAgainst } from "../gate-against.ts";
import { type Fixable, writePatches } from "../gate-fix.ts";
import { gateReport } from "../gate-report.ts";
import { judgeRun, runGate, type Visit } from "../gate-run.ts";
import type { GateOptions } from "../options.ts";
import { shownPath } from "../read-besides.ts";
import { reportRequest } from "../report-request.ts";
import type { Terminal } from "../terminal.ts";
import { checkPrinter, formatsOf, writeReports } from "../write-reports.ts";

/** @returns 0 passed, 1 failed, 2 where a unit that was named is not there, 3 where there is none at all. */
export async function gate(typed: GateOptions, terminal: Terminal): Promise<number> {
  if (!hasPolicy(typed))
    throw new Failure("Say how exposed a unit may be: --max-exposure 5.0, or a policy in tightunit.conf");
  if (typed.against !== undefined && typed.root !== undefined)
    throw new Failure("--against compares files of a repository; it cannot be used with --root");
  const request = reportRequest(typed, formats, terminal.cwd);
  checkPrinter(request.files, terminal);
  if (request.output.name !== "text" && typed.fix === "-")
    throw new Failure("the output takes patches or a report: give a file or a folder to one");
  const needs = new Set(formatsOf(request).flatMap(each => each.needs ?? []));
  // A comparison of nothing in particular is one of the units of the working folder, not of this machine.
  const options =
    typed.against !== undefined && typed.units.length === 0 ? { ...typed, units: ["."] } : typed;
  const now: UnitSnapshot[] = [];
  const fixable: Fixable[] = [];
  const keep: Visit = (audited, target, found) => {
    const shown = (file: string): string => shownPath(file, terminal.cwd);
    if (options.against !== undefined) now.push(snapshotOf(audited, found.findings, shown));
    if (options.fix !== undefined || needs.size > 0) fixable.push({ name: found.name, audited, target });
  };
  const keepsUnits = options.against !== undefined || options.fix !== undefined || needs.size > 0;
  const run = await runGate(options, terminal, { visit: keepsUnits ? keep : undefined });
  const code = exitOf(run.session.outcome(), terminal);
  if (code === EXIT.nothing) return code;
  const against =
    options.against === undefined
      ? undefined
      : await compareAgainst(options.against, options, run, now, terminal.cwd);
  const result = judgeRun(run, against);
  const source = gateReport(
    { run, result, comparison: against?.comparison, units: fixable, needs },
    terminal,
  );
  const text = gateResultText(result, { paint: run.session.paint, speak: run.speak });
  // Patches are for another program to read: nothing else comes between them.
  if (options.fix === "-") terminal.warn(text.trimEnd());
  else if (request.output.name === "text") await terminal.write(text);
  await writeReports(request, source, terminal);
  if (options.summary !== undefined) {
    const { comparison, rules, speak } = source;
    const markdown = gateMarkdown(result, speak, { comparison, rules });
    writeAtomic(resolve(terminal.cwd, options.summary), new TextEncoder().encode(markdown));
  }
  if (options.fix !== undefined) {
    const failed = new Set(result.findings.filter(each => each.isFailing).map(each => each.unit));
    const failing = fixable.filter(each => failed.has(each.name));
    await writePatches(failing, options.fix, run.session, terminal);
  }
  if (code !== EXIT.fine) return code;
  return result.verdict === "passed" ? EXIT.fine : EXIT.findings;
}

/** A gate without any demand would let everything through that is no plain mistake; that must be a choice. */
function hasPolicy({ maxExposure, configured, baseline, against }: GateOptions): boolean {
  const { gate, units, kinds, rules, packs } = configured?.config ?? {};
  return [maxExposure, gate, units, kinds, rules, packs, baseline, against].some(each => each !== undefined);
}
