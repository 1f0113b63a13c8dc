import { Failure } from "./failure.ts";

/** Reads a bar such as `5`, `4.5` or `10.0` as tenths, 0…100. @throws {Failure} on anything else. */
export function parseExposure(text: string, option: string): number {
  const match = /^(\d{1,2})(?:\.(\d))?$/.exec(text.trim());
  const value = match === null ? Number.NaN : Number(match[1]) * 10 + Number(match[2] ?? 0);
  if (!(value <= 100))
    throw new Failure(`${option} takes a number from 0.0 to 10.0 with at most one decimal, not "${text}"`);
  return value;
}
