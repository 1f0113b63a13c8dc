// What a unit runs: every command of its Exec lines, wrappers and shell one-liners seen through.

import { posix } from "node:path";
import type { FileTree } from "../host/file-tree.ts";
import type { CommandTable } from "../rules/evidence.ts";
import type { ExecCommand, Settings } from "../settings/settings.ts";
import type { Evidence } from "./need.ts";

/** One program that the unit executes. */
export interface Program {
  /** As the unit or the script names it, made absolute where the source shows where it lies. */
  readonly path: string;
  /** The base name, which command tables and profiles know it by. */
  readonly name: string;
  readonly args: readonly string[];
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
 */
export function findPrograms(
  settings: Settings,
  table: CommandTable,
  tree: FileTree | undefined,
): ProgramList {
  const programs: Program[] = [];
  const opaque: Evidence[] = [];
  for (const setting of settings.values.values()) {
    if (setting.value.kind !== "commands" || !EXEC.test(setting.directive)) continue;
    for (const command of setting.value.commands) {
      if (command.prefixes.includes("+")) continue;
      const found = followCommand(argvOf(command), setting.directive, evidenceOf(command), table, tree, 0);
      programs.push(...found.programs);
      opaque.push(...found.opaque);
    }
  }
  return { programs, opaque };
}

function argvOf(command: ExecCommand): readonly string[] {
  // With `@` the second word is argv[0], a name for show.
  const args = command.prefixes.includes("@") ? command.argv.slice(1) : command.argv;
  return args[0] === command.path ? args : [command.path, ...args.slice(1)];
}

/** Deep enough for `env nice sh -c 'exec timeout …'`, and an end for scripts that call themselves. */
const MAX_DEPTH = 6;

function followCommand(
  argv: readonly string[],
  directive: string,
  evidence: Evidence,
  table: CommandTable,
  tree: FileTree | undefined,
  depth: number,
  source?: string,
): ProgramList {
  const [word, ...args] = argv;
  if (word === undefined || word === "") return { programs: [], opaque: [] };
  if (depth > MAX_DEPTH) return { programs: [], opaque: [evidence] };
  const path = locate(word, table, tree, source);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const self: Program = { path, name, args, directive, evidence };
  const follow = (next: readonly string[], by: Evidence) =>
    followCommand(next, directive, by, table, tree, depth + 1, by.by === "filesystem" ? by.file : undefined);
  const wrapper = table.wrappers.find(entry => entry.name === name);
  if (wrapper !== undefined) {
    const start = args.findIndex(arg => !new RegExp(wrapper.skips).test(arg));
    return join([
      { programs: [self], opaque: [] },
      ...(start < 0 ? [] : [follow(args.slice(start), evidence)]),
    ]);
  }
  if (table.shells.includes(name))
    return join([{ programs: [self], opaque: [] }, followShell(args, evidence, tree, follow)]);
  const script = readShebang(path, tree);
  if (script === undefined) return { programs: [self], opaque: [] };
  const interpreter = script.interpreter.slice(script.interpreter.lastIndexOf("/") + 1);
  if (table.shells.includes(interpreter))
    return join([
      { programs: [self], opaque: [] },
      followText(script.text, { by: "filesystem", file: path, detail: path }, follow),
    ]);
  return join([
    { programs: [self], opaque: [] },
    follow([script.interpreter, ...script.args, path, ...args], evidence),
  ]);
}

function followShell(
  args: readonly string[],
  evidence: Evidence,
  tree: FileTree | undefined,
  follow: (argv: readonly string[], evidence: Evidence) => ProgramList,
): ProgramList {
  const at = args.findIndex(arg => /^-[a-z]*c[a-z]*$/.test(arg));
  if (at >= 0) return followText(args[at + 1] ?? "", evidence, follow);
  const file = args.find(arg => arg.startsWith("/"));
  const text = file === undefined ? undefined : readText(file, tree);
  return text === undefined
    ? { programs: [], opaque: [evidence] }
    : followText(text, { by: "filesystem", file: file ?? "", detail: file ?? "" }, follow);
}

/**
 * The commands in shell text. This is no shell: it takes the first word of every simple command, which is what can be
 * had without running it, and calls everything else opaque: a command in a variable, sourced files, `eval`.
 */
function followText(
  text: string,
  evidence: Evidence,
  follow: (argv: readonly string[], evidence: Evidence) => ProgramList,
): ProgramList {
  const lists: ProgramList[] = [];
  const own = new Set(
    [...text.matchAll(/^\s*(?:function\s+)?([A-Za-z_][\w-]*)\s*\(\)/gm)].map(match => match[1]),
  );
  const lines = text.replaceAll("\\\n", " ").split("\n");
  for (const [index, line] of lines.entries()) {
    const by =
      evidence.by === "filesystem"
        ? { ...evidence, line: index + 1, detail: line.trim().slice(0, 200) }
        : evidence;
    for (const simple of simpleCommands(line)) {
      const words = commandWords(simple);
      const [first] = words;
      if (first === undefined || own.has(first)) continue;
      if (/^[$`"'(]/.test(first) || first === "." || first === "source" || first === "eval")
        lists.push({ programs: [], opaque: [by] });
      else if (/^[\w./+[:-]+$/.test(first)) lists.push(follow(words, by));
      // A redirection writes as this command does.
      for (const [, target] of simple.matchAll(/>>?\|?\s*["']?(\/[\w./+@-]+)/g))
        if (target !== undefined && !target.startsWith("/dev/")) lists.push(follow(["tee", target], by));
    }
  }
  return join(lists);
}

/** Splits at the shell's separators outside quotes; command substitutions become commands of their own. */
function simpleCommands(line: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? "";
    if (
      quote === "'"
        ? char !== "'"
        : quote === '"' && char !== '"' && char !== "`" && !(char === "$" && line[at + 1] === "(")
    )
      part += char;
    else if (char === "'" || char === '"') {
      quote = quote === char ? "" : quote === "" ? char : quote;
      part += char;
    } else if (char === "#" && (part === "" || /\s$/.test(part))) break;
    else if (";|&`(){}\n".includes(char) || (char === "$" && line[at + 1] === "(")) {
      parts.push(part);
      part = "";
    } else part += char;
  }
  return [...parts, part];
}

const KEYWORDS = new Set([
  "if",
  "then",
  "else",
  "elif",
  "while",
  "until",
  "do",
  "!",
  "time",
  "exec",
  "command",
  "builtin",
  "nohup",
]);

/** The words of a simple command, without keywords and assignments before it and redirections after it. */
function commandWords(text: string): readonly string[] {
  const words = text
    .trim()
    .split(/\s+/)
    .filter(word => word !== "" && !/^[0-9]*[<>]/.test(word));
  const start = words.findIndex(word => !KEYWORDS.has(word) && !/^[A-Za-z_]\w*\+?=/.test(word));
  return start < 0 ? [] : words.slice(start).map(word => word.replace(/^(["'])(.*)\1$/, "$2"));
}

/** @param script the script that names the program; many change to their own folder first */
function locate(
  word: string,
  table: CommandTable,
  tree: FileTree | undefined,
  script: string | undefined,
): string {
  if (word.includes("/")) {
    if (word.startsWith("/") || script === undefined) return word;
    const path = posix.resolve(posix.dirname(script), word);
    return tree?.stat(path)?.kind === "file" ? path : word;
  }
  return (
    table.path.map(folder => `${folder}/${word}`).find(path => tree?.stat(path)?.kind === "file") ?? word
  );
}

/** Scripts are small; what is larger is a program with a shell in front, or no script. */
const MAX_SCRIPT = 1024 * 1024;

function readText(path: string, tree: FileTree | undefined): string | undefined {
  const stat = tree?.stat(path);
  if (tree === undefined || stat?.kind !== "file" || stat.size > MAX_SCRIPT) return undefined;
  const bytes = tree.readFile(path, MAX_SCRIPT);
  return bytes === undefined || bytes.includes(0) ? undefined : new TextDecoder().decode(bytes);
}

/** A script's interpreter line, execve(2); `undefined` for anything else. */
export function readShebang(path: string, tree: FileTree | undefined) {
  const text = readText(path, tree);
  const match = text === undefined ? null : /^#!\s*(\S+)[ \t]*([^\n]*)/.exec(text);
  if (text === undefined || match === null) return undefined;
  const args = (match[2] ?? "").trim();
  return { interpreter: match[1] ?? "", args: args === "" ? [] : [args], text };
}

function evidenceOf(command: ExecCommand): Evidence {
  const { position, key, value } = command.assignment;
  return { by: "unit", file: position.file, line: position.line, detail: `${key}=${value}`.slice(0, 200) };
}

function join(lists: readonly ProgramList[]): ProgramList {
  return { programs: lists.flatMap(list => list.programs), opaque: lists.flatMap(list => list.opaque) };
}
