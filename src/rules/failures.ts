// rules/live/failures.json: what a failing service says, and which directives and needs that speaks of.
import { readRuleFile } from "./rule-files.ts";

/** One thing that a line of the journal, or the end of a process, may mean; the schema explains each word. */
export interface Failure {
  readonly failure: string;
  readonly title: string;
  /** A regular expression over one line, without regard to case. */
  readonly message?: string;
  readonly exit?: { readonly by?: "exited" | "killed" | "dumped"; readonly status: number };
  readonly path?: boolean;
  readonly directives?: readonly string[];
  readonly errno?: string;
  readonly requires?: string;
  readonly needs?: readonly string[];
  readonly certain?: boolean;
}

let read: readonly Failure[] | undefined;

/** All of them, in the order of the file. */
export function loadFailures(): readonly Failure[] {
  read ??= readRuleFile<{ readonly failures: readonly Failure[] }>("live/failures.json").failures;
  return read;
}
