// explain: what the rule data knows of a directive or a check; a unit is audited in full.
import { directiveMarkdown } from "../../report/directive-markdown.ts";
import { visible } from "../../report/escape-terminal.ts";
import { explainGateRule, explainRule } from "../../report/explain-rule.ts";
import {
  explainCheck,
  explainDirective,
  type ExplainOptions as ReportOptions,
} from "../../report/explain-text.ts";
import { coloured, plain } from "../../report/paint.ts";
import { rulePage } from "../../report/rule-markdown.ts";
import { manualPage, ruleTexts } from "../../report/rule-texts.ts";
import { builtInPackNames, loadBuiltInPack } from "../../rules/built-in-packs.ts";
import { didYouMean } from "../../rules/did-you-mean.ts";
import { type Directive, directiveNames, loadDirective } from "../../rules/directives.ts";
import { type GateRule, loadGateRules } from "../../rules/gate-rules.ts";
import type { Check, Rule } from "../../rules/pack.ts";
import { EXIT, Failure } from "../failure.ts";
import { hasColour } from "../has-colour.ts";
import type { ExplainOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";

type Subject =
  | { readonly kind: "directive"; readonly directive: Directive; readonly checks: readonly Check[] }
  | { readonly kind: "check"; readonly check: Check; readonly pack: string }
  | { readonly kind: "rule"; readonly rule: Rule; readonly pack: string }
  | { readonly kind: "gate-rule"; readonly rule: GateRule }
  | { readonly kind: "unit"; readonly name: string }
  | { readonly kind: "unknown"; readonly name: string; readonly meant: string | undefined };

/** @returns 0; 2 where one of several names means nothing, 3 where none means anything. */
export async function explain(options: ExplainOptions, terminal: Terminal): Promise<number> {
  if (options.output !== undefined) {
    if (options.units.length > 0) throw new Failure("--output writes a page about every rule; name none");
    const { writeRulePages } = await import("../rule-pages.ts");
    return writeRulePages(options.output, options, terminal);
  }
  const paint = hasColour(options, terminal) ? coloured : plain;
  const subjects = options.units.map(subjectOf);
  const units = subjects.flatMap(subject => (subject.kind === "unit" ? [subject.name] : []));
  const unknown = subjects.filter(subject => subject.kind === "unknown");
  for (const { name, meant } of unknown) {
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    terminal.warn(`tightunit: nothing is known of "${visible(name)}"${hint}`);
  }
  const known = subjects.filter(subject => subject.kind !== "unknown" && subject.kind !== "unit");
  if (options.format === "json" && known.length > 0)
    await terminal.write(`${JSON.stringify(known, undefined, 2)}\n`);
  if (options.format !== "json") {
    const texts = known.map(subject =>
      options.format === "markdown"
        ? markdownOf(subject)
        : textOf(subject, { columns: terminal.columns, paint }),
    );
    if (texts.length > 0) await terminal.write(texts.join("\n"));
  }
  if (units.length > 0) {
    const { audit } = await import("./audit.ts");
    const code = await audit({ ...options, units }, terminal);
    if (code !== EXIT.fine) return code;
  }
  if (unknown.length === 0) return EXIT.fine;
  return unknown.length === subjects.length ? EXIT.nothing : EXIT.usage;
}

function textOf(subject: Subject, options: ReportOptions): string {
  switch (subject.kind) {
    case "directive":
      return explainDirective(subject.directive, subject.checks, options);
    case "check":
      return explainCheck(subject.check, subject.pack, options);
    case "rule":
      return explainRule(subject.rule, subject.pack, options);
    case "gate-rule":
      return explainGateRule(subject.rule, options);
    case "unit":
    case "unknown":
      return "";
    default: {
      const never: never = subject;
      return never;
    }
  }
}

function markdownOf(subject: Subject): string {
  const texts = ruleTexts(builtInPackNames().map(loadBuiltInPack));
  switch (subject.kind) {
    case "directive": {
      const { directive, checks } = subject;
      return `${directiveMarkdown(directive, checks, undefined, manualPage(directive))}\n`;
    }
    case "check":
      return rulePage(texts(subject.check.id));
    case "rule":
    case "gate-rule":
      return rulePage(texts(subject.rule.rule));
    case "unit":
    case "unknown":
      return "";
    default: {
      const never: never = subject;
      return never;
    }
  }
}

/** A directive with or without `=`, a check by its id or systemd's name, a rule of a pack or the gate's by its name, else a unit. */
function subjectOf(name: string): Subject {
  const packs = builtInPackNames().map(loadBuiltInPack);
  const checks = packs.flatMap(pack => (pack.checks ?? []).map(check => ({ pack: pack.pack, check })));
  const bare = name.replace(/=.*$/, "");
  const directive = loadDirective(bare) ?? loadDirective(spelled(bare, directiveNames()) ?? "");
  const byName = checks.find(({ check }) => check.id === name || check.name === name);
  if (directive !== undefined && (byName === undefined || name.endsWith("=") || !name.includes("="))) {
    return {
      kind: "directive",
      directive,
      checks: checks.flatMap(({ check }) => (isAbout(check, directive) ? [check] : [])),
    };
  }
  if (byName !== undefined) return { kind: "check", ...byName };
  for (const pack of packs) {
    const rule = pack.rules?.find(each => each.rule === name);
    if (rule !== undefined) return { kind: "rule", rule, pack: pack.pack };
  }
  const ofGate = loadGateRules().find(each => each.rule === name);
  if (ofGate !== undefined) return { kind: "gate-rule", rule: ofGate };
  if (/[./@]/.test(name) || name === "-") return { kind: "unit", name };
  const rules = [
    ...loadGateRules().map(each => each.rule),
    ...packs.flatMap(pack => (pack.rules ?? []).map(each => each.rule)),
  ];
  const names = [...directiveNames(), ...checks.map(({ check }) => check.id), ...rules];
  return { kind: "unknown", name, meant: didYouMean(name, names) };
}

function isAbout(check: Check, directive: Directive): boolean {
  return check.directive === directive.directive || (directive.checks ?? []).includes(check.id);
}

/** systemd minds upper and lower case; a person who asks need not. */
function spelled(name: string, names: readonly string[]): string | undefined {
  return names.find(each => each.toLowerCase() === name.toLowerCase());
}
