// Aligned columns that fit a width, counted as a terminal counts. Texts must have gone through `visible` before.
import { charactersOf, characterWidth, textWidth } from "./text-width.ts";

/** As many characters from the first on as there is room for. */
function fitting(characters: readonly string[], width: number): readonly string[] {
  let left = width;
  const end = characters.findIndex(each => {
    left -= characterWidth(each);
    return left < 0;
  });
  return end < 0 ? characters : characters.slice(0, end);
}

/** Shortens in the middle: the end of a unit's name says what it is. */
export function shorten(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width <= 1) return "…".slice(0, Math.max(0, width));
  const characters = charactersOf(text);
  const tail = fitting(characters.toReversed(), Math.floor((width - 1) / 2))
    .toReversed()
    .join("");
  return `${fitting(characters, width - 1 - textWidth(tail)).join("")}…${tail}`;
}

/** Shortens at the end, for sentences. */
export function clip(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return width <= 1
    ? "…".slice(0, Math.max(0, width))
    : `${fitting(charactersOf(text), width - 1)
        .join("")
        .trimEnd()}…`;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - textWidth(text))) + text;
}

/** Breaks a text into lines of at most `width` columns between words; a longer word stands alone. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let taken = 0;
  for (const word of text.split(/\s+/)) {
    const needed = textWidth(word);
    if (line !== "" && taken + 1 + needed > width) {
      lines.push(line);
      line = word;
      taken = needed;
    } else {
      taken += line === "" ? needed : 1 + needed;
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return line === "" ? lines : [...lines, line];
}
