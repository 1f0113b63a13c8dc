import { Failure } from "./failure.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };
/** A day. */
const LONGEST_MS = 86_400_000;

/**
 * A time as systemd writes it: `90`, `90s`, `2min`, `500ms`; without a unit in seconds.
 * @returns milliseconds, up to a day
 * @throws {Failure} on anything else
 */
export function parseDuration(text: string, option: string): number {
  const [, number = "", unit = "s"] = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|min|h)?$/.exec(text) ?? [];
  const factor = UNITS[unit];
  const milliseconds = number === "" || factor === undefined ? Number.NaN : Number(number) * factor;
  if (!(milliseconds <= LONGEST_MS))
    throw new Failure(`${option} takes a time such as 60s or 2min, up to a day, not "${text}"`);
  return milliseconds;
}
