// The audit log → events: records of filtered calls, security modules and failed calls, as auditd, ausearch (raw and
// interpreted), the kernel's ring and the journal write them. linux/audit.h, seccomp(2), systemd.exec(5), SystemCallLog=.

import { auditArchitecture, callName, callNumber, loadLogWords } from "../../rules/log-words.ts";
import type { AccessDenied, DeniedCall, Lines, ParsedLog, PathError, TraceEvent } from "./events.ts";
import { oneLine } from "./one-line.ts";

/** Takes lines, one at a time; memory is bounded. */
export interface LogParser {
  push(line: string): void;
  finish(): ParsedLog;
}

/** What an entry is known to be about beside its text. */
export interface LogContext {
  readonly file: string;
  readonly line: number;
  readonly time?: number;
  readonly unit?: string;
}

/** Events beyond this many are the same again. */
export const MAX_EVENTS = 20_000;
const MAX_LINE = 1 << 18;
const MAX_OPEN = 256;

/** The types of records that matter here, by the kernel's number. */
const TYPES: Readonly<Record<string, string>> = {
  "1300": "SYSCALL",
  "1302": "PATH",
  "1326": "SECCOMP",
  "1400": "AVC",
  "1107": "USER_AVC",
  "1503": "AVC",
};

/** Parses a log that is in memory; for files use `auditParser` line by line. */
export function parseAudit(lines: Lines, file: string): ParsedLog {
  const parser = auditParser(file);
  for (const line of lines) parser.push(line);
  return parser.finish();
}

export function auditParser(file: string): LogParser {
  const events: TraceEvent[] = [];
  const failed = failedCalls();
  let lines = 0;
  let notUnderstood = 0;
  return {
    push(line) {
      lines++;
      // ausearch puts `----` and `time->…` between records.
      if (line === "" || line === "----" || line.startsWith("time->") || line.startsWith("#")) return;
      const event = line.length > MAX_LINE ? undefined : readAuditLine(line, { file, line: lines }, failed);
      if (event === undefined) notUnderstood++;
      else if (event !== "nothing" && events.length < MAX_EVENTS) events.push(event);
    },
    finish: () => ({ events, lines, notUnderstood, isCut: events.length >= MAX_EVENTS }),
  };
}

/** A failed call's record, which the records of its paths follow: they share a serial number. */
export interface FailedCalls {
  readonly bySerial: Map<string, { readonly error: string; readonly fields: Fields }>;
}

export function failedCalls(): FailedCalls {
  return { bySerial: new Map() };
}

type Fields = ReadonlyMap<string, string>;

/**
 * The event of one audit record.
 * @returns "nothing" for a record that tells of no denial, `undefined` for a line that is no record
 */
export function readAuditLine(
  text: string,
  context: LogContext,
  failed: FailedCalls,
): TraceEvent | "nothing" | undefined {
  const head = /(?:\btype=([A-Z_0-9]+) )?(?:msg=)?audit\(([^)]{1,60})\) ?: ?/.exec(text);
  const start = head === null ? 0 : head.index + head[0].length;
  // The journal gives the type in front, or in a field of its own: then the text has words of its kind.
  const type = typeOf(head?.[1] ?? /^(SECCOMP|AVC|SYSCALL|PATH|USER_AVC)\b/.exec(text)?.[1], text);
  if (type === undefined) return head === null ? undefined : "nothing";
  const fields = readFields(text.slice(start));
  const time = context.time ?? timeOf(head?.[2]);
  const seen = {
    file: context.file,
    line: context.line,
    detail: oneLine(text),
    ...(time === undefined ? {} : { time }),
    ...(context.unit === undefined ? {} : { unit: context.unit }),
    ...processOf(fields),
  };
  const serial = head?.[2]?.split(":").at(-1) ?? "";
  switch (type) {
    case "SECCOMP":
      return deniedCall(fields, seen) ?? "nothing";
    case "SYSCALL":
      rememberFailed(fields, serial, failed);
      return "nothing";
    case "PATH": {
      const call = failed.bySerial.get(serial);
      const path = textOf(fields.get("name"));
      if (call === undefined || path === undefined || !path.startsWith("/")) return "nothing";
      return {
        kind: "path-error",
        ...seen,
        ...processOf(call.fields),
        error: call.error,
        path,
        ...(call.error === "EROFS" ? { access: "write" as const } : {}),
      } satisfies PathError;
    }
    default:
      return accessDenied(text.slice(start), fields, seen) ?? "nothing";
  }
}

