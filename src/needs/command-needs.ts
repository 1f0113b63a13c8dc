// Evidence 1, second half: the helper commands that Exec lines and shell scripts are made of.

import type { CommandTable } from "../rules/evidence.ts";
import type { Need } from "./need.ts";
import { parseNeedPattern } from "./need-pattern.ts";
import type { Program } from "./programs.ts";

/** What a known helper command needs; `undefined` for a program that is none. What is listed is complete. */
export function commandNeeds(program: Program, table: CommandTable): readonly Need[] | undefined {
  const rules = table.commands.filter(rule => rule.names.includes(program.name));
  const isShell =
    table.shells.includes(program.name) || table.wrappers.some(wrapper => wrapper.name === program.name);
  if (rules.length === 0) return isShell ? [] : undefined;
  return rules.flatMap(rule => {
    if (
      rule.options !== undefined &&
      !program.args.some(arg => rule.options?.some(option => arg === option || arg.startsWith(`${option}=`)))
    )
      return [];
    if (rule.unless !== undefined && new RegExp(rule.unless).test(program.args.join(" "))) return [];
    const paths = rule.paths === undefined ? [] : pathsOf(program);
    return [...rule.needs, ...paths.map(path => `${rule.paths}:${path}`)].map(
      (need): Need => ({ ...parseNeedPattern(need), certainty: "declared", evidence: program.evidence }),
    );
  });
}

/** The absolute paths among the arguments, and the folder that the others are relative to. */
function pathsOf({ args, folder }: Program): readonly string[] {
  const isRelative = args.some(arg => /^[\w.][\w/.@+-]*$/.test(arg));
  return [
    ...args.filter(arg => /^\/[\w/.@+-]+$/.test(arg)),
    ...(isRelative && folder !== undefined && folder !== "/" ? [folder] : []),
  ];
}
