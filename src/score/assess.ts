// Settings and a pack come in, the table and the exposure come out, in systemd's integer arithmetic: every
// division rounds up, checks that do not apply add to neither sum (analyze-security.c, the same from 252 to 262).
import type { Check, CheckOverride, Pack } from "../rules/pack.ts";
import { PolicyError, type SecurityPolicy } from "../rules/policy.ts";
import type { Settings, Target } from "../settings/settings.ts";
import type { AssessFacts } from "./assess-facts.ts";
import { badnessOf } from "./assess-kinds.ts";
import type { Assessment, CheckResult } from "./assessment.ts";
import { levelOf } from "./level.ts";
import { textOf } from "./value.ts";

interface Judged {
  readonly check: Check;
  readonly badness: number | null;
  readonly weight: number;
  readonly range: number;
}

/** Whether a check, an override or a condition is meant for the target. */
export function isForTarget(
  limits: { readonly since?: number; readonly before?: number; readonly scope?: string },
  target: Target,
): boolean {
  return (
    target.version >= (limits.since ?? 0) &&
    target.version < (limits.before ?? Number.POSITIVE_INFINITY) &&
    (limits.scope === undefined || limits.scope === target.scope)
  );
}

/** The checks of the pack that the target's systemd has, in the order of the pack. */
export function checksFor(pack: Pack, target: Target): readonly Check[] {
  return (pack.checks ?? []).filter(check => isForTarget(check, target));
}

function isPrivileged(check: Check, settings: Settings): boolean {
  const rule = check.unprivilegedOnly;
  if (rule === undefined) return false;
  const user = settings.values.get(rule.user)?.value;
  const name = user === undefined ? "" : textOf(user);
  if (rule.root.includes(name)) return true;
  const dynamic = settings.values.get(rule.dynamic)?.value;
  if (dynamic?.kind === "boolean" && dynamic.value) return false;
  return name === "";
}

function isApplicable(check: Check, override: CheckOverride | undefined, settings: Settings): boolean {
  if (override?.notApplicable) return false;
  if (check.defaultDependenciesOnly) {
    const value = settings.values.get("DefaultDependencies")?.value;
    if (value?.kind === "boolean" && !value.value) return false;
  }
  return override?.unprivilegedOnly === false || !isPrivileged(check, settings);
}

function judge(
  check: Check,
  settings: Settings,
  facts: AssessFacts,
  policy: SecurityPolicy | undefined,
): Judged {
  const changed = policy?.checks.get(check.id);
  const weight = changed?.weight ?? check.weight;
  const range = changed?.range ?? check.range;
  const override = check.overrides?.find(candidate => isForTarget(candidate, settings.target));
  if (weight === 0 || !isApplicable(check, override, settings))
    return { check, badness: null, weight, range };
  // A plain "bad" counts what the pack says: a policy's range is held against it, and does not change it.
  const badness = badnessOf(override?.assess ?? check.assess, settings, facts, check.range);
  if (badness > range) {
    if (policy === undefined || changed?.range === undefined)
      throw new RangeError(`${check.id}: ${badness} > ${range}`);
    throw new PolicyError({
      code: "policy-range-exceeded",
      severity: "error",
      position: { file: policy.file, line: changed.line, column: 1 },
      args: { check: check.id, range: String(range), badness: String(badness), needed: String(check.range) },
    });
  }
  return { check, badness, weight, range };
}

/**
 * Scores a unit by a pack.
 * @param settings of a unit that systemd would load; a refused unit has no score
 * @param facts of the target's version and architecture
 * @param policy weights and ranges to use instead of the pack's
 * @throws {PolicyError} where the policy is one on which systemd aborts: a badness above its range, or no weight left
 */
export function assess(
  settings: Settings,
  pack: Pack,
  facts: AssessFacts,
  policy?: SecurityPolicy,
): Assessment {
  const rows = checksFor(pack, settings.target).map(check => judge(check, settings, facts, policy));
  let badnessSum = 0;
  let weightSum = 0;
  for (const { badness, weight, range } of rows) {
    if (badness === null) continue;
    badnessSum += Math.ceil((badness * weight) / range);
    weightSum += weight;
  }
  if (weightSum === 0) {
    if (policy !== undefined) {
      throw new PolicyError({
        code: "policy-no-weight",
        severity: "error",
        position: { file: policy.file, line: 1, column: 1 },
        args: { unit: settings.unit },
      });
    }
    return { pack: pack.pack, exposure: 0, level: levelOf(0), checks: rows.map(row => resultOf(row, 1)) };
  }
  const exposure = Math.ceil((badnessSum * 100) / weightSum);
  return {
    pack: pack.pack,
    exposure,
    level: levelOf(exposure),
    checks: rows.map(row => resultOf(row, weightSum)),
  };
}

function resultOf({ check, badness, weight, range }: Judged, weightSum: number): CheckResult {
  return {
    id: check.id,
    badness,
    range,
    weight,
    exposure: badness === null ? null : Math.ceil(Math.ceil((badness * weight * 100) / range) / weightSum),
    directive: check.directive,
  };
}
