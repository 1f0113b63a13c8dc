// The verdict as JSON, published as rules/schema/gate.schema.json: the public types, each finding with its sentence.
import type { GateResult, JudgedFinding } from "../gate/finding.ts";
import type { AuditHead } from "./audit-json.ts";
import { fingerprint } from "./formats/fingerprint.ts";
import { jsonText } from "./formats/json-text.ts";
import { findingSentence } from "./gate-result-text.ts";
import type { Speak } from "./messages.ts";

/** A finding as the published JSON has it. */
export interface JudgedFindingJson extends JudgedFinding {
  /** What it is known by from run to run. */
  readonly fingerprint: string;
  /** What is wrong, in a sentence. */
  readonly text: string;
}

/** One document; fields are only ever added. */
export function gateJson(result: GateResult, head: AuditHead, speak: Speak): string {
  const findings = result.findings.map(each => findingJson(each, speak));
  return `${jsonText({ ...head, schemaVersion: 1, ...result, findings })}\n`;
}

export function findingJson(finding: JudgedFinding, speak: Speak): JudgedFindingJson {
  return { ...finding, fingerprint: fingerprint(finding), text: findingSentence(finding, speak) };
}
