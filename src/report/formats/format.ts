// What every format of a verdict is made from, and what a format is. A format is a pure function from the first to text.
import type { Comparison } from "../../gate/compare.ts";
import type { GateResult, JudgedFinding } from "../../gate/finding.ts";
import type { AuditHead } from "../audit-json.ts";
import type { CheckTexts } from "../check-text.ts";
import { findingSentence } from "../gate-result-text.ts";
import type { Speak } from "../messages.ts";
import type { ReportUnit } from "../report-data.ts";
import type { RuleTexts } from "../rule-texts.ts";

/** A file as a consumer finds it: below the top of the source tree, or below the root that units were read from. */
export interface ReportFile {
  readonly base: "source" | "root";
  /** Without a leading slash, `/` between its parts. */
  readonly path: string;
}

/** A drop-in that lowers a unit's exposure without giving anything up that it is known to need. */
export interface ReportFix {
  readonly unit: string;
  /** As findings name files. */
  readonly file: string;
  /** Absent where there is no such file yet. */
  readonly before?: string;
  readonly after: string;
}

export interface ReportSource {
  readonly head: AuditHead;
  readonly result: GateResult;
  readonly speak: Speak;
  readonly rules: RuleTexts;
  /** Where a team keeps pages about rules, with `{rule}` in the name's place. */
  readonly docsUrl?: string | undefined;
  readonly fileOf: (file: string) => ReportFile;
  /** `YYYY-MM-DD`: the day that the verdict is of. */
  readonly date: string;
  /** With the revision that was named; absent where none was. */
  readonly comparison?: Comparison;
  /** Empty where no format asks for them. */
  readonly fixes: readonly ReportFix[];
  /** In the order in which they were looked at; empty where no format asks for them. */
  readonly units: readonly ReportUnit[];
  readonly texts: CheckTexts;
}

/** What costs time to gather, and is gathered only where a format asks for it. */
export type Extra = "fixes" | "units";

export interface Format {
  readonly name: string;
  /** Who reads it, in a few words. */
  readonly title: string;
  /** What it is made from beside the verdict. */
  readonly needs?: Extra;
  readonly render: (source: ReportSource) => string | Promise<string>;
  /** What belongs into the file that this variable of the environment names, beside the report itself. */
  readonly beside?: { readonly variable: string; readonly render: (source: ReportSource) => string };
}

/** What is wrong, in a sentence that shows every character. */
export function sentenceOf(finding: JudgedFinding, { speak }: Pick<ReportSource, "speak">): string {
  return findingSentence(finding, speak);
}

/** Below the source tree as they are; absolute paths below the root. */
export function plainFile(file: string): ReportFile {
  const path = file.replace(/^\/+/, "");
  return { base: file.startsWith("/") ? "root" : "source", path };
}
