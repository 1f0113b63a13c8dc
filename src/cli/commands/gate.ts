// gate: units and a policy → pass or fail, for CI.
import type { GateResult } from "../../gate/finding.ts";
import { gateJson } from "../../report/gate-json.ts";
import { gateResultText } from "../../report/gate-result-text.ts";
import { exitOf } from "../exit-of.ts";
import { EXIT, Failure } from "../failure.ts";
import { type GateRun, judgeRun, runGate } from "../gate-run.ts";
import type { GateOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** @returns 0 passed, 1 failed, 2 where a unit that was named is not there, 3 where there is none at all. */
export async function gate(options: GateOptions, terminal: Terminal): Promise<number> {
  if (!hasPolicy(options))
    throw new Failure("Say how exposed a unit may be: --max-exposure 5.0, or a policy in tightunit.conf");
  const run = await runGate(options, terminal);
  const code = exitOf(run.session.outcome(), terminal);
  if (code === EXIT.nothing) return code;
  const result = judgeRun(run);
  await terminal.write(shown(result, run, options));
  if (code !== EXIT.fine) return code;
  return result.verdict === "passed" ? EXIT.fine : EXIT.findings;
}

/** A gate without any demand would let everything through that is no plain mistake; that must be a choice. */
function hasPolicy({ maxExposure, configured, baseline, against }: GateOptions): boolean {
  const { gate, units, kinds, rules, packs } = configured?.config ?? {};
  return [maxExposure, gate, units, kinds, rules, packs, baseline, against].some(each => each !== undefined);
}

function shown(result: GateResult, run: GateRun, options: GateOptions): string {
  const { session, speak } = run;
  if (options.format === "json") return gateJson(result, session.head, speak);
  return gateResultText(result, { paint: session.paint, speak });
}
