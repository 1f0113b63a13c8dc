// Colour is the command line's decision; a report asks for a meaning and gets text back.

export type Tone = "bad" | "warn" | "good" | "dim" | "bold";
export type Paint = (tone: Tone, text: string) => string;

const CODES: Readonly<Record<Tone, number>> = { bad: 31, warn: 33, good: 32, dim: 2, bold: 1 };

export const plain: Paint = (_, text) => text;
export const coloured: Paint = (tone, text) => `\u001b[${CODES[tone]}m${text}\u001b[0m`;

/** The colours that systemd gives its levels. */
export function toneOfLevel(level: string): Tone | undefined {
  if (level === "DANGEROUS" || level === "UNSAFE") return "bad";
  if (level === "EXPOSED") return "warn";
  return level === "MEDIUM" ? undefined : "good";
}

/** Tenths as people read them: 96 → "9.6". */
export function tenths(value: number): string {
  return `${Math.trunc(value / 10)}.${Math.abs(value % 10)}`;
}
