import { loadGateRules } from "../rules/gate-rules.ts";
import type { Position } from "../unit/tree.ts";
import type { Finding, Severity } from "./finding.ts";

/** The longest subject that is kept: one names a directive or a word, and a hostile line is longer. */
export const LONGEST_SUBJECT = 200;

let severities: ReadonlyMap<string, Severity> | undefined;

/** A finding of one of the gate's own rules. */
export function own(
  rule: string,
  subject: string,
  message: Finding["message"],
  position: Position | undefined,
  { name }: { readonly name: string },
  measure?: number,
): Finding {
  severities ??= new Map(loadGateRules().map(each => [each.rule, each.severity]));
  return {
    unit: name,
    rule,
    subject: subject.slice(0, LONGEST_SUBJECT),
    severity: severities.get(rule) ?? "error",
    message,
    ...(position === undefined ? {} : { position }),
    ...(measure === undefined ? {} : { measure }),
  };
}
