import { oncePer } from "../needs/once-per.ts";
import type { Check, Pack } from "../rules/pack.ts";
import { assess, checksFor } from "../score/assess.ts";
import type { Assessment } from "../score/assessment.ts";
import { lookUp, type Settings } from "../settings/settings.ts";
import type { Position } from "../unit/tree.ts";
import type { FindContext } from "./find-context.ts";
import type { Finding } from "./finding.ts";
import { own } from "./own-finding.ts";

/** A check that the policy asks for, by its place among an assessment's. */
type Wanted = readonly (readonly [index: number, check: Check])[];

interface Place {
  readonly name: string;
  /** Where what is missing would go. */
  readonly anchor: Position | undefined;
}

/** Failed checks: of the organisation's packs, and those of the standard pack that the policy turns on. */
export function checkFindings(
  assessment: Assessment | undefined,
  settings: Settings,
  place: Place,
  context: FindContext,
): readonly Finding[] {
  const { standard, others } = wantedChecks(context);
  const { facts, policy } = context.audit;
  const found = assessment === undefined ? [] : failed(assessment, standard, settings, place);
  for (const { pack, wanted } of others)
    found.push(...failed(assess(settings, pack, facts, undefined), wanted, settings, place));
  return policy === undefined
    ? found
    : found.filter(finding => policy.checks.get(finding.rule)?.weight !== 0);
}

/** The same for all units of a run. */
const wantedChecks = oncePer(({ audit, policy, packs }: FindContext) => {
  const listed = (pack: Pack): Wanted => [...checksFor(pack, audit.target).entries()];
  const turnedOn = policy.packs.get(audit.pack.pack);
  const isOn = turnedOn !== undefined && turnedOn !== "off";
  return {
    standard: listed(audit.pack).filter(([, { id }]) => isOn || policy.rules.has(id)),
    others: packs
      .filter(
        each => each !== audit.pack && each.checks !== undefined && policy.packs.get(each.pack) !== "off",
      )
      .map(pack => ({ pack, wanted: listed(pack) })),
  };
});

function failed(
  { checks }: Assessment,
  wanted: Wanted,
  settings: Settings,
  { name, anchor }: Place,
): Finding[] {
  const values = lookUp(settings);
  const found: Finding[] = [];
  for (const [index, check] of wanted) {
    const result = checks[index];
    if (result === undefined || result.badness === null || result.badness === 0) continue;
    const { id, badness, directive, range } = result;
    const text = check.texts?.bad ?? check.title;
    const args = { rule: id, text, badness: String(badness), range: String(range) };
    const at = values.get(directive)?.origins.at(-1)?.position ?? anchor;
    found.push({ ...own(id, "", { code: "gate-check", args }, at, { name }, badness), severity: "error" });
  }
  return found;
}
