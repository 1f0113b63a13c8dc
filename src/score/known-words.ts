// Which words of a list-valued directive systemd knows; the others it passes over, or drops the line for.
import type { Vocabulary } from "../rules/pack.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import { splitWords } from "../unit/split-words.ts";

/** CAP_LAST_CAP cannot grow beyond 62: the kernel keeps sets in 64 bits, and systemd needs one value for itself. */
const LAST_CAPABILITY = 62;

/** The words of an assignment's value without a leading `~`, as systemd takes that kind of list apart. */
export function splitList(value: string, vocabulary: Vocabulary): readonly string[] {
  const isQuoted = vocabulary !== "syscalls" && vocabulary !== "namespaces";
  const text = value.startsWith("~") ? value.slice(1) : value;
  return splitWords(text, { quotes: isQuoted ? "unquote" : "plain", ending: "lenient" }).words;
}

/** Whether systemd knows the word; an errno after a system call's colon is not looked at. */
export function isKnownWord(word: string, vocabulary: Vocabulary, facts: SystemdFacts): boolean {
  switch (vocabulary) {
    case "capabilities": {
      const isNumber = /^\d+$/.test(word) && Number(word) <= LAST_CAPABILITY;
      return isNumber || facts.words.capabilities.includes(word.toUpperCase());
    }
    case "families": {
      const upper = word.toUpperCase();
      const isSame = (name: string) => name.toUpperCase() === upper;
      return (
        word === "none" || [...facts.words.families, ...Object.keys(facts.words.familyAliases)].some(isSame)
      );
    }
    case "namespaces":
      return (
        facts.words.namespaces.includes(word) ||
        ["1", "yes", "y", "true", "t", "on", "0", "no", "n", "false", "f", "off"].includes(word.toLowerCase())
      );
    case "architectures":
      return facts.settings.get("SystemCallArchitectures")?.words?.includes(word) ?? true;
    case "syscalls": {
      const colon = word.indexOf(":");
      const name = colon < 0 ? word : word.slice(0, colon);
      return name.startsWith("@")
        ? facts.syscallSet(name) !== undefined
        : facts.syscallStatus(name) !== "unknown";
    }
    default: {
      const never: never = vocabulary;
      return never;
    }
  }
}

/** The words to look for the likely meaning of a mistyped one. */
export function vocabularyOf(vocabulary: Vocabulary, facts: SystemdFacts): readonly string[] {
  switch (vocabulary) {
    case "capabilities":
      return facts.words.capabilities;
    case "families":
      return facts.words.families;
    case "namespaces":
      return facts.words.namespaces;
    case "architectures":
      return facts.settings.get("SystemCallArchitectures")?.words ?? [];
    case "syscalls":
      return [...facts.syscallSets, ...facts.syscalls];
    default: {
      const never: never = vocabulary;
      return never;
    }
  }
}
