import type { Check } from "../rules/pack.ts";
import type { PolicyEntry, SecurityPolicy } from "../rules/policy.ts";
import type { CheckText, CheckTexts } from "./check-text.ts";

/** What reports say about each check, by its id; a policy's own descriptions stand in for the pack's. */
export function checkTexts(checks: readonly Check[], policy?: SecurityPolicy): CheckTexts {
  return new Map(checks.map(check => [check.id, textOf(check, policy?.checks.get(check.id))]));
}

function textOf(check: Check, { good, bad, notApplicable }: Partial<PolicyEntry> = {}): CheckText {
  const own = { ...(good && { good }), ...(bad && { bad }), ...(notApplicable && { notApplicable }) };
  const texts = { ...check.texts, ...own };
  const { id, name = id, title, explanation: meaning, attack, breaks } = check;
  const base = { id, name, title, texts, meaning, attack, breaks };
  const mend = check.mend.join(" ");
  return mend === "" ? base : { ...base, mend };
}
