// What reports say about a rule beside its findings: title, explanation, what helps, how bad it is, where to read more.
// All of it comes from rule data: the gate's own rules, the checks and rules of packs, the directives behind them.
import { loadDirective } from "../rules/directives.ts";
import { type GateRule, loadGateRules, loadReportDefaults } from "../rules/gate-rules.ts";
import type { Check, FindingSeverity, Pack, Rule } from "../rules/pack.ts";

export interface RuleText {
  readonly id: string;
  /** In one line. */
  readonly title: string;
  readonly explanation: string;
  /** What helps, where there is one answer. */
  readonly help?: string;
  readonly severity: FindingSeverity;
  /** 0.1…10.0; from 4.0 medium, from 7.0 high, from 9.0 critical. */
  readonly impact: number;
  readonly tags: readonly string[];
  /** The pack that it is of; absent for the gate's own. */
  readonly pack?: string;
  /** Pages that say more. */
  readonly links: readonly string[];
  /** Whether lowering the unit's score mends it. */
  readonly isAboutScore: boolean;
}

/** Of every rule, also of those that no data speaks of. */
export type RuleTexts = (rule: string) => RuleText;

/** @param packs whose checks and rules findings can be of. */
export function ruleTexts(packs: readonly Pack[]): RuleTexts {
  const makers = new Map<string, () => RuleText>();
  for (const pack of packs) {
    const heaviest = Math.max(1, ...(pack.checks ?? []).map(check => check.weight));
    for (const check of pack.checks ?? []) makers.set(check.id, () => textOfCheck(check, pack, heaviest));
    for (const rule of pack.rules ?? []) makers.set(rule.rule, () => textOfRule(rule, pack));
  }
  for (const rule of loadGateRules()) makers.set(rule.rule, () => textOfGateRule(rule));
  const made = new Map<string, RuleText>();
  return id => {
    const known = made.get(id);
    if (known !== undefined) return known;
    const text = makers.get(id)?.() ?? textOfCode(id);
    made.set(id, text);
    return text;
  };
}

function textOfCheck(check: Check, { pack }: Pack, heaviest: number): RuleText {
  const { id, title, explanation, attack, breaks, mend, directive, links = [] } = check;
  const assignments = mend.join(" ");
  return {
    id,
    title,
    explanation: `${explanation} ${attack}`,
    ...(assignments === "" ? {} : { help: `${assignments}. What it may break: ${breaks}` }),
    severity: "error",
    impact: Math.min(10, Math.max(0.1, Math.round((100 * check.weight) / heaviest) / 10)),
    tags: tagsOf(pack),
    pack,
    links: [...pagesOf(directive), ...links],
    isAboutScore: true,
  };
}

function textOfRule(
  { rule, title, explanation, mend, severity, links = [] }: Rule,
  { pack }: Pack,
): RuleText {
  return {
    id: rule,
    title,
    explanation,
    ...(mend === undefined ? {} : { help: mend }),
    severity,
    impact: loadReportDefaults().impact[severity],
    tags: tagsOf(pack),
    pack,
    links,
    isAboutScore: false,
  };
}

function textOfGateRule({
  rule,
  title,
  explanation,
  severity,
  impact,
  man,
  isAboutScore,
}: GateRule): RuleText {
  return {
    id: rule,
    title,
    explanation,
    severity,
    impact: impact ?? loadReportDefaults().impact[severity],
    tags: tagsOf(),
    links: man === undefined ? [] : [pageOf(man)],
    isAboutScore: isAboutScore === true,
  };
}

/** Diagnostics stand for themselves: their name says what there is to say. */
function textOfCode(code: string): RuleText {
  const words = code.replaceAll("-", " ");
  return {
    id: code,
    title: words.charAt(0).toUpperCase() + words.slice(1),
    explanation: "Noticed while the unit was read.",
    severity: "note",
    impact: loadReportDefaults().impact.note,
    tags: tagsOf(),
    links: [],
    isAboutScore: false,
  };
}

function tagsOf(pack?: string): readonly string[] {
  return [...loadReportDefaults().tags, ...(pack === undefined ? [] : [pack])];
}

/** Where a directive's manual page speaks of it. */
function pagesOf(directive: string): readonly string[] {
  const man = loadDirective(directive)?.man;
  if (man === undefined) return [];
  return [`${pageOf(man)}${loadReportDefaults().anchor.replace("{directive}", directive)}`];
}

function pageOf(man: string): string {
  return loadReportDefaults().manual.replace("{page}", man.replace(/\(\d\)$/, ""));
}
