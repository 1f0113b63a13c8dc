// What the formats of a verdict are made from, gathered from a run; what costs time only where a format asks for it.
import type { Comparison } from "../gate/compare.ts";
import type { GateResult } from "../gate/finding.ts";
import { hostTree } from "../host/directory-tree.ts";
import type { Extra, ReportFix, ReportSource } from "../report/formats/format.ts";
import { worstFirst } from "../report/formats/worst-first.ts";
import { ruleTexts } from "../report/rule-texts.ts";
import type { Fixable } from "./gate-fix.ts";
import type { GateRun } from "./gate-run.ts";
import { proposeDropIn } from "./propose-drop-in.ts";
import { type CollectOptions, collectUnit } from "./report-units.ts";
import type { Session } from "./session.ts";
import { sourceFiles } from "./source-files.ts";
import type { Terminal } from "./terminal.ts";

export interface GateReportInput {
  readonly run: GateRun;
  readonly result: GateResult;
  readonly comparison?: Comparison | undefined;
  /** Empty where nothing is needed of them. */
  readonly units: readonly Fixable[];
  readonly needs: ReadonlySet<Extra>;
}

/** Drop-ins are worked out for the worst of the units that fail; more of them nobody applies from a list of findings. */
const MOST_FIXES = 100;

export function gateReport(input: GateReportInput, { cwd }: Pick<Terminal, "cwd">): ReportSource {
  const { run, result, comparison, units, needs } = input;
  const { session, setup, speak, context } = run;
  const { pack, rulePacks } = context.audit;
  const { docsUrl } = setup;
  const rules = ruleTexts([pack, ...rulePacks, ...setup.packs], docsUrl);
  const options: CollectOptions = { session, cwd, level: "safe" };
  return {
    head: session.head,
    result,
    speak,
    rules,
    docsUrl,
    fileOf: sourceFiles(cwd, session.machineRoot, hostTree()),
    date: setup.today,
    texts: session.texts,
    fixes: needs.has("fixes") ? fixesOf(worstUnits(result, rules), units, session, cwd) : [],
    units: needs.has("units") ? units.map(each => collectUnit(each.audited, each.target, options)) : [],
    ...(comparison === undefined ? {} : { comparison }),
  };
}

/** The units that fail, the one with the worst finding first. */
function worstUnits(result: GateResult, rules: ReportSource["rules"]): readonly string[] {
  const failing = worstFirst(result, rules).filter(each => each.isFailing);
  return [...new Set(failing.map(each => each.unit))];
}

function fixesOf(
  names: readonly string[],
  units: readonly Fixable[],
  session: Session,
  cwd: string,
): readonly ReportFix[] {
  const byName = new Map(units.map(each => [each.name, each]));
  return names.slice(0, MOST_FIXES).flatMap(unit => {
    const found = byName.get(unit);
    const proposed = found && proposeDropIn(found.audited.unit, found.target, "safe", session, cwd);
    if (proposed === undefined || proposed.after === (proposed.before ?? "")) return [];
    const { file, before, after } = proposed;
    return [{ unit, file, after, ...(before === undefined ? {} : { before }) }];
  });
}
