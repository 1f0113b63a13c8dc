import { splitWords } from "../unit/split-words.ts";
import { noNotes } from "./notes.ts";
import { readInteger } from "./parse-numbers.ts";
import type { AddressPrefix } from "./settings.ts";
import { type Outcome, type ParseInput, skipWord } from "./value-parser.ts";

/** systemd.resource-control(5), IPAddressAllow=: the names of address blocks. Their case counts. */
const blocks: Readonly<Record<string, readonly string[]>> = {
  any: ["0.0.0.0/0", "::/0"],
  "link-local": ["169.254.0.0/16", "fe80::/64"],
  multicast: ["224.0.0.0/4", "ff00::/8"],
};
const loopback = ["127.0.0.0/8", "::1/128"];

/** A list that grows; words that are no address are skipped. */
export function parseAddresses(input: ParseInput): Outcome {
  const { text } = input;
  if (text === "") return { kind: "reset" };
  const notes = noNotes();
  const prefixes: AddressPrefix[] = [];
  const { words, error } = splitWords(text);
  for (const word of words) {
    const named = Object.hasOwn(blocks, word) ? blocks[word] : isLocalhost(word) ? loopback : [word];
    for (const written of named ?? []) {
      const prefix = readPrefix(written);
      if (prefix === undefined) skipWord(notes, input, word);
      else prefixes.push(prefix);
    }
  }
  if (error !== undefined) skipWord(notes, input, text);
  return { kind: "append", value: { kind: "addresses", prefixes }, notes };
}

/** RFC 6761 and what distributions call it besides; letters in any case, a dot at the end allowed. */
const isLocalhost = (word: string): boolean => /^(.*\.)?localhost(\.localdomain)?\.?$/i.test(word);

/** `ADDRESS` or `ADDRESS/LENGTH`; bits beyond the length are cleared. */
export function readPrefix(text: string): AddressPrefix | undefined {
  const slash = text.indexOf("/");
  const written = slash < 0 ? text : text.slice(0, slash);
  const four = readFour(written);
  const bytes = four ?? readSix(written);
  if (bytes === undefined) return undefined;
  const bits = bytes.length * 8;
  const length = slash < 0 ? bits : readLength(text.slice(slash + 1));
  if (length === undefined || length > bits) return undefined;
  const address = bytes.map(
    (byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, length - index * 8))) & 0xff,
  );
  return { family: four ? 4 : 6, address, length };
}

/** As strtoul(3) with base 0: "0x20" is a length, and so is "-0". */
function readLength(text: string): number | undefined {
  const length = readInteger(text);
  return length === undefined || length < 0 ? undefined : Math.abs(length);
}

/** As inet_pton(3): four decimal numbers without leading zeros. */
function readFour(text: string): readonly number[] | undefined {
  if (!/^(0|[1-9][0-9]{0,2})(\.(0|[1-9][0-9]{0,2})){3}$/.test(text)) return undefined;
  const bytes = text.split(".").map(Number);
  return bytes.every(byte => byte <= 255) ? bytes : undefined;
}

/** As inet_pton(3): eight groups of hexadecimal digits, `::` once for groups of zeros, the last 32 bits also dotted. */
function readSix(text: string): readonly number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2 || !/^[0-9a-f:.]+$/i.test(text)) return undefined;
  const [left = "", right] = halves;
  const before = readGroups(left, right === undefined);
  const after = right === undefined ? [] : readGroups(right, true);
  if (before === undefined || after === undefined) return undefined;
  const missing = 16 - before.length - after.length;
  if (right === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...before, ...Array<number>(missing).fill(0), ...after];
}

function readGroups(text: string, mayEndDotted: boolean): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    if (/^[0-9a-f]{1,4}$/i.test(group)) {
      const number = Number.parseInt(group, 16);
      bytes.push(number >> 8, number & 0xff);
    } else {
      const four = mayEndDotted && index === groups.length - 1 ? readFour(group) : undefined;
      if (four === undefined) return undefined;
      bytes.push(...four);
    }
  }
  return bytes;
}
