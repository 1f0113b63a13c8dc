// One message of a log → what it tells of a denial: systemd's own words about a unit, or an errno in a program's.

import { loadLogWords } from "../../rules/log-words.ts";
import type { ErrnoMessage, PathError, ProcessEnd, SetupFailure, TraceEvent, UnitResult } from "./events.ts";

/** What all events of a message share. */
export type Seen = Omit<UnitResult, "kind" | "result">;

const MAX_MESSAGE = 8192;

/** The event in a message; `undefined` for an ordinary one. */
export function readMessage(message: string, seen: Seen): TraceEvent | undefined {
  const text = message.slice(0, MAX_MESSAGE);
  return readManagerMessage(text, seen) ?? readErrno(text, seen) ?? readSignal(text, seen);
}

const UNIT = "([A-Za-z0-9:_.\\\\@-]+\\.(?:service|socket|mount|swap|timer|path|slice|scope))";
const ENDED = new RegExp(`^${UNIT}: ([A-Z][a-z]+)`);
const STATUS = /\bcode=(exited|killed|dumped),? status=(\d{1,5})(?:\/([A-Z0-9+_-]+))?/;
const RESULT = new RegExp(`^${UNIT}: Failed with result '([a-z-]+)'`);
const STEP = new RegExp(`^(?:${UNIT}: )?Failed at step ([A-Z_]+) spawning ([^:]+): (.*)$`);

/** What systemd says of a unit: system.journald fields name the unit as well, but a plain text has only this. */
function readManagerMessage(text: string, seen: Seen): ProcessEnd | UnitResult | SetupFailure | undefined {
  const ended = ENDED.exec(text);
  const state = ended === null ? null : STATUS.exec(text);
  if (ended !== null && state !== null) {
    const [, unit = "", what = ""] = ended;
    const [, by, status, name] = state;
    if (by !== "exited" && by !== "killed" && by !== "dumped") return undefined;
    const number = Number(status);
    if (by === "exited" && number === 0) return undefined;
    const process = /^Main/.test(what) ? "main" : /^Control/.test(what) ? "control" : undefined;
    const said = name === undefined || /^(?:FAILURE|n)$/.test(name) ? signalOfChild(by, number) : name;
    return {
      kind: "exit",
      ...seen,
      unit,
      by,
      status: number,
      ...(said === undefined ? {} : { name: said }),
      ...(process === undefined ? {} : { process }),
    };
  }
  const result = RESULT.exec(text);
  if (result?.[1] !== undefined && result[2] !== undefined)
    return { kind: "result", ...seen, unit: result[1], result: result[2] };
  const step = STEP.exec(text);
  if (step?.[2] !== undefined) {
    const error = errorIn(step[4] ?? "");
    return {
      kind: "setup",
      ...seen,
      ...(step[1] === undefined ? {} : { unit: step[1] }),
      step: step[2],
      ...(step[3] === undefined ? {} : { path: step[3] }),
      ...(error === undefined ? {} : { error: error.name }),
    };
  }
  return undefined;
}

/** Shells and servers that wait for a child end with 128 and the number of the signal that ended it. */
function signalOfChild(by: ProcessEnd["by"], status: number): string | undefined {
  if (by !== "exited") return undefined;
  return loadLogWords().signals.find(({ number }) => number + 128 === status)?.name;
}

/** A server's own words about one of its processes. */
function readSignal(text: string, seen: Seen): ProcessEnd | undefined {
  const signal = loadLogWords().signals.find(({ texts = [] }) =>
    texts.some(words => new RegExp(words, "i").test(text)),
  );
  return signal === undefined
    ? undefined
    : { kind: "exit", ...seen, by: "killed", status: signal.number, name: signal.name };
}

interface Found {
  readonly name: string;
  readonly at: number;
  readonly needsPath: boolean;
  readonly needsCall: boolean;
}

