// Files beside a configuration: read as text, named as a person would, with errors that are failures.
import { relative } from "node:path";
import { hostTree } from "../host/directory-tree.ts";
import { SourceError } from "../host/source-error.ts";
import { visible } from "../report/escape-terminal.ts";
import { diagnosticLine, speaker } from "../report/messages.ts";
import { loadMessages } from "../rules/messages.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { Failure } from "./failure.ts";

/** A line of a baseline is short, and there are a hundred thousand of them at most. */
const LIMIT = 16 * 1024 * 1024;

export interface BesideText {
  readonly text: string;
  /** Relative to the working folder where it is below it. */
  readonly shown: string;
}

/** @throws {Failure} where the file was asked for and is not there, or cannot be read. */
export function readBesides(path: string, isAsked: boolean, cwd: string): BesideText | undefined {
  const shown = shownPath(path, cwd);
  try {
    const bytes = hostTree().readFile(path, LIMIT);
    if (bytes !== undefined) return { text: new TextDecoder().decode(bytes), shown };
    if (isAsked) throw new Failure(`no such file: ${visible(shown)}`);
    return undefined;
  } catch (error) {
    if (error instanceof SourceError) throw new Failure(speaker(loadMessages())(error.diagnostic));
    throw error;
  }
}

export function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near === "" || near.startsWith("..") ? path : near;
}

/** Says each; @throws {Failure} where one is an error. */
export function sayAll(diagnostics: readonly Diagnostic[], warn: (line: string) => void): void {
  const speak = speaker(loadMessages());
  const isFatal = diagnostics.some(each => each.severity === "error");
  const lines = diagnostics.map(each => diagnosticLine(each, speak));
  if (isFatal) throw new Failure(lines.join("\n"));
  for (const line of lines) warn(`tightunit: ${line}`);
}
