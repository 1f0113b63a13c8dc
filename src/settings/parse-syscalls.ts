import type { SystemdFacts } from "../rules/systemd-facts.ts";
import type { SettingRule } from "../rules/systemd-rules.ts";
import { splitWords } from "../unit/split-words.ts";
import { addNote, noNotes } from "./notes.ts";
import { readInteger } from "./parse-numbers.ts";
import type { SettingValue } from "./settings.ts";
import { type CallLine, ignore, type Outcome, type ParseInput, skipWord } from "./value-parser.ts";

/**
 * systemd.exec(5), SystemCallFilter=: a word is a call or a `@set`, in a line that starts with `~` perhaps with
 * `:ERRNO` after it. Words that this version's sets or its libseccomp do not know are skipped, so that an allow list of
 * one typo allows nothing but `@default`. What the lines come to together is `joinCalls`.
 */
export function parseSyscalls(input: ParseInput): Outcome {
  const { directive, text, facts, isSet } = input;
  if (text === "") return { kind: "reset" };
  const isInverted = text.startsWith("~");
  const known: { readonly name: string; readonly errno: string | null }[] = [];
  const notes = noNotes();
  const { words, error } = splitWords(isInverted ? text.slice(1) : text);
  for (const word of words) {
    const colon = word.indexOf(":");
    const name = colon < 0 ? word : word.slice(0, colon);
    const errno = colon < 0 ? null : word.slice(colon + 1);
    if (errno !== null && !isErrno(errno, facts.words.errnos)) skipWord(notes, input, word);
    else if (errno !== null && !isInverted)
      addNote({ code: "errno-in-allow-list", severity: "warning", args: { directive, word } }, notes);
    else if (isKnown(name, facts)) known.push({ name, errno });
    else skipWord(notes, input, name, () => (name.startsWith("@") ? facts.syscallSets : facts.syscalls));
  }
  if (error !== undefined && words.length === 0 && isSet)
    return ignore("invalid-value", { directive, value: text });
  if (error !== undefined) skipWord(notes, input, text);
  return { kind: "append", value: { kind: "call-line", isInverted, words: known }, notes };
}

/**
 * The filter that lines make: the first decides whether it allows (and then holds `@default`) or, with `~`, denies;
 * each adds or takes away. A word settles its calls whatever stood before, so of each word only the last line counts,
 * and a file that repeats its lines costs no more than one that does not.
 */
export function joinCalls(
  lines: readonly CallLine[],
  rule: SettingRule | undefined,
  facts: SystemdFacts,
): SettingValue {
  const mode = lines[0]?.isInverted ? "deny" : "allow";
  const names = new Map<string, string | null>();
  if (mode === "allow" && !rule?.hides?.includes("@default"))
    for (const call of expandSet("@default", facts)) names.set(call, null);
  for (const { name, errno, isInverted } of lastOfEach(lines)) {
    // In an allow list `~call:EPERM` does not take the call away: it denies it with that error.
    const isKept = isInverted === (mode === "deny") || (isInverted && errno !== null);
    for (const call of expandSet(name, facts)) {
      if (isKept) names.set(call, errno);
      else names.delete(call);
    }
  }
  return { kind: "syscalls", mode, names };
}

type SettledWord = CallLine["words"][number] & Pick<CallLine, "isInverted">;

/** Each word as its last line has it, in the order of those lines. */
function lastOfEach(lines: readonly CallLine[]): readonly SettledWord[] {
  const seen = new Set<string>();
  const settled: SettledWord[] = [];
  for (const { words, isInverted } of lines.toReversed()) {
    for (const word of words.toReversed()) {
      if (seen.has(word.name)) continue;
      seen.add(word.name);
      settled.push({ ...word, isInverted });
    }
  }
  return settled.reverse();
}

const isErrno = (text: string, names: readonly string[]): boolean => {
  const number = readInteger(text);
  return text === "kill" || names.includes(text) || (number !== undefined && number >= 0 && number <= 4095);
};

const isKnown = (name: string, facts: SystemdFacts): boolean =>
  name.startsWith("@") ? facts.syscallSet(name) !== undefined : facts.syscallStatus(name) !== "unknown";

const expansions = new WeakMap<SystemdFacts, Map<string, readonly string[]>>();

/** The calls of a word that libseccomp knows, those of other architectures among them. Sets nest without loops. */
function expandSet(word: string, facts: SystemdFacts): readonly string[] {
  const members = facts.syscallSet(word);
  if (members === undefined) return facts.syscallStatus(word) === "unknown" ? [] : [word];
  const known = expansions.get(facts) ?? new Map<string, readonly string[]>();
  expansions.set(facts, known);
  const calls = known.get(word) ?? [...expand(word, facts)];
  known.set(word, calls);
  return calls;
}

function* expand(word: string, facts: SystemdFacts): Generator<string> {
  const members = facts.syscallSet(word);
  if (members) for (const member of members) yield* expand(member, facts);
  else if (facts.syscallStatus(word) !== "unknown") yield word;
}
