// The commands in shell text. This is no shell: it takes every simple command with its words, which is what can be had
// without running it.

import { posix } from "node:path";

/** One simple command, and where it stands. */
export interface ShellCommand {
  /** Absent where nobody can tell what runs: a command in a variable, a sourced file, `eval`. */
  readonly words?: readonly string[];
  /** They are the arguments of a function of the text, which may run them: `run_task fstrim /`. */
  readonly isArgument?: true;
  /** Where it runs, as far as the text has said by `cd`. */
  readonly folder?: string;
  /** Counted from 1; lines that go on are one. */
  readonly line: number;
  /** The line, cut short. */
  readonly text: string;
}

/**
 * What shell text runs besides its own functions; that it writes to a file by a redirection counts as `tee` with that file.
 * @param start the folder that the text begins in, where it is known
 * @param home the folder of the file that holds the text
 */
export function shellCommands(text: string, start?: string, home?: string): readonly ShellCommand[] {
  let folder = start;
  const found: ShellCommand[] = [];
  const own = new Set(
    [...text.matchAll(/^\s*(?:function\s+)?([A-Za-z_][\w-]*)\s*\(\)/gm)].map(match => match[1]),
  );
  const lines = text.replaceAll("\\\n", " ").split("\n");
  for (const [index, line] of lines.entries()) {
    if (/^\s*(?:#|$)/.test(line)) continue;
    for (const simple of simpleCommands(line)) {
      const words = commandWords(simple);
      const [first] = words;
      if (first === undefined) continue;
      if (first === "cd") folder = changed(folder, words[1], home, line);
      const place = {
        line: index + 1,
        text: line.trim().slice(0, 200),
        ...(folder === undefined ? {} : { folder }),
      };
      if (own.has(first)) {
        if (words.length > 1) found.push({ ...place, words: words.slice(1), isArgument: true });
      } else if (/^[$`"'(]/.test(first) || first === "." || first === "source" || first === "eval")
        found.push(place);
      else if (/^[\w./+[:-]+$/.test(first)) found.push({ ...place, words });
      for (const [, target] of simple.matchAll(/>>?\|?\s*["']?([\w./+@-]+)/g))
        if (target !== undefined && !target.startsWith("/dev/"))
          found.push({ ...place, words: ["tee", target] });
    }
  }
  return found;
}

/** The folder after `cd`: not known where a variable says it, or where it starts from one that is not known. */
function changed(folder: string | undefined, to: string | undefined, home: string | undefined, line: string) {
  if (/\bcd\b[^;&|]*\bdirname\b.*(?:\$0|\bBASH_SOURCE\b|\$\{0)/.test(line)) return home;
  if (to === undefined || !/^[\w./+@-]+$/.test(to) || to === "-") return undefined;
  return to.startsWith("/") || folder !== undefined ? posix.resolve(folder ?? "/", to) : undefined;
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
