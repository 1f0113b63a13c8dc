// gate: units and a bar → pass or fail, for CI.
import { type Candidate, judgeExposure } from "../../gate/judge-exposure.ts";
import { gateText } from "../../report/gate-text.ts";
import { exitOf } from "../exit-of.ts";
import { parseExposure } from "../exposure.ts";
import { EXIT, Failure } from "../failure.ts";
import type { GateOptions } from "../options.ts";
import { openSession } from "../session.ts";
import type { Terminal } from "../terminal.ts";

/** @returns 0 passed, 1 failed, 2 where a unit that was named is not there, 3 where there is none at all. */
export async function gate(options: GateOptions, terminal: Terminal): Promise<number> {
  if (options.maxExposure === undefined)
    throw new Failure("Say how exposed a unit may be: --max-exposure 5.0");
  const maxExposure = parseExposure(options.maxExposure, "--max-exposure");
  const session = await openSession(options, terminal);
  const candidates: Candidate[] = [];
  for (const { unit, status, assessment, reason } of session.audits()) {
    candidates.push({
      name: unit.requested === "" ? unit.name : status === "scored" ? unit.name : unit.requested,
      status,
      exposure: assessment?.exposure ?? null,
      level: assessment?.level ?? "",
      message: reason === undefined ? "" : session.speak(reason),
    });
  }
  const code = exitOf(session.outcome(), terminal);
  if (code === EXIT.nothing) return code;
  const verdict = judgeExposure(candidates, maxExposure);
  if (options.format === "json") await terminal.write(`${JSON.stringify({ ...session.head, ...verdict })}\n`);
  else await terminal.write(gateText(verdict, { columns: terminal.columns, paint: session.paint }));
  if (code !== EXIT.fine) return code;
  return verdict.hasPassed ? EXIT.fine : EXIT.findings;
}
