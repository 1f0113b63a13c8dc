// What a unit runs: every command of its Exec lines, wrappers and shell one-liners seen through.

import { posix } from "node:path";
import type { FileTree } from "../host/file-tree.ts";
import type { CommandTable } from "../rules/evidence.ts";
import { workingFolder } from "../settings/run-identity.ts";
import type { ExecCommand, Settings } from "../settings/settings.ts";
import type { Evidence } from "./need.ts";
import { oncePerPath } from "./once-per.ts";
import { type ShellCommand, shellCommands } from "./shell-commands.ts";

/** One program that the unit executes. */
export interface Program {
  /** As the unit or the script names it, made absolute where the source shows where it lies. */
  readonly path: string;
  /** The base name, which command tables and profiles know it by. */
  readonly name: string;
  readonly args: readonly string[];
  /** Where it starts, where that is known and no mere root of the file system. */
  readonly folder?: string;
  /** The directive whose command it is: ExecStart, ExecReload … */
  readonly directive: string;
  readonly evidence: Evidence;
}

/** What a unit runs, and whether that is all of it. */
export interface ProgramList {
  readonly programs: readonly Program[];
  /** Shell text with expansions or sourced files, of which nobody can say what it runs. */
  readonly opaque: readonly Evidence[];
}

/** The directives whose commands run inside the sandbox. systemd.service(5); Socket, Mount and Swap units have their own. */
const EXEC = /^Exec[A-Z]/;

/**
 * Lists the programs of every Exec line. A `+` command runs outside the sandbox and needs nothing of it
 * (systemd.service(5), special executable prefixes).
 * @param where those of the sandbox, or those outside
 */
export function findPrograms(
  settings: Settings,
  table: CommandTable,
  tree: FileTree | undefined,
  where: "inside" | "outside" = "inside",
): ProgramList {
  const programs: Program[] = [];
  const opaque: Evidence[] = [];
  const folder = workingFolder(settings);
  for (const setting of settings.values.values()) {
    if (setting.value.kind !== "commands" || !EXEC.test(setting.directive)) continue;
    for (const command of setting.value.commands) {
      if (command.prefixes.includes("+") !== (where === "outside")) continue;
      const found = followCommand(argvOf(command), setting.directive, evidenceOf(command), table, tree, {
        depth: 0,
        folder,
      });
      programs.push(...found.programs);
      opaque.push(...found.opaque);
    }
  }
  return { programs, opaque };
}

/** The program and its arguments: with `@` what stands in place of its name is for show. */
function argvOf({ path, argv }: ExecCommand): readonly string[] {
  return [path, ...argv.slice(1)];
}

/** Deep enough for `env nice sh -c 'exec timeout …'`, and an end for scripts that call themselves. */
const MAX_DEPTH = 6;

/** How deep a command is, the folder that it starts in, and the script that names it. */
interface Place {
  readonly depth: number;
  readonly folder: string | undefined;
  readonly source?: string;
}

/** Goes on with a command that another runs, in a folder of its own where the other has changed to one. */
type Follow = (argv: readonly string[], evidence: Evidence, folder?: string) => ProgramList;

