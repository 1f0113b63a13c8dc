import { isDay } from "../gate/waiver.ts";
import { Failure } from "./failure.ts";

/** `YYYY-MM-DD`: the day that was typed, else today's. @throws {Failure} where what was typed is no day. */
export function dayOf(typed: string | undefined): string {
  if (typed === undefined) return new Date().toISOString().slice(0, 10);
  if (!isDay(typed)) throw new Failure(`--date takes a day such as 2027-01-31, not "${typed}"`);
  return typed;
}
