// Conditions of rules/needs/trace-calls.json on the arguments of a call.

import type { TraceCallTable, TraceCondition } from "../../rules/trace-calls.ts";
import { type Argument, readFlags, readMember, readNumber } from "./arguments.ts";

type Constants = TraceCallTable["constants"];

/** Whether all conditions hold. An argument that is missing, or a pointer that was not followed, fulfils none but `not` and `none`. */
export function areMet(
  conditions: readonly TraceCondition[] | undefined,
  args: readonly Argument[],
  text: string,
  constants: Constants,
): boolean {
  return (conditions ?? []).every(condition => isMet(condition, args, text, constants));
}

/** The argument that a rule means. */
export function pickArgument(
  args: readonly Argument[],
  arg: number | "all",
  member: string | undefined,
  text: string,
): Argument | undefined {
  const argument = arg === "all" ? text : args[arg];
  return member === undefined ? argument : readMember(argument, member);
}

function isMet(
  condition: TraceCondition,
  args: readonly Argument[],
  text: string,
  constants: Constants,
): boolean {
  const argument = pickArgument(args, condition.arg, condition.member, text);
  if (condition.any !== undefined || condition.all !== undefined || condition.none !== undefined) {
    const table = condition.table === undefined ? undefined : constants[condition.table];
    const names = readFlags(argument, table);
    if (condition.any?.some(name => names.has(name)) === false) return false;
    if (condition.all?.every(name => names.has(name)) === false) return false;
    if (condition.none?.some(name => names.has(name)) === true) return false;
  }
  const number = readNumber(argument);
  if (condition.above !== undefined && !(number !== undefined && number > condition.above)) return false;
  if (condition.below !== undefined && !(number !== undefined && number < condition.below)) return false;
  if (condition.bits !== undefined && !(number !== undefined && (number & condition.bits) !== 0))
    return false;
  const isOneOf = (values: readonly (number | string)[]) =>
    values.some(value =>
      typeof value === "number" ? value === number : argument?.split(/\W+/).includes(value) === true,
    );
  if (condition.is !== undefined && !isOneOf(condition.is)) return false;
  if (condition.not !== undefined && isOneOf(condition.not)) return false;
  return condition.matches === undefined || pattern(condition.matches).test(argument ?? "");
}

const patterns = new Map<string, RegExp>();

function pattern(source: string): RegExp {
  const known = patterns.get(source);
  if (known !== undefined) return known;
  const made = new RegExp(source);
  patterns.set(source, made);
  return made;
}
