// What the number of a user says, as data.
import { readRuleFile } from "./rule-files.ts";

/** An entry of rules/needs/accounts.json: users by their numbers, both ends included. */
interface SharedUsers {
  readonly from: number;
  readonly to: number;
  readonly because: string;
}

let shared: readonly SharedUsers[] | undefined;

/** Why a user is not one service's; `undefined` where nothing says so. */
export function whyShared(uid: number): string | undefined {
  shared ??= readRuleFile<{ shared: readonly SharedUsers[] }>("needs/accounts.json").shared;
  return shared.find(({ from, to }) => from <= uid && uid <= to)?.because;
}
