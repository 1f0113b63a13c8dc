// What reports say about a rule beside its findings: title, explanation, what helps, how bad it is, where to read more.
// All of it comes from rule data: the gate's own rules, the checks and rules of packs, the directives behind them.
import { type Directive, loadDirective } from "../rules/directives.ts";
import { type GateRule, loadGateRules, loadReportDefaults } from "../rules/gate-rules.ts";
import type { Check, Detect, FindingSeverity, Pack, Rule } from "../rules/pack.ts";
import { wellFormed } from "./formats/well-formed.ts";

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
  /** The directive that it is about, where it is about one. */
  readonly directive?: string;
  /** A unit that it finds something in. */
  readonly example?: string;
  /** The page that a team keeps about it. */
  readonly docs?: string;
  /** Pages that say more, the team's own first. */
  readonly links: readonly string[];
  /** Whether lowering the unit's score mends it. */
  readonly isAboutScore: boolean;
}

/** Of every rule, also of those that no data speaks of. */
export type RuleTexts = (rule: string) => RuleText;

/**
 * @param packs whose checks and rules findings can be of.
 * @param docsUrl where a team keeps the pages of rules, with `{rule}` in the name's place.
 */
export function ruleTexts(packs: readonly Pack[], docsUrl?: string): RuleTexts {
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
    const text = withDocs(makers.get(id)?.() ?? textOfCode(id), docsUrl);
    made.set(id, text);
    return text;
  };
}

function withDocs(text: RuleText, docsUrl: string | undefined): RuleText {
  if (docsUrl === undefined) return text;
  // Whatever a rule is called, and `$&` with it, is a part of a path.
  const docs = docsUrl.replaceAll("{rule}", () => encodeURIComponent(wellFormed(text.id)));
  return { ...text, docs, links: [docs, ...text.links] };
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
    directive,
    links: pagesOf(directive, links),
    isAboutScore: true,
  };
}

function textOfRule(
  { rule, title, explanation, mend, severity, detect, examples, links = [] }: Rule,
  { pack }: Pack,
): RuleText {
  const directive = directiveOf(detect);
  const [example] = examples.bad;
  return {
    id: rule,
    title,
    explanation,
    ...(mend === undefined ? {} : { help: mend }),
    severity,
    impact: loadReportDefaults().impact[severity],
    tags: tagsOf(pack),
    pack,
    ...(directive === undefined ? {} : { directive }),
    ...(example === undefined ? {} : { example: example.unit }),
    links: pagesOf(directive, links),
    isAboutScore: false,
  };
}

/** The one directive that a rule looks at. */
function directiveOf(detect: Detect): string | undefined {
  if ("directive" in detect) return detect.directive;
  if ("at" in detect) return detect.at;
  const [only, ...others] = "directives" in detect ? detect.directives : [];
  return others.length > 0 || only?.startsWith("@") === true ? undefined : only;
}

function textOfGateRule({
  rule,
  title,
  explanation,
  mend,
  severity,
  impact,
  man,
  isAboutScore,
}: GateRule): RuleText {
  return {
    id: rule,
    title,
    explanation,
    help: mend,
    severity,
    impact: impact ?? loadReportDefaults().impact[severity],
    tags: tagsOf(),
    links: [man === undefined ? loadReportDefaults().home : pageOf(man)],
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
    links: [loadReportDefaults().home],
    isAboutScore: false,
  };
}

function tagsOf(pack?: string): readonly string[] {
  return [...loadReportDefaults().tags, ...(pack === undefined ? [] : [pack])];
}

/** Where a directive's manual page speaks of it. */
export function manualPage({ directive, man }: Pick<Directive, "directive" | "man">): string {
  return `${pageOf(man)}${loadReportDefaults().anchor.replace("{directive}", directive)}`;
}

/** The manual page of the directive, then what a pack names; a pack may be anybody's, and only pages of the web are links. */
function pagesOf(directive: string | undefined, links: readonly string[]): readonly string[] {
  const named = links.filter(link => /^https?:\/\/[^\s<>"]+$/.test(link) && URL.canParse(link));
  if (directive === undefined) return named;
  const known = loadDirective(directive);
  return [known === undefined ? pageOf(loadReportDefaults().index) : manualPage(known), ...named];
}

function pageOf(man: string): string {
  return loadReportDefaults().manual.replace("{page}", man.replace(/\(\d\)$/, ""));
}
