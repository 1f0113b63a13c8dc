// gate: units and a policy → pass or fail, for CI.
import { resolve } from "node:path";
import type { GateResult } from "../../gate/finding.ts";
import { snapshotOf, type UnitSnapshot } from "../../gate/snapshot.ts";
import { writeAtomic } from "../../host/write-atomic.ts";
import { gateJson } from "../../report/gate-json.ts";
import { gateMarkdown } from "../../report/gate-markdown.ts";
import { gateResultText } from "../../report/gate-result-text.ts";
import { exitOf } from "../exit-of.ts";
import { EXIT, Failure } from "../failure.ts";
import { type Against, compareAgainst } from "../gate-against.ts";
import { type Fixable, writePatches } from "../gate-fix.ts";
import { type GateRun, judgeRun, runGate } from "../gate-run.ts";
import type { GateOptions } from "../options.ts";
import { shownPath } from "../read-besides.ts";
import type { Terminal } from "../terminal.ts";

/** @returns 0 passed, 1 failed, 2 where a unit that was named is not there, 3 where there is none at all. */
export async function gate(typed: GateOptions, terminal: Terminal): Promise<number> {
  if (!hasPolicy(typed))
    throw new Failure("Say how exposed a unit may be: --max-exposure 5.0, or a policy in tightunit.conf");
  if (typed.against !== undefined && typed.root !== undefined)
    throw new Failure("--against compares files of a repository; it cannot be used with --root");
  // A comparison of nothing in particular is one of the units of the working folder, not of this machine.
  const options =
    typed.against !== undefined && typed.units.length === 0 ? { ...typed, units: ["."] } : typed;
  const now: UnitSnapshot[] = [];
  const fixable: Fixable[] = [];
  const run = await runGate(options, terminal, (audited, target, found) => {
    const shown = (file: string): string => shownPath(file, terminal.cwd);
    if (options.against !== undefined) now.push(snapshotOf(audited, found.findings, shown));
    if (options.fix !== undefined) fixable.push({ name: found.name, unit: audited.unit, target });
  });
  const code = exitOf(run.session.outcome(), terminal);
  if (code === EXIT.nothing) return code;
  const against =
    options.against === undefined
      ? undefined
      : await compareAgainst(options.against, options, run, now, terminal.cwd);
  const result = judgeRun(run, against);
  const text = shown(result, run, options, against);
  // Patches are for another program to read: nothing else comes between them.
  if (options.fix === "-") terminal.warn(text.trimEnd());
  else await terminal.write(text);
  if (options.summary !== undefined) {
    const markdown = gateMarkdown(result, run.speak, against?.comparison);
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

function shown(result: GateResult, run: GateRun, options: GateOptions, against: Against | undefined): string {
  const { session, speak } = run;
  if (options.format === "json") return gateJson(result, session.head, speak);
  if (options.format === "markdown") return gateMarkdown(result, speak, against?.comparison);
  return gateResultText(result, { paint: session.paint, speak });
}
