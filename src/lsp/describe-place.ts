// Hover: what the thing under the pointer is, what it denies, what it would gain.
import type { Hover } from "vscode-languageserver-types";
import {
  type DirectiveUse,
  directiveMarkdown,
  keyMarkdown,
  valueMarkdown,
} from "../report/directive-markdown.ts";
import { markdownCode, markdownText } from "../report/markdown.ts";
import type { Directive } from "../rules/directives.ts";
import { loadDirective } from "../rules/directives.ts";
import type { Check } from "../rules/pack.ts";
import { type KeyFact, keysOfSection } from "../rules/systemd-facts.ts";
import { gainOf } from "../score/gain.ts";
import { textOf } from "../score/value.ts";
import type { Setting } from "../settings/settings.ts";
import type { Analysis, LanguageContext } from "./analyse.ts";
import type { LanguageSettings } from "./language-settings.ts";
import { manualLink, manualOf } from "./links.ts";
import { exposureText, scoreLine } from "./score-text.ts";
import { contentOf, nodeAt, type Span, spansOf } from "./unit-text.ts";

/** How many failed checks and members of a set are listed. */
const mostListed = 40;
const mostChecks = 8;

/** @returns nothing where there is nothing to say. */
export function describePlace(
  analysis: Analysis,
  offset: number,
  settings: LanguageSettings,
  context: LanguageContext,
): Hover | undefined {
  const { document } = analysis;
  const placed = nodeAt(document, offset);
  if (placed === undefined) return undefined;
  const hover = (value: string, span: Span): Hover => ({
    contents: { kind: "markdown", value },
    range: document.rangeOf(span),
  });
  const { node } = placed;
  const content = contentOf(document, placed);
  if (offset < content.start || offset > content.end) return undefined;
  if (node.kind === "section") {
    const isOwn = node.name === analysis.section;
    return isOwn ? hover(scoreMarkdown(analysis, settings, context), content) : undefined;
  }
  if (node.kind !== "assignment") return undefined;
  const { key, value } = spansOf(document, placed);
  if (offset <= key.end) {
    const text = keyHover(node.key, node.section, analysis, context);
    return text === undefined ? undefined : hover(text, key);
  }
  const word = wordAt(document.text, value, offset);
  const text = wordHover(node.key, document.text.slice(word.start, word.end), context);
  return text === undefined ? undefined : hover(text, word);
}

/** Everything about a key of a section, and what the unit has to do with it. */
export function keyHover(
  key: string,
  section: string,
  analysis: Analysis,
  context: LanguageContext,
): string | undefined {
  const fact: KeyFact | undefined = keysOfSection(section)?.get(key);
  const directive = fact === undefined ? undefined : loadDirective(key);
  if (directive !== undefined) {
    const checks = (context.audit.pack.checks ?? []).filter(check => isAbout(check, directive));
    return directiveMarkdown(directive, checks, useOf(directive, analysis), manualLink(key, section));
  }
  return fact === undefined ? undefined : keyMarkdown(fact, manualOf(key, section), manualLink(key, section));
}

function isAbout(check: Check, directive: Directive): boolean {
  return check.directive === directive.directive || (directive.checks ?? []).includes(check.id);
}

function useOf(directive: Directive, { audited }: Analysis): DirectiveUse | undefined {
  const { assessment, settings } = audited;
  if (assessment === undefined || settings === undefined) return undefined;
  const setting = settings.touched.get(directive.directive);
  const mended = new Set(
    assessment.checks.flatMap(check =>
      check.directive === directive.directive || (directive.checks ?? []).includes(check.id)
        ? [check.id]
        : [],
    ),
  );
  return {
    impliedBy: setting?.impliedBy ?? [],
    gain: gainOf(assessment.checks, mended),
    ...(setting === undefined ? {} : { value: shortValue(setting) }),
  };
}

/** A list as it is written, since its members may be hundreds. */
function shortValue({ value, origins }: Setting): string {
  const isShort = value.kind === "boolean" || value.kind === "word" || value.kind === "text";
  const text = isShort ? textOf(value) : origins.map(origin => origin.value).join(" ");
  return text.length > 120 ? `${text.slice(0, 119)}…` : text;
}

function wordHover(key: string, word: string, { audit }: LanguageContext): string | undefined {
  const bare = word.replace(/^~/, "").replace(/:[^:]*$/, "");
  const members = bare.startsWith("@") ? audit.facts.syscallSet(bare) : undefined;
  if (members !== undefined) {
    const more = members.length > mostListed ? ` and ${members.length - mostListed} more` : "";
    const listed = members.slice(0, mostListed).map(markdownCode).join(" ");
    return `**${bare}** ${members.length} members in systemd ${audit.target.profile}: ${listed}${more}`;
  }
  const directive = loadDirective(key);
  const value = directive?.values.find(each => each.value === word);
  return directive === undefined || value === undefined ? undefined : valueMarkdown(directive, value);
}

function wordAt(text: string, { start, end }: Span, offset: number): Span {
  const at = Math.max(start, Math.min(offset, end));
  let from = at;
  while (from > start && !/\s/.test(text.charAt(from - 1))) from--;
  let to = at;
  while (to < end && !/\s/.test(text.charAt(to))) to++;
  return { start: from, end: to };
}

function scoreMarkdown(analysis: Analysis, settings: LanguageSettings, context: LanguageContext): string {
  const { assessment, unit } = analysis.audited;
  const head = `**${markdownText(unit.name)}** ${markdownText(scoreLine(analysis, settings, context))}`;
  if (assessment === undefined) return head;
  const failed = assessment.checks
    .filter(check => (check.badness ?? 0) > 0)
    .toSorted((a, b) => (b.exposure ?? 0) - (a.exposure ?? 0));
  const lines = failed.slice(0, mostChecks).map(check => {
    const text = context.texts.get(check.id);
    return `- ${markdownCode(text?.name ?? check.id)} adds ${exposureText(check.exposure ?? 0)}: ${text?.title ?? ""}`;
  });
  const more = failed.length > mostChecks ? [`- and ${failed.length - mostChecks} checks more`] : [];
  return [head, [...lines, ...more].join("\n")].join("\n\n");
}
