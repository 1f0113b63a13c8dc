import { didYouMean } from "../rules/did-you-mean.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import { splitWords } from "../unit/split-words.ts";
import { readInteger } from "./parse-numbers.ts";
import { ignore, type Note, type Outcome, type ParseInput, skippedWord } from "./value-parser.ts";

/**
 * systemd.exec(5), SystemCallFilter=: the first line decides whether the list allows (and then holds `@default`) or,
 * with `~`, denies; later lines add or take away. A word is a call or a `@set`, in a `~` line with `:ERRNO` after it.
 * Words that this version's sets or its libseccomp do not know are skipped, so that an allow list of one typo
 * allows nothing but `@default`.
 */
export function parseSyscalls(input: ParseInput): Outcome {
  const { directive, text, current, facts, isSet } = input;
  if (text === "") return { kind: "reset" };
  const isInverted = text.startsWith("~");
  const before = isSet && current.kind === "syscalls" ? current : undefined;
  const mode = before?.mode ?? (isInverted ? "deny" : "allow");
  const names = new Map(before?.names);
  const apply = (word: string, errno: string | null): void => {
    for (const call of expandSet(word, input)) {
      if (isInverted === (mode === "deny")) names.set(call, errno);
      // In an allow list `~call:EPERM` does not take the call away: it denies it with that error.
      else if (isInverted && errno !== null) names.set(call, errno);
      else names.delete(call);
    }
  };
  if (before === undefined && mode === "allow" && !input.rule.hides?.includes("@default"))
    for (const call of expandSet("@default", input)) names.set(call, null);
  const notes: Note[] = [];
  const { words, error } = splitWords(isInverted ? text.slice(1) : text);
  for (const word of words) {
    const colon = word.indexOf(":");
    const name = colon < 0 ? word : word.slice(0, colon);
    const errno = colon < 0 ? null : word.slice(colon + 1);
    if (errno !== null && !isErrno(errno, facts.words.errnos)) notes.push(skippedWord(input, word));
    else if (errno !== null && !isInverted)
      notes.push({ code: "errno-in-allow-list", severity: "warning", args: { directive, word } });
    else if (!isKnown(name, input)) notes.push(unknownCall(input, name));
    else apply(name, errno);
  }
  if (error !== undefined && words.length === 0 && before !== undefined)
    return ignore("invalid-value", { directive, value: text });
  if (error !== undefined) notes.push(skippedWord(input, text));
  return { kind: "set", value: { kind: "syscalls", mode, names }, notes, adds: before !== undefined };
}

const isErrno = (text: string, names: readonly string[]): boolean => {
  const number = readInteger(text);
  return text === "kill" || names.includes(text) || (number !== undefined && number >= 0 && number <= 4095);
};

const isKnown = (name: string, { facts }: ParseInput): boolean =>
  name.startsWith("@") ? facts.syscallSet(name) !== undefined : facts.syscallStatus(name) !== "unknown";

function unknownCall(input: ParseInput, name: string): Note {
  const { facts } = input;
  return skippedWord(
    input,
    name,
    didYouMean(name, name.startsWith("@") ? facts.syscallSets : facts.syscalls),
  );
}

const expansions = new WeakMap<SystemdFacts, Map<string, readonly string[]>>();

/** The calls of a word that libseccomp knows, those of other architectures among them. Sets nest without loops. */
function expandSet(word: string, { facts }: ParseInput): readonly string[] {
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