/** The first errno in a text: in words, by its name, or by its number as `(13: …)` and `[Errno 13]` have it. */
function errorIn(text: string): Found | undefined {
  const lower = text.toLowerCase();
  let first: Found | undefined;
  for (const { name, number, texts, needsPath = false, needsCall = false } of loadLogWords().errors) {
    const places = [...texts.map(words => lower.indexOf(words)), wordAt(text, name)];
    for (const pattern of [`[Errno ${number}]`, `errno=${number},`, `errno ${number})`])
      places.push(text.indexOf(pattern));
    for (const at of places)
      if (at >= 0 && (first === undefined || at < first.at)) first = { name, at, needsPath, needsCall };
  }
  return first;
}

function wordAt(text: string, word: string): number {
  const at = text.indexOf(word);
  return at >= 0 && /^(?:\W|$)/.test(text.slice(at + word.length)) ? at : -1;
}

function readErrno(text: string, seen: Seen): PathError | ErrnoMessage | undefined {
  const error = errorIn(text);
  if (error === undefined) return undefined;
  const path = pathNear(text, error.at);
  const call = callIn(path === undefined ? text : text.replaceAll(path, " "));
  if (error.needsCall && call === undefined) return undefined;
  if (path !== undefined) {
    const access = error.name === "EROFS" ? "write" : accessIn(text, path);
    return {
      kind: "path-error",
      ...seen,
      error: error.name,
      path,
      ...(access === undefined ? {} : { access }),
      ...(call === undefined ? {} : { call }),
    };
  }
  if (error.needsPath) return undefined;
  const family = /\b(?:AF|PF)_([A-Z0-9]+)\b/.exec(text)?.[1];
  const port = portIn(text);
  return {
    kind: "errno",
    ...seen,
    error: error.name,
    ...(call === undefined ? {} : { call }),
    ...(family === undefined ? {} : { family: `AF_${family}` }),
    ...(port === undefined ? {} : { port }),
  };
}

/** The call that a message speaks of, by its name or in words; of several the first. */
function callIn(text: string): string | undefined {
  let first: { readonly call: string; readonly at: number } | undefined;
  for (const { call, pattern } of callPatterns()) {
    const at = text.search(pattern);
    if (at >= 0 && (first === undefined || at < first.at)) first = { call, at };
  }
  return first?.call;
}

let patterns: readonly { readonly call: string; readonly pattern: RegExp }[] | undefined;

function callPatterns(): typeof patterns & object {
  patterns ??= loadLogWords().calls.map(({ call, says = [] }) => ({
    call,
    pattern: new RegExp(`\\b(?:${[call, ...says].join("|")})\\b`, "i"),
  }));
  return patterns;
}

/** The path that a message is about: the last one before the error, else the first behind it. */
function pathNear(text: string, at: number): string | undefined {
  let before: string | undefined;
  for (const match of text.matchAll(
    /(["'`‘“])(\/[^"'`’”\n]{0,4095})["'`’”]|(?<![\w/.:~-])(\/[^\s"'`,;()<>[\]{}]{1,4095})/g,
  )) {
    const path = (match[2] ?? match[3] ?? "").replace(/[:.]+$/, "");
    if (path.length < 2 || path.startsWith("//")) continue;
    if (match.index > at && before !== undefined) break;
    before = path;
    if (match.index > at) break;
  }
  return before;
}

function accessIn(text: string, path: string): PathError["access"] {
  const words = text.replaceAll(path, " ");
  const { access } = loadLogWords();
  for (const kind of ["exec", "write", "read"] as const)
    if (access[kind].some(word => new RegExp(`\\b${word}\\b`, "i").test(words))) return kind;
  return undefined;
}

/** `bind() to 0.0.0.0:80 failed`, `[::]:443`, `port 53`. */
function portIn(text: string): string | undefined {
  const port = /(?:\d\.\d{1,3}|\]|\*|\blocalhost):(\d{1,5})\b|\bport[ =:]+(\d{1,5})\b/i.exec(text);
  const number = Number(port?.[1] ?? port?.[2] ?? Number.NaN);
  if (!Number.isInteger(number) || number < 1 || number > 65535) return undefined;
  return `${/\budp\b/i.test(text) ? "udp" : /\btcp\b/i.test(text) ? "tcp" : "*"}:${number}`;
}
