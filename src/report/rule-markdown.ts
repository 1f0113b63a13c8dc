// All that the rule data knows of a rule or a check, as Markdown: for viewers of findings, and for pages of one's own.
import { loadDirective } from "../rules/directives.ts";
import { directiveMarkdown } from "./directive-markdown.ts";
import { manualPage, type RuleText } from "./rule-texts.ts";

/** What it means, what helps, what that may break and how it shows, a unit in which it is found, where to read more. */
export function ruleMarkdown(rule: RuleText): string {
  const { id, explanation, help, directive, example, links } = rule;
  const known = directive === undefined ? undefined : loadDirective(directive);
  return [
    plain(explanation),
    ...(help === undefined ? [] : [`**What helps:** ${plain(help)}`]),
    ...(known === undefined ? [] : [directiveMarkdown(known, [], undefined, manualPage(known))]),
    ...(example === undefined ? [] : [`**Found in:**\n\n${fenced(example)}`]),
    ...(links.length === 0 ? [] : [links.map(link => `- <${link}>`).join("\n")]),
    `\`tightunit explain ${id}\` says it at a terminal.`,
  ].join("\n\n");
}

/** The same as a page by itself. */
export function rulePage(rule: RuleText): string {
  const { id, title, severity, pack } = rule;
  const kind = pack === undefined ? "rule of the gate" : `of the pack ${plain(pack)}`;
  return `# ${plain(title)}\n\n\`${id}\`, ${kind}, ${severity}\n\n${ruleMarkdown(rule)}\n`;
}

/** Rule data is prose, and a pack may be anybody's: nothing of it is HTML. */
function plain(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

/** As long a fence as it needs. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}ini\n${text.trimEnd()}\n${fence}`;
}
