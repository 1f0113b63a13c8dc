// What a parser of one directive's values takes and gives. Parsers are pure: they see one assignment and the value
// before it, and say what becomes of it; merging into a unit is resolve-settings.ts.
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import type { SettingRule } from "../rules/systemd-rules.ts";
import type { Expansion } from "../unit/specifiers.ts";
import type { Assignment } from "../unit/tree.ts";
import { hasRoom, type Note, type Notes } from "./notes.ts";
import type { SettingValue } from "./settings.ts";

export interface ParseInput {
  readonly directive: string;
  readonly rule: SettingRule;
  /** What stands after the `=`, blanks at both ends gone. */
  readonly text: string;
  readonly current: SettingValue;
  /** Whether an earlier line set the directive, and none reset it since. */
  readonly isSet: boolean;
  /** Whether the next line decides anew what a list means, as if it were the first one. */
  readonly isOpen: boolean;
  readonly facts: SystemdFacts;
  readonly expand: (text: string) => Expansion;
  /** Absent for a default. */
  readonly assignment?: Assignment;
}

/** One line of a filter of system calls, its sets not yet expanded: later lines may make that unnecessary. */
export interface CallLine {
  readonly kind: "call-line";
  readonly isInverted: boolean;
  readonly words: readonly { readonly name: string; readonly errno: string | null }[];
}

/** What a line adds to a list. */
export type Growth = SettingValue | CallLine;

export type Outcome =
  | {
      readonly kind: "set";
      readonly value: SettingValue;
      readonly notes?: Notes;
      /** The value builds on the one before, so that its lines stay origins. */
      readonly adds?: boolean;
      /** The next line decides the mode again: see `ParseInput.isOpen`. */
      readonly leavesOpen?: boolean;
    }
  /** A list grows by `value`'s members; nothing is copied, so that a hostile file cannot make it slow. */
  | { readonly kind: "append"; readonly value: Growth; readonly notes?: Notes }
  | { readonly kind: "reset" }
  | { readonly kind: "ignored"; readonly notes: Notes }
  /** systemd refuses the unit, or the rest of the drop-in; `partial`: what the list grew by before it found out. */
  | { readonly kind: "fatal"; readonly note: Note; readonly partial?: SettingValue };

export type Parser = (input: ParseInput) => Outcome;

/** The whole line is ignored. */
export function ignore(code: string, args: Readonly<Record<string, string>>): Outcome {
  return ignoreWith({ code, severity: "warning", args });
}

export function ignoreWith(note: Note): Outcome {
  return { kind: "ignored", notes: { kept: [note], left: 0 } };
}

export function refuse(
  code: string,
  args: Readonly<Record<string, string>>,
  partial?: SettingValue,
): Outcome {
  return { kind: "fatal", note: { code, severity: "error", args }, ...(partial && { partial }) };
}

/** An invalid value: fatal where the directive's rule says so, else ignored with a warning. */
export function invalid({ directive, rule, text }: ParseInput, expected?: string): Outcome {
  const args = { directive, value: text, ...(expected !== undefined && { expected }) };
  const code = expected === undefined ? "invalid-value" : "invalid-value-expected";
  return rule.fatal ? refuse(code, args) : ignore(code, args);
}

/** One word of a list is skipped, the others count. `candidates`: the words that it could have been. */
export function skipWord(
  notes: Notes,
  { directive }: ParseInput,
  word: string,
  candidates?: () => readonly string[],
): void {
  if (!hasRoom(notes)) return;
  const note: Note = { code: "skipped-word", severity: "warning", args: { directive, word } };
  notes.kept.push(candidates ? { ...note, slip: { code: "skipped-word-meant", word, candidates } } : note);
}
