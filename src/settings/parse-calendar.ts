// When a timer elapses: systemd.time(7), "Calendar Events". Only whether systemd can read it is of interest here.
import { invalid, type Outcome, type ParseInput } from "./value-parser.ts";

const shorthands = [
  "minutely",
  "hourly",
  "daily",
  "weekly",
  "monthly",
  "quarterly",
  "semiannually",
  "biannually",
  "bi-annually",
  "semi-annually",
  "annually",
  "yearly",
  "anually",
];

const weekday =
  "(?:mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)";
const weekdays = new RegExp(`^${weekday}(?:(?:\\.\\.|-|,)+${weekday})*,?$`, "i");

/** One expression an assignment; one that cannot be read is ignored with a warning. */
export function parseCalendar(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const expanded = input.expand(input.text);
  if (expanded.kind === "unknown" || !isCalendar(expanded.text)) return invalid(input);
  return { kind: "append", value: { kind: "list", value: [expanded.text] } };
}

/** `WEEKDAYS DATE TIME ZONE`, each of which may be missing, but not all. */
export function isCalendar(text: string): boolean {
  const words = text.trim().split(/[ \t]+/);
  const zone = words.at(-1) ?? "";
  if (words.length > 1 && isZone(zone)) words.pop();
  const [first = "", ...rest] = words;
  if (shorthands.includes(first.toLowerCase())) return rest.length === 0;
  if (/^@\d+(\.\d+)?$/.test(first)) return rest.length === 0;
  const parts = weekdays.test(first) ? rest : words;
  if (parts.length === 0) return first !== "";
  if (parts.length > 2) return false;
  const [date, time] = parts;
  if (time !== undefined) return isDate(date ?? "") && isTime(time);
  return isDate(date ?? "") || isTime(date ?? "");
}

function isZone(word: string): boolean {
  if (word === "UTC") return true;
  if (!/^[A-Za-z]/.test(word) || weekdays.test(word)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: word }).resolvedOptions().timeZone !== "";
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** `YEAR-MONTH-DAY` or `MONTH-DAY`; `~` before the day counts from the end of the month. */
function isDate(text: string): boolean {
  const found = /^(?:([^-~]+)-)?([^-~]+)[-~]([^-~]+)$/.exec(text);
  if (!found) return false;
  const [, year, month = "", day = ""] = found;
  const isYear =
    year === undefined ||
    isField(year, 1970, 2199, year => (year < 70 ? year + 2000 : year < 100 ? year + 1900 : year));
  return isYear && isField(month, 1, 12) && isField(day, 1, 31);
}

/** `HOUR:MINUTE` or `HOUR:MINUTE:SECOND`. */
function isTime(text: string): boolean {
  const [hour = "", minute = "", second, ...more] = text.split(":");
  if (more.length > 0 || !isField(hour, 0, 23) || !isField(minute, 0, 59)) return false;
  return second === undefined || isField(second, 0, 59);
}

/** `*`, a number, `FROM..TO`, each perhaps with `/STEP`, separated by commas. */
function isField(
  text: string,
  least: number,
  most: number,
  read: (written: number) => number = each => each,
): boolean {
  return text.split(",").every(part => {
    const found = /^(?:\*|(\d+(?:\.\d{1,6})?)(?:\.\.(\d+(?:\.\d{1,6})?))?)(?:\/(\d+(?:\.\d{1,6})?))?$/.exec(
      part,
    );
    if (!found) return false;
    const [, from, to, step] = found;
    const start = from === undefined ? least : read(Number(from));
    const end = to === undefined ? start : read(Number(to));
    const isInside = start >= least && start < most + 1 && end >= start && end < most + 1;
    return isInside && (step === undefined || Number(step) > 0);
  });
}