function followCommand(
  argv: readonly string[],
  directive: string,
  evidence: Evidence,
  table: CommandTable,
  tree: FileTree | undefined,
  { depth, folder, source }: Place,
): ProgramList {
  const [word, ...args] = argv;
  if (word === undefined || word === "") return { programs: [], opaque: [] };
  if (depth > MAX_DEPTH) return { programs: [], opaque: [evidence] };
  const path = locate(word, table, tree, source);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const self: Program = {
    path,
    name,
    args,
    ...(folder === undefined ? {} : { folder }),
    directive,
    evidence,
  };
  const follow: Follow = (next, by, inside = folder) =>
    followCommand(next, directive, by, table, tree, {
      depth: depth + 1,
      folder: inside,
      ...(by.by === "filesystem" && by.file !== undefined ? { source: by.file } : {}),
    });
  const wrapper = table.wrappers.find(entry => entry.name === name);
  if (wrapper !== undefined)
    return join([
      { programs: [self], opaque: [] },
      ...startsOf(args, wrapper).map(start =>
        /^["']?[$`]/.test(args[start] ?? "")
          ? { programs: [], opaque: [evidence] }
          : follow(args.slice(start), evidence),
      ),
    ]);
  if (table.shells.includes(name))
    return join([{ programs: [self], opaque: [] }, followShell(args, evidence, table, tree, folder, follow)]);
  const shebang = tree === undefined ? undefined : readShebang(path, tree);
  if (tree === undefined || shebang === undefined)
    return join([
      { programs: [self], opaque: [] },
      // A function of a file that the script sources, as far as anybody can tell.
      ...(source !== undefined && path === word && isHelper(args[0], table) ? [follow(args, evidence)] : []),
    ]);
  const interpreter = shebang.interpreter.slice(shebang.interpreter.lastIndexOf("/") + 1);
  if (table.shells.includes(interpreter))
    return join([
      { programs: [self], opaque: [] },
      followText(
        readCommands(path, tree, folder) ?? [],
        { by: "filesystem", file: path, detail: path },
        table,
        follow,
      ),
    ]);
  return join([
    { programs: [self], opaque: [] },
    follow([shebang.interpreter, ...shebang.args, path, ...args], evidence),
  ]);
}

/** Where the commands begin that a wrapper runs. */
function startsOf(args: readonly string[], wrapper: CommandTable["wrappers"][number]): readonly number[] {
  if (wrapper.after !== undefined) {
    const after = new RegExp(wrapper.after);
    return args.flatMap((arg, at) => (after.test(arg) ? [at + 1] : []));
  }
  const skips = new RegExp(wrapper.skips ?? "^-");
  const start = args.findIndex(arg => !skips.test(arg));
  return start < 0 ? [] : [start];
}

const isHelper = (word: string | undefined, { commands }: CommandTable): boolean =>
  word !== undefined && commands.some(({ names }) => names.includes(word));

function followShell(
  args: readonly string[],
  evidence: Evidence,
  table: CommandTable,
  tree: FileTree | undefined,
  folder: string | undefined,
  follow: Follow,
): ProgramList {
  const at = args.findIndex(arg => /^-[a-z]*c[a-z]*$/.test(arg));
  if (at >= 0) return followText(shellCommands(args[at + 1] ?? "", folder), evidence, table, follow);
  const file = args.find(arg => arg.startsWith("/"));
  const commands = file === undefined || tree === undefined ? undefined : readCommands(file, tree, folder);
  return file === undefined || commands === undefined
    ? { programs: [], opaque: [evidence] }
    : followText(commands, { by: "filesystem", file, detail: file }, table, follow);
}

/**
 * The programs in shell text. Only what can be had without running it: a command in a variable, sourced files and `eval` are
 * opaque.
 */
function followText(
  commands: readonly ShellCommand[],
  evidence: Evidence,
  table: CommandTable,
  follow: Follow,
): ProgramList {
  return join(
    commands.map(({ words, folder, isArgument, line, text }) => {
      // What is no helper command is a word that the function writes or looks at.
      if (isArgument && !isHelper(words?.[0], table)) return { programs: [], opaque: [] };
      const by = evidence.by === "filesystem" ? { ...evidence, line, detail: text } : evidence;
      return words === undefined ? { programs: [], opaque: [by] } : follow(words, by, folder);
    }),
  );
}

/** @param script the script that names the program; many change to their own folder first */
function locate(
  word: string,
  table: CommandTable,
  tree: FileTree | undefined,
  script: string | undefined,
): string {
  if (!word.includes("/")) return tree === undefined ? word : search(word, tree, table);
  if (word.startsWith("/") || script === undefined) return word;
  const path = posix.resolve(posix.dirname(script), word);
  return tree?.stat(path)?.kind === "file" ? path : word;
}

/** Where a command without a slash lies; the word itself where nobody knows. */
const search = oncePerPath(
  (word, tree, { path }: CommandTable): string =>
    path.map(folder => `${folder}/${word}`).find(place => tree.stat(place)?.kind === "file") ?? word,
);

/** Scripts are small; what is larger is a program with a shell in front, or no script. */
const MAX_SCRIPT = 1024 * 1024;

/** A script's interpreter line, execve(2); `undefined` for anything else. */
export const readShebang = oncePerPath((path, tree) => {
  const text = readText(path, tree);
  const match = text === undefined ? null : /^#!\s*(\S+)[ \t]*([^\n]*)/.exec(text);
  if (match === null) return undefined;
  const args = (match[2] ?? "").trim();
  return { interpreter: match[1] ?? "", args: args === "" ? [] : [args] };
});

/** What a file runs if a shell reads it; `undefined` for one that is no text. */
function readCommands(path: string, tree: FileTree, folder: string | undefined) {
  const text = readText(path, tree);
  return text === undefined ? undefined : shellCommands(text, folder, posix.dirname(path));
}

const readText = oncePerPath((path, tree): string | undefined => {
  const stat = tree.stat(path);
  if (stat?.kind !== "file" || stat.size > MAX_SCRIPT) return undefined;
  const bytes = tree.readFile(path, MAX_SCRIPT);
  return bytes === undefined || bytes.includes(0) ? undefined : new TextDecoder().decode(bytes);
});

function evidenceOf(command: ExecCommand): Evidence {
  const { position, key, value } = command.assignment;
  return { by: "unit", file: position.file, line: position.line, detail: `${key}=${value}`.slice(0, 200) };
}

function join(lists: readonly ProgramList[]): ProgramList {
  return { programs: lists.flatMap(list => list.programs), opaque: lists.flatMap(list => list.opaque) };
}
