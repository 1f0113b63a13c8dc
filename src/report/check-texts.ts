import type { Check } from "../rules/pack.ts";
import type { CheckText, CheckTexts } from "./check-text.ts";

/** What reports say about each check, by its id. */
export function checkTexts(checks: readonly Check[]): CheckTexts {
  return new Map(checks.map(check => [check.id, textOf(check)]));
}

function textOf(check: Check): CheckText {
  const base = { id: check.id, name: check.name ?? check.id, title: check.title, texts: check.texts ?? {} };
  const mend = check.mend.join(" ");
  return mend === "" ? base : { ...base, mend };
}
