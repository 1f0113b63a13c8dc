import type { SettingRule } from "../rules/systemd-rules.ts";
import { type TakenWord, takeWord } from "../unit/split-words.ts";
import { addNote, noNotes } from "./notes.ts";
import { isCleanPath, simplifyFor } from "./parse-paths.ts";
import type { ExecCommand, SettingValue } from "./settings.ts";
import { ignore, type Outcome, type ParseInput, refuse } from "./value-parser.ts";

/** systemd.service(5), "Command Lines": words with quotes and C escapes, an unknown escape kept as it is written. */
const wordRules = { quotes: "unquote", escapes: "c" } as const;

type Problem = { readonly code: string; readonly word: string };

/** ExecStart= and its like: one or more commands between lone semicolons; an empty line drops all before it. */
export function parseCommands(input: ParseInput): Outcome {
  const { directive, text, assignment } = input;
  if (text === "" || assignment === undefined) return { kind: "reset" };
  const commands: ExecCommand[] = [];
  const notes = noNotes();
  const value: SettingValue = { kind: "commands", commands };
  let at = 0;
  while (at < text.length) {
    const first = takeCommandWord(text, at);
    // systemd warns of a first word that it cannot take apart and goes on with what it has.
    if (first.kind === "error")
      addNote({ code: "bad-command", severity: "warning", args: { directive, value: text } }, notes);
    if (first.kind !== "word") break;
    if (first.word === ";") {
      at = first.next;
      continue;
    }
    const { prefixes, path } = takePrefixes(first.word, input.rule.words?.[0] ?? "@-:+!");
    const command = readCommand(input, text, first.next, prefixes, path);
    if (command.kind === "problem") {
      const args = { directive, value: text, word: command.word };
      if (!prefixes.includes("-")) return refuse(command.code, args, value);
      if (commands.length === 0) return ignore(command.code, args);
      addNote({ code: command.code, severity: "warning", args }, notes);
      break;
    }
    commands.push({ prefixes, path: command.path, argv: command.argv, assignment });
    at = command.next;
  }
  if (commands.length === 0 && notes.kept.length > 0) return { kind: "ignored", notes };
  return { kind: "append", value, notes };
}

/** A word with an unknown escape is taken as it is written; what is left to fail is an open quote. */
function takeCommandWord(text: string, at: number): TakenWord {
  const word = takeWord(text, at, wordRules);
  return word.kind === "error" ? takeWord(text, at, { ...wordRules, escapes: "c-relaxed" }) : word;
}

/** Each prefix counts once; `!` may stand twice, and not together with `+`. */
function takePrefixes(word: string, known: string): { readonly prefixes: string; readonly path: string } {
  let length = 0;
  for (; length < word.length; length++) {
    const char = word.charAt(length);
    const taken = word.slice(0, length);
    if (!known.includes(char)) break;
    const isPrivilege = char === "+" || char === "!";
    if (!isPrivilege && taken.includes(char)) break;
    if (isPrivilege && (taken.includes("+") || taken.includes("!!"))) break;
    if (char === "+" && taken.includes("!")) break;
  }
  return { prefixes: word.slice(0, length), path: word.slice(length) };
}

type Command =
  | {
      readonly kind: "command";
      readonly path: string;
      readonly argv: readonly string[];
      readonly next: number;
    }
  | ({ readonly kind: "problem" } & Problem);

function readCommand(
  input: ParseInput,
  text: string,
  from: number,
  prefixes: string,
  written: string,
): Command {
  const expanded = input.expand(written);
  if (expanded.kind === "unknown")
    return { kind: "problem", code: "unknown-specifier-in-command", word: written };
  // A shell takes the line as it is: none of its words has to be a program.
  const shell = prefixes.includes("|") ? input.rule.shell : undefined;
  const path = expanded.text;
  if (shell === undefined && !isProgram(path, input.rule))
    return { kind: "problem", code: "bad-program", word: path };
  const argv = prefixes.includes("@") ? [] : [path];
  let at = from;
  while (at < text.length) {
    const rest = text.slice(at, at + 3);
    // A lone semicolon ends the command; `\;` is the word ";". Only unquoted ones count.
    if (/^;([ \t\n\r]|$)/.test(rest.slice(0, 2))) {
      at = skipBlanks(text, at + 1);
      break;
    }
    if (/^\\;([ \t\n\r]|$)/.test(rest)) {
      argv.push(";");
      at = skipBlanks(text, at + 2);
      continue;
    }
    const word = takeCommandWord(text, at);
    if (word.kind === "end") break;
    if (word.kind === "error") return { kind: "problem", code: "open-quote", word: text.slice(at) };
    const argument = input.expand(word.word);
    if (argument.kind === "unknown")
      return { kind: "problem", code: "unknown-specifier-in-command", word: word.word };
    argv.push(argument.text);
    at = word.next;
  }
  if (shell !== undefined) {
    const line = (prefixes.includes("@") ? [path, ...argv] : argv).join(" ").trim();
    return { kind: "command", path: shell, argv: line === "" ? [shell] : [shell, "-c", line], next: at };
  }
  if (argv.length === 0) return { kind: "problem", code: "bad-program", word: written };
  return {
    kind: "command",
    path: path.startsWith("/") ? simplifyFor(path, input.facts) : path,
    argv,
    next: at,
  };
}

/** A name to look for in the usual folders, or an absolute path of a file. */
function isProgram(path: string, { hides = [], forbids = "" }: SettingRule): boolean {
  if (path === "" || /[\x00-\x1f\x7f]/.test(path) || [...forbids].some(char => path.includes(char)))
    return false;
  if (!path.includes("/")) return path !== "." && path !== ".." && Buffer.byteLength(path) <= 255;
  return path.startsWith("/") && !hides.some(ending => path.endsWith(ending)) && isCleanLength(path);
}

/** Components and whole within the kernel's limits; `..` is allowed in a program's path. */
const isCleanLength = (path: string): boolean => isCleanPath(path.replaceAll("..", "_"));

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length && " \t\n\r".includes(text.charAt(at))) at++;
  return at;
}
