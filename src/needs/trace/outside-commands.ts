// Which execution in a trace is a `+` command's: systemd.service(5) runs those outside of the sandbox, so what they do needs nothing of it.

import type { ExecCommand, Settings } from "../../settings/settings.ts";
import { type Argument, readStrings } from "./arguments.ts";

/** A command line as the unit writes it. */
export type CommandLine = readonly string[];

/** The `+` commands of a unit, without those that also run inside: of these nobody can tell which one a trace shows. */
export function outsideCommands(settings: Settings): readonly CommandLine[] {
  const commands = [...settings.values.values()].flatMap(({ value }) =>
    value.kind === "commands" ? value.commands : [],
  );
  const isOutside = ({ prefixes }: ExecCommand) => prefixes.includes("+");
  const inside = new Set(commands.filter(each => !isOutside(each)).map(keyOf));
  return commands
    .filter(each => isOutside(each) && !inside.has(keyOf(each)))
    .map(({ path, argv }) => [path, ...argv.slice(1)]);
}

function keyOf({ path, argv }: ExecCommand): string {
  return JSON.stringify([path, ...argv.slice(1)]);
}

/**
 * Whether an execution is one of these commands: the program, and arguments as far as strace shows them. A word with a variable in it
 * can be anything, and any number of words.
 */
export function isOneOf(path: string, argv: Argument | undefined, commands: readonly CommandLine[]): boolean {
  const shown = readStrings(argv);
  if (shown === undefined) return false;
  return commands.some(
    ([program = "", ...words]) => isProgram(path, program) && areWords(shown.slice(1), words),
  );
}

/** Without a slash the manager has searched for it; systemd.service(5), "Command Lines". */
function isProgram(path: string, program: string): boolean {
  return program.includes("/") ? path === program : path.endsWith(`/${program}`);
}

function areWords(
  shown: readonly { readonly text: string; readonly isCut: boolean }[],
  words: readonly string[],
): boolean {
  const variable = words.findIndex(word => /(?<!\$)\$(?!\$)/.test(word));
  const fixed = variable < 0 ? words : words.slice(0, variable);
  if (variable < 0 ? shown.length !== words.length : shown.length < fixed.length) return false;
  return fixed.every((word, index) => {
    const each = shown[index];
    const meant = word.replaceAll("$$", "$");
    return each !== undefined && (each.isCut ? meant.startsWith(each.text) : meant === each.text);
  });
}
