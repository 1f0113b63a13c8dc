// One check of a pack and a unit's settings come in, its badness goes out, not yet held against all the others.
import type { Check, CheckOverride } from "../rules/pack.ts";
import { PolicyError, type SecurityPolicy } from "../rules/policy.ts";
import type { SettingLookup, Target } from "../settings/settings.ts";
import type { AssessFacts } from "./assess-facts.ts";
import { badnessOf } from "./assess-kinds.ts";
import { textOf } from "./value.ts";

export interface Judged {
  readonly check: Check;
  /** `null` where the check does not apply. */
  readonly badness: number | null;
  readonly weight: number;
  readonly range: number;
}

type Judgeable = { readonly target: Target; readonly values: SettingLookup };

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

export function judgeCheck(
  check: Check,
  settings: Judgeable,
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
  return { check, badness, weight, range };
}

/** What to throw where a badness is above its range. */
export function rangeError({ check, badness, range }: Judged, policy: SecurityPolicy | undefined): Error {
  const changed = policy?.checks.get(check.id);
  if (policy === undefined || changed?.range === undefined)
    return new RangeError(`${check.id}: ${badness} > ${range}`);
  return new PolicyError({
    code: "policy-range-exceeded",
    severity: "error",
    position: { file: policy.file, line: changed.line, column: 1 },
    args: { check: check.id, range: String(range), badness: String(badness), needed: String(check.range) },
  });
}

function isPrivileged(check: Check, settings: Judgeable): boolean {
  const rule = check.unprivilegedOnly;
  if (rule === undefined) return false;
  const user = settings.values.get(rule.user)?.value;
  const name = user === undefined ? "" : textOf(user);
  if (rule.root.includes(name)) return true;
  const dynamic = settings.values.get(rule.dynamic)?.value;
  if (dynamic?.kind === "boolean" && dynamic.value) return false;
  return name === "";
}

function isApplicable(check: Check, override: CheckOverride | undefined, settings: Judgeable): boolean {
  if (override?.notApplicable) return false;
  if (check.defaultDependenciesOnly) {
    const value = settings.values.get("DefaultDependencies")?.value;
    if (value?.kind === "boolean" && !value.value) return false;
  }
  return override?.unprivilegedOnly === false || !isPrivileged(check, settings);
}
