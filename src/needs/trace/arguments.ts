// The text between a call's parentheses → values. Read only for calls that matter: most of a trace never comes here.

import { annotationEnd, stringEnd } from "./strace-line.ts";

/** One argument: its text, from which the functions below read what is asked for. */
export type Argument = string;

/** More arguments than any call has: what comes behind is no call's. */
const MAX_ARGUMENTS = 16;

/** Splits at the commas between arguments, not at those in strings, structures and paths. */
export function splitArguments(text: string): readonly Argument[] {
  return splitAt(text, MAX_ARGUMENTS).map(part => part.replace(/^[a-z_]+=(?![=])/, ""));
}

/** The parts between commas, up to a bracket that was not opened here. */
function splitAt(text: string, most: number): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length && parts.length < most; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22:
        at = stringEnd(text, at);
        break;
      case 0x28:
      case 0x5b:
      case 0x7b:
        depth++;
        break;
      case 0x29:
      case 0x5d:
      case 0x7d:
        if (depth === 0) return [...parts, text.slice(start, at).trim()];
        depth--;
        break;
      case 0x3c:
        at = annotationEnd(text, at);
        break;
      case 0x2f:
        // A comment of -X verbose: /* O_RDWR|O_CREAT */
        if (text.charCodeAt(at + 1) === 0x2a) {
          const end = text.indexOf("*/", at + 2);
          if (end > 0) at = end + 1;
        }
        break;
      case 0x2c:
        if (depth === 0) {
          parts.push(text.slice(start, at).trim());
          start = at + 1;
        }
        break;
    }
  }
  const rest = text.slice(start).trim();
  if (rest !== "" && parts.length < most) parts.push(rest);
  return parts;
}

/** A string argument's characters; `undefined` for a pointer that was not followed, or a string that strace cut. */
export function readString(argument: Argument | undefined): string | undefined {
  if (argument === undefined || !argument.startsWith('"')) return undefined;
  const end = stringEnd(argument, 0);
  if (end >= argument.length || argument.startsWith("...", end + 1)) return undefined;
  return unescapeText(argument.slice(1, end));
}

/** The strings of an array such as argv, each with whether strace cut it; `undefined` for one that was not followed or is not whole. */
export function readStrings(
  argument: Argument | undefined,
): readonly { readonly text: string; readonly isCut: boolean }[] | undefined {
  if (argument === undefined || !argument.startsWith("[")) return undefined;
  const strings: { readonly text: string; readonly isCut: boolean }[] = [];
  for (const part of splitAt(argument.slice(1), MAX_STRINGS)) {
    const end = part.startsWith('"') ? stringEnd(part, 0) : part.length;
    // `...`: there are more than strace shows.
    if (end >= part.length) return undefined;
    strings.push({ text: unescapeText(part.slice(1, end)), isCut: part.startsWith("...", end + 1) });
  }
  return strings;
}

/** strace shows 32 unless it is asked for all. */
const MAX_STRINGS = 1000;

