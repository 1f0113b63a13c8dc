import { Failure } from "./failure.ts";

/** systemctl(1): a name without a type is a service's. @throws {Failure} where it can be no unit's name. */
export function unitName(word: string): string {
  const name = /\.[a-z]+$/.test(word) ? word : `${word}.service`;
  if (!/^[A-Za-z0-9:_.\\@-]{1,255}$/.test(name) || name.startsWith("-"))
    throw new Failure(`"${word}" is no name of a unit`);
  return name;
}
