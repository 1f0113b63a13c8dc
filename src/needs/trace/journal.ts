// Exports of the journal → events: `journalctl -o json`, `-o export`, and what a person copies from a terminal.
// systemd's Journal Export Formats; journalctl(1), --output=.

import { failedCalls, type LogParser, MAX_EVENTS, readAuditLine } from "./audit.ts";
import type { Lines, ParsedLog, TraceEvent } from "./events.ts";
import { oneLine } from "./one-line.ts";
import { readMessage } from "./read-message.ts";

/** An entry's fields; of a field that it has twice, the first. */
type Entry = ReadonlyMap<string, string>;

const MAX_LINE = 1 << 20;
const MAX_FIELDS = 256;

/** Parses a journal that is in memory; for files use `journalParser` line by line. */
export function parseJournal(lines: Lines, file: string): ParsedLog {
  const parser = journalParser(file);
  for (const line of lines) parser.push(line);
  return parser.finish();
}

/** A parser that takes every form; which one it is, each line says. */
export function journalParser(file: string): LogParser {
  const events: TraceEvent[] = [];
  const failed = failedCalls();
  let line = 0;
  let notUnderstood = 0;
  let entry: Map<string, string> | undefined;
  let entryLine = 0;
  /** The name of a field whose value comes on the next line, its length in front. */
  let binary: { readonly name: string; text: string } | undefined;

  function take(fields: Entry, at: number): void {
    const event = readEntry(fields, file, at, failed);
    if (event !== undefined && events.length < MAX_EVENTS) events.push(event);
  }

  function endEntry(): void {
    if (entry !== undefined) take(entry, entryLine);
    entry = undefined;
    binary = undefined;
  }

  function addField(name: string, value: string): void {
    if (entry === undefined) {
      entry = new Map();
      entryLine = line;
    }
    if (entry.size < MAX_FIELDS && !entry.has(name)) entry.set(name, value);
  }

  function pushExport(text: string): boolean {
    if (binary !== undefined) {
      binary.text += binary.text === "" ? text : `\n${text}`;
      // Eight bytes of length, little endian: whatever is real is below 2^24, so the last five are zero.
      const length = /^[\s\S]{0,4}?\0{4,}/.exec(binary.text);
      if (length !== null) {
        addField(binary.name, binary.text.slice(length[0].length));
        binary = undefined;
      } else if (binary.text.length > MAX_LINE) binary = undefined;
      return true;
    }
    const field = /^([A-Z_][A-Z0-9_]{0,63})(=|$)/.exec(text);
    if (field?.[1] === undefined) return false;
    if (entry === undefined && !/^(?:__|_|[A-Z])/.test(field[1])) return false;
    if (field[2] === "=") addField(field[1], text.slice(field[0].length));
    else if (entry === undefined) return false;
    else binary = { name: field[1], text: "" };
    return true;
  }

  return {
    push(raw) {
      line++;
      if (raw.length > MAX_LINE) {
        notUnderstood++;
        return;
      }
      const text = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
      if (text === "" && binary === undefined) {
        endEntry();
        return;
      }
      if (entry === undefined && (text.startsWith("{") || text.startsWith("\x1e{"))) {
        const fields = readJson(text.replace(/^\x1e/, ""));
        if (fields === undefined) notUnderstood++;
        else take(fields, line);
        return;
      }
      // An export begins with its cursor; later lines belong to it until an empty one.
      if (
        (entry !== undefined || text.startsWith("__CURSOR=") || text.startsWith("__REALTIME_")) &&
        pushExport(text)
      )
        return;
      if (entry !== undefined) endEntry();
      if (text.startsWith("-- ")) return;
      const fields = readPlain(text);
      if (fields === undefined) notUnderstood++;
      else take(fields, line);
    },
    finish() {
      endEntry();
      return { events, lines: line, notUnderstood, isCut: events.length >= MAX_EVENTS };
    },
  };
}

function readJson(text: string): Entry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // A line that was cut, or no JSON at all: the caller counts it.
    return undefined;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const fields = new Map<string, string>();
  for (const [name, given] of Object.entries(value).slice(0, MAX_FIELDS)) {
    const field = textOf(given);
    if (field !== undefined) fields.set(name, field);
  }
  return fields;
}

