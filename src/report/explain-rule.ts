import type { GateRule } from "../rules/gate-rules.ts";
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

/** A rule of the gate's own. */
export function explainGateRule(rule: GateRule, options: ExplainOptions): string {
  const width = Math.min(options.columns, 100) - 2;
  const { man, isAboutGate, isAboutScore } = rule;
  const notes = [
    ...(isAboutScore ? ["A drop-in that lowers the score mends it; tightunit fix proposes one."] : []),
    ...(isAboutGate ? ["It is about the gate's own files: neither a baseline nor a waiver takes it."] : []),
    ...(man === undefined ? [] : [`More: ${man}`]),
  ];
  return [
    `${options.paint("bold", rule.rule)}  ${rule.title}`,
    `  rule of the gate, ${rule.severity}`,
    "",
    ...[rule.explanation, ...notes].flatMap(text => wrap(text, width)).map(line => `  ${line}`),
    "",
    options.paint("bold", "What helps"),
    ...wrap(rule.mend, width).map(line => `  ${line}`),
    "",
  ].join("\n");
}
