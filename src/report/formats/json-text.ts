import { wellFormed } from "./well-formed.ts";

/** What a terminal would obey or not show; JSON's own escapes take care of everything below a space. */
const invisible =
  /[\u007f-\u009f\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/** What is written for nearly every value: ASCII that can be seen, and the ends of lines. */
const plainly = /^[\n -~]*$/;

/** As JSON writes a surrogate without its other half; a text that spells it out looks the same, and is only looked at once more. */
const lone = /\\ud[89a-f]/;

/**
 * A value as JSON in which every character can be seen: the same value to a reader, `\u202e` to an eye or a terminal.
 * Lone surrogates, which not every reader takes, become the replacement character.
 * @param indent spaces a level; none for one line.
 */
export function jsonText(value: unknown, indent?: number): string {
  const plain = JSON.stringify(value, undefined, indent);
  const text = lone.test(plain) ? JSON.stringify(value, withoutLone, indent) : plain;
  if (plainly.test(text)) return text;
  return text.replace(invisible, character =>
    [...Array(character.length).keys()]
      .map(at => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}

function withoutLone(_: string, value: unknown): unknown {
  return typeof value === "string" ? wellFormed(value) : value;
}
