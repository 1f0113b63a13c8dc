// The verdict as JSON: the public types, each finding with its sentence.
import type { GateResult } from "../gate/finding.ts";
import type { AuditHead } from "./audit-json.ts";
import { findingSentence } from "./gate-result-text.ts";
import type { Speak } from "./messages.ts";

/** One document; fields are only ever added. */
export function gateJson(result: GateResult, head: AuditHead, speak: Speak): string {
  const findings = result.findings.map(each => ({ ...each, text: findingSentence(each, speak) }));
  return `${JSON.stringify({ ...head, schemaVersion: 1, ...result, findings })}\n`;
}
