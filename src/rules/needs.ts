// rules/needs/needs.json: the words in which evidence and directives speak about a service.
import { readRuleFile } from "./rule-files.ts";

/** How often services of which nothing else is known have a need. */
export type Prior = "implausible" | "rare" | "common" | "universal";

export interface NeedKind {
  readonly kind: string;
  /** What follows the colon; absent where the kind stands alone. */
  readonly subject?: "path" | "name" | "port" | "address" | "syscall";
  readonly prior: Prior;
  /** Priors of single subjects. */
  readonly priors?: Readonly<Record<string, Prior>>;
  /** The prior for a kind of service, where it differs. */
  readonly when?: { readonly "not-root"?: Prior };
  /** Completes: the service … */
  readonly title: string;
}

export interface NeedVocabulary {
  readonly kinds: readonly NeedKind[];
  /** What a need brings along. */
  readonly implications: readonly {
    readonly need: string;
    readonly then: readonly string[];
    readonly traced?: false;
  }[];
}

let vocabulary: NeedVocabulary | undefined;

export function loadNeedVocabulary(): NeedVocabulary {
  vocabulary ??= readRuleFile<NeedVocabulary>("needs/needs.json");
  return vocabulary;
}