function typeOf(named: string | undefined, text: string): string | undefined {
  if (named !== undefined) return TYPES[named] ?? (Object.values(TYPES).includes(named) ? named : undefined);
  if (/\bavc: +denied|\bapparmor="/.test(text)) return "AVC";
  return undefined;
}

/** `key=value`, `key="value"`, with quotes around one word or several. */
function readFields(text: string): Fields {
  const fields = new Map<string, string>();
  for (const [, key, value] of text.matchAll(/\b([a-zA-Z0-9_-]{1,32})=("[^"]*"|'[^']*'|[^\s]*)/g)) {
    // The record's own fields come first; enriched ones repeat them in capitals.
    if (key !== undefined && !fields.has(key)) fields.set(key, value ?? "");
    if (fields.size > 64) break;
  }
  return fields;
}

function timeOf(text: string | undefined): number | undefined {
  const seconds = /^(\d{9,11}\.\d{3}):/.exec(text ?? "")?.[1];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1e6);
}

function processOf(fields: Fields) {
  const pid = Number(fields.get("pid") ?? Number.NaN);
  const comm = textOf(fields.get("comm"));
  const exe = textOf(fields.get("exe"));
  return {
    ...(Number.isInteger(pid) ? { pid } : {}),
    ...(comm === undefined ? {} : { comm: comm.slice(0, 64) }),
    ...(exe === undefined ? {} : { exe: exe.slice(0, 4096) }),
  };
}

/** A text of an untrusted process: in quotes, or in hex where it has blanks or quotes of its own. auparse(3). */
function textOf(value: string | undefined): string | undefined {
  if (value === undefined || value === "" || value === "?" || value === "(null)") return undefined;
  if (/^["'].*["']$/s.test(value)) return value.slice(1, -1);
  if (/^(?:[0-9A-F]{2}){2,}$/.test(value))
    return Buffer.from(value, "hex").toString("utf8").replace(/\0+$/, "");
  return value;
}

/** seccomp(2), the high half of `code=`, or ausearch's word for it. */
const ACTIONS: readonly (readonly [RegExp, DeniedCall["action"]])[] = [
  [/^(?:0x7ffc[0-9a-f]{4}|log)$/i, "logged"],
  [/^(?:0x5[0-9a-f]{4}|0x0005[0-9a-f]{4}|errno)/i, "errno"],
  [/^(?:0x3[0-9a-f]{4}|0x0003[0-9a-f]{4}|trap)/i, "trapped"],
  [/^(?:0x7ff[0-9a-f]{5}|trace|user_notif)/i, "traced"],
];

function deniedCall(fields: Fields, seen: Omit<DeniedCall, "kind" | "number" | "action" | "call" | "arch">) {
  const arch = auditArchitecture(fields.get("arch") ?? "");
  const text = fields.get("syscall") ?? "";
  const isNumber = /^\d{1,10}$/.test(text);
  // x32 calls carry a bit of their own.
  const number = isNumber ? Number(text) & ~0x40000000 : (callNumber(arch, text) ?? -1);
  const call = isNumber ? callName(arch, number) : /^[a-z][a-z0-9_]*$/.test(text) ? text : undefined;
  if (!isNumber && call === undefined) return undefined;
  const code = fields.get("code") ?? "";
  const signal = fields.get("sig") ?? "0";
  const action =
    ACTIONS.find(([pattern]) => pattern.test(code))?.[1] ?? (signal === "0" ? "logged" : "killed");
  const event: DeniedCall = {
    kind: "denied-call",
    ...seen,
    ...(call === undefined ? {} : { call }),
    number,
    ...(arch === undefined ? {} : { arch }),
    action,
  };
  return event;
}

function rememberFailed(fields: Fields, serial: string, { bySerial }: FailedCalls): void {
  const exit = fields.get("exit") ?? "";
  const number = /^-(\d+)$/.exec(exit)?.[1];
  const error = number === undefined ? /^E[A-Z]+/.exec(exit)?.[0] : errorByNumber(Number(number));
  if (fields.get("success") !== "no" || error === undefined || error === "ENOENT") return;
  if (bySerial.size >= MAX_OPEN) bySerial.clear();
  bySerial.set(serial, { error, fields });
}

function errorByNumber(number: number): string | undefined {
  return loadLogWords().errors.find(error => error.number === number)?.name;
}

function accessDenied(
  text: string,
  fields: Fields,
  seen: Omit<AccessDenied, "kind" | "system" | "permissions">,
) {
  const denied = /\bavc: +denied +\{([^}]{0,400})\}/.exec(text);
  const apparmor = textOf(fields.get("apparmor"));
  const isSmack = fields.get("lsm") === "SMACK" && fields.get("action") === "denied";
  if (denied === null && apparmor !== "DENIED" && !isSmack) return undefined;
  const capability =
    textOf(fields.get("capname")) ??
    (fields.get("tclass")?.startsWith("cap") ? denied?.[1]?.trim() : undefined);
  const path = textOf(fields.get("path")) ?? textOf(fields.get("name"));
  const port = Number(fields.get("src") ?? fields.get("dest") ?? Number.NaN);
  const words = denied?.[1] ?? textOf(fields.get("denied_mask")) ?? textOf(fields.get("requested")) ?? "";
  const object = fields.get("tclass") ?? textOf(fields.get("operation")) ?? textOf(fields.get("class"));
  const event: AccessDenied = {
    kind: "access-denied",
    ...seen,
    system: apparmor !== undefined ? "apparmor" : isSmack ? "smack" : "selinux",
    permissions: words.split(/\s+/).filter(word => word !== ""),
    ...(object === undefined ? {} : { object }),
    ...(path?.startsWith("/") ? { path } : {}),
    ...(capability === undefined || capability === ""
      ? {}
      : { capability: `CAP_${capability.replace(/^cap_/i, "").toUpperCase()}` }),
    ...(Number.isInteger(port) ? { port } : {}),
  };
  return event;
}
