/**
 * What a terminal would obey, or would not show: C0 and C1 controls, DEL, bidirectional marks and overrides, characters
 * of no width, the separators that some programs take for line ends, lone surrogates, tags (UAX #44 has the classes).
 */
const invisible = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

const short: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x1b": "\\e" };

/**
 * Text of an audited file, made fit for a terminal: every character that a terminal would obey, or that would not be
 * seen, becomes a visible escape (`\e`, `\n`, `\x07`, `\u{202e}`); everything else stays as it is.
 */
export function visible(text: string): string {
  return isPlain(text) ? text : text.replace(invisible, character => short[character] ?? escapeOf(character));
}

/** Whether there are only ASCII's visible characters in it, as in nearly every text: that is found out many times as fast. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
}
