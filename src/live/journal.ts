// The machine's journal, read forward from a place in it: what a unit said, what systemd said of it, what the kernel denied.
import { runCommand } from "./run-command.ts";

/** One entry, with what is asked of it here. */
export interface JournalEntry {
  readonly message: string;
  /** `service`: written by the unit's processes; `manager`: by systemd about the unit; `kernel`: audit and kernel messages, of any unit. */
  readonly from: "service" | "manager" | "kernel";
  /** Microseconds since 1970; 0 where the entry has no time. */
  readonly time: number;
  /** The process's name, where known. */
  readonly comm?: string;
  readonly pid?: number;
  /** 0 (emergency) … 7 (debug), where known. */
  readonly priority?: number;
}

/** The journal as a plain record of functions; none of them throws. */
export interface Journal {
  /** The place of the newest entry; "" where there is no journal. */
  readonly cursor: () => Promise<string>;
  /** The entries after `cursor` about the unit, and the kernel's, in the order of time; at most 4000, the newest. */
  readonly since: (cursor: string, unit: string) => Promise<readonly JournalEntry[]>;
}

const TIMEOUT_MS = 15_000;
const LONGEST = 4000;
/** Audit records that tell of a denial: a failed call, a security module, a seccomp filter. linux/audit.h. */
const KERNEL = ["_TRANSPORT=kernel", "_TRANSPORT=audit"];

/** This machine's journal, through journalctl(1). */
export function journalctl(signal?: AbortSignal): Journal {
  const call = (args: readonly string[]) =>
    runCommand(["journalctl", "--quiet", "--no-pager", "--output=json", ...args], {
      timeoutMs: TIMEOUT_MS,
      ...(signal === undefined ? {} : { signal }),
    });
  return {
    async cursor() {
      const { stdout } = await call(["--lines=1", "--output-fields=MESSAGE"]);
      return stringOf(parse(stdout.trim().split("\n").at(-1) ?? "").__CURSOR) ?? "";
    },
    async since(cursor, unit) {
      const place = cursor === "" ? ["--boot"] : [`--after-cursor=${cursor}`];
      const about = [`_SYSTEMD_UNIT=${unit}`, "+", "_PID=1", `UNIT=${unit}`];
      const matches = [...about, ...KERNEL.flatMap(match => ["+", match])];
      const { stdout } = await call([...place, `--lines=${LONGEST}`, ...matches]);
      return stdout.split("\n").flatMap(line => (line === "" ? [] : entryOf(parse(line))));
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

/** One line of `--output=json`; a line that is none is an entry without fields. */
function parse(line: string): Fields {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function entryOf(fields: Fields): readonly JournalEntry[] {
  const message = textOf(fields.MESSAGE);
  if (message === undefined) return [];
  const transport = stringOf(fields._TRANSPORT);
  const comm = stringOf(fields._COMM);
  const pid = Number(stringOf(fields._PID));
  const priority = Number(stringOf(fields.PRIORITY) ?? Number.NaN);
  const from =
    transport === "kernel" || transport === "audit"
      ? "kernel"
      : stringOf(fields._PID) === "1"
        ? "manager"
        : "service";
  return [
    {
      message,
      from,
      time: Number(stringOf(fields.__REALTIME_TIMESTAMP) ?? 0),
      ...(comm === undefined ? {} : { comm }),
      ...(Number.isInteger(pid) ? { pid } : {}),
      ...(Number.isInteger(priority) ? { priority } : {}),
    },
  ];
}

function stringOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  // A field that an entry has twice is a list; the first counts.
  return Array.isArray(value) ? stringOf(value[0]) : undefined;
}

/** journalctl(1), --output=json: a message with unprintable bytes comes as a list of numbers. */
function textOf(value: unknown): string | undefined {
  if (Array.isArray(value) && value.every(each => typeof each === "number"))
    return Buffer.from(value).toString("utf8");
  return stringOf(value);
}
