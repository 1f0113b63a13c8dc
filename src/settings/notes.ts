// What is said about a unit's lines, gathered: only what is kept costs anything, the rest is counted.
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

/** The first of what there is to say, and how much came after it. */
export interface Notes<T = Note> {
  readonly kept: T[];
  left: number;
}

export function noNotes<T = Note>(): Notes<T> {
  return { kept: [], left: 0 };
}

/** Whether one more is kept; where it is not, it has been counted. */
export function hasRoom<T>(notes: Notes<T>): boolean {
  if (notes.kept.length < diagnosticLimit) return true;
  notes.left++;
  return false;
}

/** Adds a note, or counts it. */
export function addNote(note: Note, notes: Notes): void {
  if (hasRoom(notes)) notes.kept.push(note);
}

/** Adds a diagnostic; one of severity error is kept however many there are. */
export function keepDiagnostic(diagnostic: Diagnostic, notes: Notes<Diagnostic>): Diagnostic {
  if (diagnostic.severity === "error" || hasRoom(notes)) notes.kept.push(diagnostic);
  return diagnostic;
}

/** Adds the notes about one place; looks for what was meant only where there is room to say it. */
export function keepNotes({ kept, left }: Notes, position: Position, notes: Notes<Diagnostic>): void {
  for (const note of kept) if (hasRoom(notes)) notes.kept.push(diagnosticOf(note, position));
  notes.left += left;
}

/** A note as a diagnostic. */
export function diagnosticOf({ slip, ...said }: Note, position: Position): Diagnostic {
  const meant = slip && didYouMean(slip.word, slip.candidates());
  if (slip === undefined || meant === undefined) return { ...said, position };
  return { ...said, code: slip.code, position, args: { ...said.args, meant } };
}

/** All that was kept, and the count of the rest as the last one. */
export function diagnosticsOf({ kept, left }: Notes<Diagnostic>): readonly Diagnostic[] {
  return left === 0 ? kept : [...kept, moreDiagnostics(left)];
}
