// explain --output: a page of Markdown for each rule that the gate knows here, for [report] docs-url to lead to.
import { resolve } from "node:path";
import { ruleNames } from "../gate/rule-names.ts";
import { writeIntoFolder } from "../host/write-into-folder.ts";
import { counted } from "../report/gate-result-text.ts";
import { rulePage } from "../report/rule-markdown.ts";
import { ruleTexts } from "../report/rule-texts.ts";
import { EXIT } from "./failure.ts";
import { loadPacks } from "./load-packs.ts";
import type { ExplainOptions } from "./options.ts";
import { loadOrganisationPacks } from "./organisation-packs.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Writes `RULE.md` for every rule of the gate and of the packs that the configuration names, and a list of them as
 * `README.md`. @throws {SourceError} where a file cannot be written.
 */
export async function writeRulePages(
  folder: string,
  { configured }: ExplainOptions,
  { cwd, warn, write }: Terminal,
): Promise<number> {
  const own = await loadOrganisationPacks(
    configured?.config.gate?.packs ?? [],
    configured?.folder ?? cwd,
    warn,
  );
  const { pack, rulePacks } = await loadPacks({}, cwd, warn);
  const packs = [pack, ...rulePacks, ...own];
  const texts = ruleTexts(packs);
  const rules = [...new Set(ruleNames(packs).all)].sort().map(texts);
  const path = resolve(cwd, folder);
  for (const rule of rules) writeIntoFolder(path, `${rule.id}.md`, rulePage(rule));
  const list = rules.map(({ id, title }) => `- [${id}](${id}.md): ${title.replaceAll("<", "&lt;")}`);
  writeIntoFolder(path, "README.md", `# What the gate finds\n\n${list.join("\n")}\n`);
  await write(`${counted(rules.length, "page")} in ${folder}\n`);
  return EXIT.fine;
}
