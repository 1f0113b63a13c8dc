// What is said about a unit's lines, gathered: parsers write notes, and only those that are kept cost anything more.
import { didYouMean } from "../rules/did-you-mean.ts";
import { diagnosticLimit, moreDiagnostics } from "../unit/limit-diagnostics.ts";
import type { Diagnostic, Position } from "../unit/tree.ts";

/** A diagnostic without its place, which the caller knows. */
export interface Note extends Omit<Diagnostic, "position"> {
  readonly slip?: Slip;
}

/** A word that may be a slip of one of the candidates. Where it is, the note has this code, and `meant` says of which. */
export interface Slip {
  readonly code: string;
  readonly word: string;
  readonly candidates: () => readonly string[];
}

/** The notes of one unit so far: the first ones, and how many came after them. */
export interface Notes {
  readonly kept: Diagnostic[];
  left: number;
}

/** Adds a diagnostic; one of severity error is kept however many there are. */
export function keepDiagnostic(diagnostic: Diagnostic, notes: Notes): Diagnostic {
  if (diagnostic.severity === "error" || hasRoom(notes)) notes.kept.push(diagnostic);
  else notes.left++;
  return diagnostic;
}

/** Adds a note that is no error at its place; looks for what was meant only if there is room for it. */
export function keepNote(note: Note, position: Position, notes: Notes): void {
  if (hasRoom(notes)) notes.kept.push(diagnosticOf(note, position));
  else notes.left++;
}

const hasRoom = ({ kept }: Notes): boolean => kept.length < diagnosticLimit;

/** A note as a diagnostic. */
export function diagnosticOf({ slip, ...said }: Note, position: Position): Diagnostic {
  const meant = slip && didYouMean(slip.word, slip.candidates());
  if (meant === undefined) return { ...said, position };
  return { ...said, code: slip?.code ?? said.code, position, args: { ...said.args, meant } };
}

/** All that was kept, and the count of the rest as the last one. */
export function diagnosticsOf({ kept, left }: Notes): readonly Diagnostic[] {
  return left === 0 ? kept : [...kept, moreDiagnostics(left)];
}
