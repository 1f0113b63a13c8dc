import { splitWords } from "../unit/split-words.ts";
import { invalid, type Outcome, type ParseInput, refuse } from "./value-parser.ts";

/** systemd.exec(5), User= and Group=: specifiers, then a name or a number; an invalid one is fatal. */
export function parseUser(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const name = input.expand(input.text);
  if (name.kind === "unknown")
    return refuse("unknown-specifier", {
      directive: input.directive,
      value: input.text,
      specifier: name.specifier,
    });
  if (!isUserName(name.text)) return invalid(input);
  return { kind: "set", value: { kind: "text", value: name.text } };
}

/** SupplementaryGroups=: a list that grows; one invalid name is fatal. */
export function parseUsers(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const { words, error } = splitWords(input.text);
  const names: string[] = [];
  const stop = (word: string): Outcome =>
    refuse("invalid-value", { directive: input.directive, value: word }, { kind: "list", value: names });
  for (const word of words) {
    const name = input.expand(word);
    if (name.kind === "unknown" || !isUserName(name.text)) return stop(word);
    names.push(name.text);
  }
  if (error !== undefined) return stop(input.text);
  return { kind: "append", value: { kind: "list", value: names } };
}

/** The relaxed rule that unit files have: what getpwnam(3) and a line of /etc/passwd can bear. */
export function isUserName(name: string): boolean {
  if (name === "" || name === "." || name === "..") return false;
  if (isUid(name)) return true;
  if (/^(-[0-9]*|[0-9]+)$/.test(name)) return false;
  return !/[:/\x00-\x1f\x7f]|^ | $/.test(name);
}

/** Decimal, no leading zero, and none of the two numbers that mean "no user". */
function isUid(name: string): boolean {
  if (!/^(0|[1-9][0-9]{0,9})$/.test(name)) return false;
  const number = Number(name);
  return number < 0xffffffff && number !== 0xffff;
}

/** The strict rule, for names that systemd makes itself: a login name of at most 31 characters. */
export function isStrictUserName(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_-]{0,30}$/.test(name);
}

/** A well-known name of D-Bus: at least two elements of letters, digits, `_` and `-`, none starting with a digit. */
export function parseBusName(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const name = input.expand(input.text);
  if (name.kind === "unknown" || name.text.length > 255) return invalid(input);
  if (!/^[A-Za-z_-][A-Za-z0-9_-]*(\.[A-Za-z_-][A-Za-z0-9_-]*)+$/.test(name.text)) return invalid(input);
  return { kind: "set", value: { kind: "text", value: name.text } };
}
