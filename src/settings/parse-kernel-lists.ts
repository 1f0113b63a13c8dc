// The lists of things that a service may use: address families, namespaces, architectures of system calls.
import type { SystemdWords } from "../rules/systemd-facts.ts";
import { splitWords } from "../unit/split-words.ts";
import { addNote, noNotes } from "./notes.ts";
import { readBoolean } from "./parse-words.ts";
import { ignore, type Outcome, type ParseInput, skipWord } from "./value-parser.ts";

/**
 * systemd.exec(5), RestrictAddressFamilies=: the first line decides whether the list allows or, with `~`, denies; later
 * ones add or take away. `none` allows nothing and leaves the decision to the next line.
 */
export function parseFamilies(input: ParseInput): Outcome {
  const { text, current, facts, rule } = input;
  if (text === "") return { kind: "reset" };
  if (text === "none")
    return { kind: "set", value: { kind: "families", mode: "allow", names: [] }, leavesOpen: true };
  const isInverted = text.startsWith("~");
  const { words, error } = splitWords(isInverted ? text.slice(1) : text, { quotes: "unquote" });
  const before = !input.isOpen && current.kind === "families" ? current : undefined;
  const mode = before?.mode ?? (isInverted ? "deny" : "allow");
  const names = new Set(before?.names);
  const notes = noNotes();
  for (const word of words) {
    const family = familyOf(word, facts.words);
    if (family === undefined) {
      if (rule.stopsAtBadWord) {
        addNote(
          {
            code: "skipped-rest",
            severity: "warning",
            args: { directive: input.directive, word },
          },
          notes,
        );
        break;
      }
      skipWord(notes, input, word, () => facts.words.families);
    } else if (isInverted === (mode === "deny")) names.add(family);
    else names.delete(family);
  }
  if (error !== undefined) skipWord(notes, input, text);
  return {
    kind: "set",
    value: { kind: "families", mode, names: [...names] },
    notes,
    adds: before !== undefined,
  };
}

/** Families may be written in any case, other than most words of unit files. */
function familyOf(word: string, { families, familyAliases }: SystemdWords): string | undefined {
  const upper = word.replaceAll(/[a-z]+/g, letters => letters.toUpperCase());
  const alias = Object.hasOwn(familyAliases, upper) ? familyAliases[upper] : undefined;
  return alias ?? families.find(family => family.toUpperCase() === upper);
}

/** RestrictNamespaces=: a boolean, or namespaces that stay allowed, or with `~` those that do not; one bad word spoils the line. */
export function parseNamespaces(input: ParseInput): Outcome {
  const { directive, text, current, isSet } = input;
  const known = input.facts.words.namespaces;
  if (text === "") return { kind: "reset" };
  const all = readBoolean(text);
  if (all !== undefined) return { kind: "set", value: { kind: "namespaces", allowed: all ? [] : known } };
  const isInverted = text.startsWith("~");
  const { words, error } = splitWords(isInverted ? text.slice(1) : text);
  const bad = words.find(word => !known.includes(word));
  if (error !== undefined || bad !== undefined)
    return ignore("line-ignored-for-word", { directive, value: text, word: bad ?? text });
  const before = isSet && current.kind === "namespaces" ? current.allowed : undefined;
  const start = before ?? (isInverted ? known : []);
  const allowed = known.filter(name => (words.includes(name) ? !isInverted : start.includes(name)));
  return { kind: "set", value: { kind: "namespaces", allowed }, adds: before !== undefined };
}

/** SystemCallArchitectures=: a set that grows; unknown words are skipped. */
export function parseArchitectures(input: ParseInput): Outcome {
  const { text, current, rule } = input;
  if (text === "") return { kind: "reset" };
  const { words, error } = splitWords(text, { quotes: "unquote" });
  const names = new Set(current.kind === "list" ? current.value : []);
  const notes = noNotes();
  for (const word of words) {
    if (rule.words?.includes(word)) names.add(word);
    else skipWord(notes, input, word, () => rule.words ?? []);
  }
  if (error !== undefined) skipWord(notes, input, text);
  return { kind: "set", value: { kind: "list", value: [...names] }, notes, adds: input.isSet };
}

/** systemd.resource-control(5), Delegate=: a boolean, or controllers; the mere presence of a list, even an empty one, delegates. */
export function parseDelegate(input: ParseInput): Outcome {
  const { text, current, rule } = input;
  const known = rule.words ?? [];
  if (text === "") return { kind: "set", value: { kind: "delegate", on: true, controllers: [] } };
  const all = readBoolean(text);
  if (all !== undefined)
    return { kind: "set", value: { kind: "delegate", on: all, controllers: all ? known : [] } };
  const { words, error } = splitWords(text, { quotes: "unquote" });
  if (error !== undefined) return ignore("invalid-value", { directive: input.directive, value: text });
  const before = current.kind === "delegate" ? current.controllers : [];
  const notes = noNotes();
  for (const word of words) if (!known.includes(word)) skipWord(notes, input, word, () => known);
  const controllers = known.filter(name => before.includes(name) || words.includes(name));
  return { kind: "set", value: { kind: "delegate", on: true, controllers }, notes, adds: input.isSet };
}