/** A field with unprintable bytes is a list of numbers, one that stands twice a list of texts. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number") return String(value);
  if (!Array.isArray(value)) return undefined;
  return value.every(byte => typeof byte === "number")
    ? Buffer.from(value).toString("utf8")
    : textOf(value[0]);
}

const STAMP =
  /^(?:[A-Z][a-z]{2} +\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)?|\d{4}-\d\d-\d\dT\S+|[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? \S+|\d{9,11}\.\d+|\[ *\d+\.\d+\]) +/;

/** `Nov 23 15:48:57 host nginx[123]: message`, and the other short forms; a line of dmesg; a message alone (`-o cat`). */
function readPlain(text: string): Entry | undefined {
  const stamp = STAMP.exec(text);
  if (stamp === null) return new Map([["MESSAGE", text]]);
  const rest = text.slice(stamp[0].length);
  const source = /^(?:(\S+) )?([^\s:[\]]{1,64})(?:\[(\d{1,10})\])?: /.exec(rest);
  const fields = new Map<string, string>();
  const seconds = /^\d{9,11}\.\d+/.exec(text)?.[0];
  const time =
    seconds === undefined ? Date.parse(text.slice(0, stamp[0].length).trim()) * 1000 : Number(seconds) * 1e6;
  if (/^\d{4}|^\d{9}/.test(text) && Number.isFinite(time))
    fields.set("__REALTIME_TIMESTAMP", String(Math.round(time)));
  if (source === null) return fields.set("MESSAGE", rest);
  fields.set("MESSAGE", rest.slice(source[0].length));
  if (source[2] !== undefined) {
    fields.set("SYSLOG_IDENTIFIER", source[2]);
    // --output=with-unit has the unit in the program's place.
    if (/\.service$/.test(source[2])) fields.set("_SYSTEMD_UNIT", source[2]);
  }
  if (source[3] !== undefined) fields.set("_PID", source[3]);
  return fields;
}

function readEntry(
  fields: Entry,
  file: string,
  line: number,
  failed: ReturnType<typeof failedCalls>,
): TraceEvent | undefined {
  const message = fields.get("MESSAGE");
  if (message === undefined) return undefined;
  const time = Number(
    fields.get("__REALTIME_TIMESTAMP") ?? fields.get("_SOURCE_REALTIME_TIMESTAMP") ?? Number.NaN,
  );
  // Of what the manager says, UNIT= tells what it is about.
  const unit =
    fields.get("UNIT") ??
    fields.get("USER_UNIT") ??
    fields.get("OBJECT_SYSTEMD_UNIT") ??
    fields.get("_SYSTEMD_UNIT");
  const context = {
    file,
    line,
    ...(Number.isFinite(time) ? { time } : {}),
    ...(unit === undefined || unit === "init.scope" ? {} : { unit: oneLine(unit) }),
  };
  if (
    fields.has("_AUDIT_TYPE_NAME") ||
    /\baudit(?:: type=\d+ audit)?\(|\bavc: +denied|\bapparmor="/.test(message)
  ) {
    const type = fields.get("_AUDIT_TYPE_NAME");
    const id = fields.get("_AUDIT_ID");
    const text =
      type !== undefined && !message.includes("audit(")
        ? `type=${type} msg=audit(0.000:${id ?? 0}): ${message}`
        : message;
    const event = readAuditLine(text, context, failed);
    return event === undefined || event === "nothing" ? undefined : event;
  }
  const pid = Number(fields.get("_PID") ?? fields.get("SYSLOG_PID") ?? Number.NaN);
  const comm = fields.get("_COMM") ?? fields.get("SYSLOG_IDENTIFIER");
  const exe = fields.get("_EXE");
  const event = readMessage(message, {
    ...context,
    detail: oneLine(message),
    ...(Number.isInteger(pid) ? { pid } : {}),
    ...(comm === undefined ? {} : { comm: oneLine(comm) }),
    ...(exe === undefined ? {} : { exe: oneLine(exe) }),
  });
  if (event === undefined || event.kind !== "exit") return event;
  // The entry itself has what the message says, and which command it was.
  const command = fields.get("COMMAND");
  return command === undefined || !/^Exec[A-Za-z]+$/.test(command) ? event : { ...event, process: command };
}
