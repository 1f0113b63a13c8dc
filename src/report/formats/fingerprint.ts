import { hash } from "node:crypto";
import type { Finding } from "../../gate/finding.ts";

/**
 * What a finding is known by from run to run, 40 hexadecimal digits: of its unit, rule and subject alone, so that it stays
 * the same where lines, sections, files or the sentence change. Findings of one verdict have different ones.
 */
export function fingerprint({ unit, rule, subject }: Pick<Finding, "unit" | "rule" | "subject">): string {
  // As JSON, whose escapes tell even broken characters apart.
  const text = JSON.stringify([unit, rule, subject]);
  return hash("sha256", text).slice(0, 40);
}
