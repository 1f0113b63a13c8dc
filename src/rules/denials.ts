// rules/live/denials.json: what an event in a log says that a service asked for and did not get.
import { readRuleFile } from "./rule-files.ts";

/** How often a directive that denies the need is the reason. */
export type DenialCertainty = "certain" | "likely" | "possible";

/** One way to read an event; the schema explains each word. Conditions that are absent are met. */
export interface DenialRule {
  readonly event: "denied-call" | "path-error" | "errno" | "setup" | "exit";
  readonly on?: readonly string[];
  readonly access?: readonly ("read" | "write" | "exec" | "unknown")[];
  readonly below?: readonly string[];
  readonly calls?: readonly string[];
  readonly hasCall?: boolean;
  readonly says?: string;
  readonly steps?: readonly string[];
  readonly names?: readonly string[];
  readonly when?: "root";
  readonly needs?: readonly string[];
  readonly lists?: "{path}" | "*";
  readonly directives?: readonly string[];
  readonly kinds?: readonly string[];
  readonly errors?: readonly string[];
  readonly certainty: DenialCertainty;
}

let rules: readonly DenialRule[] | undefined;

/** Every rule, in the order of the file. */
export function loadDenialRules(): readonly DenialRule[] {
  rules ??= readRuleFile<{ readonly rules: readonly DenialRule[] }>("live/denials.json").rules;
  return rules;
}
