import { invalid, type Outcome, type ParseInput } from "./value-parser.ts";

/** An octal file mode without a sign, up to 7777. */
export function parseMode(input: ParseInput): Outcome {
  const mode = /^[0-7]+$/.test(input.text) ? Number.parseInt(input.text, 8) : Number.NaN;
  if (!(mode <= 0o7777)) return invalid(input);
  return { kind: "set", value: { kind: "number", value: mode } };
}

export function parseInteger(input: ParseInput): Outcome {
  const { rule, text } = input;
  if (text === "" && rule.emptyResets) return { kind: "reset" };
  const [least, most] = rule.range ?? [0, Number.MAX_SAFE_INTEGER];
  const number = readInteger(text);
  if (number === undefined || number < least || number > most) return invalid(input, `${least} … ${most}`);
  return { kind: "set", value: { kind: "number", value: number } };
}

/** As strtol(3) with base 0 and systemd's `0b` and `0o`: decimal, 0x hexadecimal, leading 0 octal. */
export function readInteger(text: string): number | undefined {
  const found = /^([+-]?)(?:0x([0-9a-f]+)|0b([01]+)|0o([0-7]+)|(0[0-7]+)|(0|[1-9][0-9]*))$/i.exec(text);
  if (!found) return undefined;
  const [, sign, hex, binary, octal, oldOctal, decimal] = found;
  const number =
    hex !== undefined
      ? Number.parseInt(hex, 16)
      : binary !== undefined
        ? Number.parseInt(binary, 2)
        : decimal !== undefined
          ? Number.parseInt(decimal, 10)
          : Number.parseInt(octal ?? oldOctal ?? "", 8);
  return sign === "-" ? -number : number;
}

/** In seconds, by unit. systemd.time(7), "Parsing Time Spans". */
const secondsOf: Readonly<Record<string, number>> = {
  "": 1,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
  d: 86400,
  day: 86400,
  days: 86400,
  w: 604800,
  week: 604800,
  weeks: 604800,
  M: 2629800,
  month: 2629800,
  months: 2629800,
  y: 31557600,
  year: 31557600,
  years: 31557600,
  ms: 1e-3,
  msec: 1e-3,
  us: 1e-6,
  usec: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
};

/** A time span in seconds; "infinity" is Infinity. */
export function parseDuration(input: ParseInput): Outcome {
  const seconds = readDuration(input.text);
  if (seconds === undefined) return invalid(input);
  return { kind: "set", value: { kind: "number", value: seconds } };
}

/** OnBootSec= and its like: one time span an assignment. */
export function parseDurations(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const expanded = input.expand(input.text);
  if (expanded.kind === "unknown" || readDuration(expanded.text) === undefined) return invalid(input);
  return { kind: "append", value: { kind: "list", value: [expanded.text] } };
}

function readDuration(text: string): number | undefined {
  if (text === "infinity") return Number.POSITIVE_INFINITY;
  const part = /\s*(\d+(?:\.\d*)?)\s*([A-Za-zµμ]*)\s*/y;
  let sum = 0;
  do {
    const [, number = "", unit = ""] = part.exec(text) ?? [];
    const factor = Object.hasOwn(secondsOf, unit) ? secondsOf[unit] : undefined;
    if (number === "" || factor === undefined) return undefined;
    sum += Number(number) * factor;
  } while (part.lastIndex < text.length);
  return sum;
}
