import type { Rule } from "../rules/pack.ts";
import { wrap } from "./columns.ts";
import type { ExplainOptions } from "./explain-text.ts";

/** Everything about a rule of a pack that finds things, with its first example. */
export function explainRule(rule: Rule, pack: string, options: ExplainOptions): string {
  const width = Math.min(options.columns, 100) - 2;
  const example = rule.examples.bad[0]?.unit.trimEnd().split("\n") ?? [];
  return [
    `${options.paint("bold", rule.rule)}  ${rule.title}`,
    `  rule of ${pack}, ${rule.severity}`,
    "",
    ...wrap(rule.explanation, width).map(line => `  ${line}`),
    ...(rule.mend === undefined
      ? []
      : ["", options.paint("bold", "What helps"), ...wrap(rule.mend, width).map(line => `  ${line}`)]),
    ...(example.length === 0
      ? []
      : ["", options.paint("bold", "Found in"), ...example.map(line => `  ${line}`)]),
    "",
  ].join("\n");
}
