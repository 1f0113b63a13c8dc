import type { SystemdFacts } from "../rules/systemd-facts.ts";
import { splitWords } from "../unit/split-words.ts";
import { noNotes } from "./notes.ts";
import { ignore, invalid, type Outcome, type ParseInput, skipWord } from "./value-parser.ts";

/** Double slashes, `.` components and the last slash go: `/a//./b/` is `/a/b`. */
export function simplifyPath(path: string): string {
  const parts = path.split("/").filter(part => part !== "" && part !== ".");
  return path.startsWith("/") ? `/${parts.join("/")}` : parts.join("/") || (path === "" ? "" : ".");
}

/** The same as one systemd does it: for later ones what lies above the root is the root. */
export function simplifyFor(path: string, { isAboveRootRoot }: SystemdFacts): string {
  const plain = simplifyPath(path);
  if (!isAboveRootRoot || !plain.startsWith("/..")) return plain;
  return plain.replace(/^(?:\/\.\.(?=\/|$))+/, "") || "/";
}

/** After simplifying: absolute, no `..`, no component longer than a file's name may be. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith("/") && isCleanPath(path);
}

export function isCleanPath(path: string): boolean {
  if (Buffer.byteLength(path) > 4095 || path.includes("\0")) return false;
  return path.split("/").every(part => part !== ".." && Buffer.byteLength(part) <= 255);
}

/** RootDirectory= and its like: one absolute path; anything else is fatal. */
export function parseRootPath(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const expanded = input.expand(input.text);
  if (expanded.kind === "unknown") return invalid(input);
  if (expanded.text === "") return { kind: "reset" };
  const path = simplifyFor(expanded.text, input.facts);
  if (!isAbsolutePath(path)) return invalid(input);
  return { kind: "set", value: { kind: "text", value: path } };
}

/** systemd.service(5), PIDFile=: a path, below /run where it is not absolute. What a specifier cannot fill is ignored. */
export function parseRuntimePath(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const expanded = input.expand(input.text);
  if (expanded.kind === "unknown")
    return ignore("invalid-value", { directive: input.directive, value: input.text });
  const { text } = expanded;
  const path = simplifyFor(text.startsWith("/") ? text : `/run/${text}`, input.facts);
  if (!isAbsolutePath(path)) return invalid(input);
  return { kind: "set", value: { kind: "text", value: text } };
}

/** systemd.exec(5), WorkingDirectory=: a path or `~`; with `-` in front an invalid one is not fatal. */
export function parseWorkingDirectory(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const mayFail = input.text.startsWith("-");
  const text = mayFail ? input.text.slice(1) : input.text;
  if (text === "~") return { kind: "set", value: { kind: "text", value: "~" } };
  const expanded = input.expand(text);
  const path = expanded.kind === "text" ? simplifyFor(expanded.text, input.facts) : "";
  if (isAbsolutePath(path)) return { kind: "set", value: { kind: "text", value: path } };
  if (mayFail) return ignore("invalid-value", { directive: input.directive, value: input.text });
  return invalid(input);
}

/** A security label: any text with specifiers; with `-` in front a bad specifier is not fatal. */
export function parseLabel(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const mayFail = input.text.startsWith("-");
  const expanded = input.expand(mayFail ? input.text.slice(1) : input.text);
  if (expanded.kind === "text") return { kind: "set", value: { kind: "text", value: expanded.text } };
  if (mayFail) return ignore("invalid-value", { directive: input.directive, value: input.text });
  return invalid(input);
}

/** ReadWritePaths= and its like: a list that grows. `-` and `+` in front of a path stay with it. */
export function parsePaths(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const { words, error } = splitWords(input.text, { quotes: "unquote" });
  if (error !== undefined) return invalid(input);
  const notes = noNotes();
  const paths = [];
  for (const word of words) {
    const [, prefix = "", rest = ""] = /^([-+]*)(.*)$/s.exec(word) ?? [];
    const expanded = input.expand(rest);
    const path = expanded.kind === "text" ? simplifyFor(expanded.text, input.facts) : "";
    if (isAbsolutePath(path)) paths.push(prefix + path);
    else skipWord(notes, input, word);
  }
  return { kind: "append", value: { kind: "list", value: paths }, notes };
}

/** One absolute path an assignment: IPIngressFilterPath=. */
export function parseAbsolutePaths(input: ParseInput): Outcome {
  if (input.text === "") return { kind: "reset" };
  const expanded = input.expand(input.text);
  const path = expanded.kind === "text" ? simplifyFor(expanded.text, input.facts) : "";
  if (!isAbsolutePath(path)) return invalid(input);
  return { kind: "append", value: { kind: "list", value: [path] } };
}
