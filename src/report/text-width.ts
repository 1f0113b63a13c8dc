// How many columns of a terminal a text takes: most characters one, those of East Asian scripts and pictures two, marks that
// stand on the character before them none. Texts must have gone through `visible`, which leaves nothing else without width.

/** Katakana of half the width, which the script would make wide. */
const half = /^[\uff61-\uffdc]/u;

let graphemes: Intl.Segmenter | undefined;

/** What a reader takes for characters, in order. */
export function charactersOf(text: string): readonly string[] {
  if (/^[ -~]*$/.test(text)) return text.split("");
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(graphemes.segment(text), each => each.segment);
}

/** In columns. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  return charactersOf(text).reduce((sum, each) => sum + characterWidth(each), 0);
}

/** Of one of `charactersOf`. */
export function characterWidth(character: string): number {
  if (/^\p{M}+$/u.test(character)) return 0;
  // The sound marks of half the width are marks to a reader, and columns to a terminal.
  const marks = character.match(/(?<=.)[\uff9e\uff9f]/gu)?.length ?? 0;
  return marks + (isWide(character) && !half.test(character) ? 2 : 1);
}

/**
 * Two columns by Unicode's East Asian Width (UAX #11) and its emoji; scripts stand in for the table's ranges. The pattern is
 * inside, so that nobody waits for what it looks up before there is a character beyond ASCII.
 */
function isWide(character: string): boolean {
  return /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Script=Bopomofo}|\p{Script=Yi}|\p{Script=Tangut}|\p{Emoji_Presentation}|[\u2e80-\u303e\uff01-\uff60\uffe0-\uffe6])/u.test(
    character,
  );
}
