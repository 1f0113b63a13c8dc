import { splitWords } from "../unit/split-words.ts";
import { noNotes } from "./notes.ts";
import { readInteger } from "./parse-numbers.ts";
import { type Outcome, type ParseInput, skipWord } from "./value-parser.ts";

/** `bits` ones. */
const ones = (bits: number): bigint => (1n << BigInt(bits)) - 1n;

/**
 * systemd.exec(5), CapabilityBoundingSet=: a line sets the mask where the value is still the default or the line names
 * no capability at all; else it adds to it or, with `~`, takes away. Unknown names are skipped.
 */
export function parseCapabilities(input: ParseInput): Outcome {
  const { rule, text, current } = input;
  const names = input.facts.words.capabilities;
  const isInverted = text.startsWith("~");
  const { words } = splitWords(isInverted ? text.slice(1) : text, {
    quotes: "unquote",
    ending: rule.isLenient ? "lenient" : "strict",
  });
  const notes = noNotes();
  let sum = 0n;
  for (const word of words) {
    const number = capabilityNumber(word, names, rule.highest);
    if (number === undefined) skipWord(notes, input, word, () => names);
    else sum |= 1n << BigInt(number);
  }
  const before = current.kind === "capabilities" ? current.mask : 0n;
  const [, defaultBits = 64] = rule.range ?? [];
  const [invertedBits = 64] = rule.range ?? [];
  const initial = rule.default === "~" ? ones(defaultBits) : 0n;
  if (sum === 0n || before === initial)
    return {
      kind: "set",
      value: { kind: "capabilities", mask: isInverted ? ones(invertedBits) & ~sum : sum },
      notes,
    };
  const mask = isInverted ? before & ~sum : before | sum;
  return { kind: "set", value: { kind: "capabilities", mask }, notes, adds: true };
}

/** The mask that a unit starts with. */
export function defaultCapabilities({ range, default: written }: ParseInput["rule"]): bigint {
  return written === "~" ? ones(range?.[1] ?? 64) : 0n;
}

/** @param highest the highest number that may stand for a name. */
export function capabilityNumber(word: string, names: readonly string[], highest = 62): number | undefined {
  const number = readInteger(word);
  if (number !== undefined) return number >= 0 && number <= highest ? number : undefined;
  const index = names.indexOf(word.toUpperCase());
  return index < 0 || !/^[\x00-\x7f]*$/.test(word) ? undefined : index;
}