/** What strace escapes as C does. Bytes above 127 become UTF-8 again, as far as they are UTF-8. */
function unescapeText(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes: number[] = [];
  let result = "";
  const flush = () => {
    if (bytes.length > 0) result += Buffer.from(bytes).toString("utf8");
    bytes.length = 0;
  };
  for (const [match] of text.matchAll(/\\(?:x[0-9a-f]{2}|[0-7]{1,3}|.)|[^\\]+/gis)) {
    if (!match.startsWith("\\")) {
      flush();
      result += match;
    } else if (/^\\x[0-9a-f]/i.test(match)) bytes.push(Number.parseInt(match.slice(2), 16));
    else if (/^\\[0-7]/.test(match)) bytes.push(Number.parseInt(match.slice(1), 8) & 255);
    else {
      flush();
      result += ESCAPES[match[1] ?? ""] ?? match.slice(1);
    }
  }
  flush();
  return result;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", v: "\v", f: "\f", "0": "\0" };

/** A number in decimal, octal or hex, whatever comment follows; `undefined` for anything else. */
export function readNumber(argument: Argument | undefined): number | undefined {
  const match = /^(-?\d+|0x[0-9a-f]+)(?![\w.])/i.exec(argument ?? "");
  const text = match?.[1];
  if (text === undefined) return undefined;
  const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
  // Descriptors and modes that strace wrote raw: 0xffffff9c is -100.
  return value > 0x7fffffff && value <= 0xffffffff ? value - 0x100000000 : value;
}

/** A descriptor: its number (-100 for AT_FDCWD), and with `-y` what it leads to. */
export function readDescriptor(
  argument: Argument | undefined,
): { readonly fd: number; readonly note?: string } | undefined {
  if (argument === undefined) return undefined;
  const number = argument.startsWith("AT_FDCWD") ? -100 : readNumber(argument);
  if (number === undefined) return undefined;
  const open = argument.indexOf("<");
  if (open < 0) return { fd: number };
  const end = annotationEnd(argument, open);
  return end > open ? { fd: number, note: argument.slice(open + 1, end) } : { fd: number };
}

/** The path in what `-y` adds: not a socket, a pipe or another thing without one. */
export function notePath(note: string | undefined): string | undefined {
  if (note === undefined || !/^(?:\/|\\x2f)/.test(note)) return undefined;
  // </dev/null<char 1:3>>, </tmp/x>(deleted) or </tmp/x (deleted)>
  const bare = note.replace(/<(?:char|block) [^<>]*>$/, "");
  return unescapeText(bare).replace(/ ?\(deleted\)$/, "");
}

/** The names in an argument of flags; where there are none, the number's by `table`. */
export function readFlags(
  argument: Argument | undefined,
  table: Readonly<Record<string, number>> | undefined,
): ReadonlySet<string> {
  if (argument === undefined) return new Set();
  const names = argument.match(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g);
  if (names !== null) return new Set(names);
  if (table === undefined) return new Set();
  let value = 0;
  for (const part of argument.split("|")) value |= readNumber(part.trim()) ?? 0;
  return new Set(
    Object.entries(table)
      .filter(([, bits]) => (bits === 0 ? value === 0 : (value & bits) === bits))
      .map(([name]) => name),
  );
}

/** The name of a constant; where the argument is a number, the one of `table` with that value. */
export function readConstant(
  argument: Argument | undefined,
  table: Readonly<Record<string, number>> | undefined,
): string | undefined {
  const name = /\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/.exec(argument ?? "")?.[0];
  if (name !== undefined) return name;
  const value = readNumber(argument);
  return Object.entries(table ?? {}).find(([, number]) => number === value)?.[0];
}

/** The text of a member of a structure: `{sa_family=AF_INET, sin_port=htons(80)}`; also inside arrays and other structures. */
export function readMember(argument: Argument | undefined, member: string): Argument | undefined {
  if (argument === undefined) return undefined;
  for (let from = 0; ; ) {
    const at = argument.indexOf(`${member}=`, from);
    if (at < 0) return undefined;
    if (at === 0 || /[{,[( ]/.test(argument[at - 1] ?? "")) {
      return splitAt(argument.slice(at + member.length + 1), 1)[0];
    }
    from = at + 1;
  }
}

/** An IP or UNIX address in an argument of a call. */
export type SocketAddress =
  | { readonly kind: "ip"; readonly family: string; readonly address: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string }
  /** An abstract name, of which any process in the network namespace may know. */
  | { readonly kind: "abstract"; readonly name: string }
  | { readonly kind: "other"; readonly family: string };

/** The first `{sa_family=…}` of an argument. */
export function readSocketAddress(
  argument: Argument | undefined,
  families: Readonly<Record<string, number>>,
): SocketAddress | undefined {
  const start = argument?.indexOf("{sa_family=") ?? -1;
  if (argument === undefined || start < 0) return undefined;
  const text = argument.slice(start);
  const family = readConstant(/^\{sa_family=([^,}]+)/.exec(text)?.[1], families);
  if (family === undefined) return undefined;
  const path = /\bsun_path=(@?)("(?:[^"\\]|\\.)*"\.*)/s.exec(text);
  if (path !== null) {
    const name = readString(path[2]) ?? "";
    return path[1] === "@" ? { kind: "abstract", name } : { kind: "unix", path: name };
  }
  const port = readPort(text);
  if (port === undefined) return { kind: "other", family };
  return { kind: "ip", family, address: readAddress(text), port };
}

function readPort(text: string): number | undefined {
  const named = /\bhtons\((\d{1,5})\)/.exec(text)?.[1];
  if (named !== undefined) return Number(named);
  // -X raw leaves the two bytes in network order.
  const raw = /\bsin6?_port="((?:\\x[0-9a-f]{2}){2})"/.exec(text)?.[1];
  if (raw === undefined) return undefined;
  return Number.parseInt(raw.slice(2, 4), 16) * 256 + Number.parseInt(raw.slice(6, 8), 16);
}

function readAddress(text: string): string {
  const named = /\binet_(?:addr\(|pton\([^,]{0,48}, )("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  if (named !== undefined) return readString(named) ?? "";
  const raw = /\bsin_addr="((?:\\x[0-9a-f]{2}){4})"/.exec(text)?.[1];
  return raw === undefined
    ? ""
    : raw
        .split("\\x")
        .slice(1)
        .map(byte => Number.parseInt(byte, 16))
        .join(".");
}
