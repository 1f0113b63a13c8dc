// rules/sources/templates.json: how units look in source trees, before a build has filled them in.
import { readRuleFile } from "./rule-files.ts";

/** rules/schema/templates.schema.json explains each field. */
export interface TemplateFacts {
  readonly suffixes: readonly string[];
  readonly placeholders: readonly {
    readonly style: string;
    readonly pattern: string;
    readonly isOurOwnIn?: string;
  }[];
  readonly values: Readonly<Record<string, string>>;
}

let facts: TemplateFacts | undefined;

export function templateFacts(): TemplateFacts {
  facts ??= readRuleFile<TemplateFacts>("sources/templates.json");
  return facts;
}
