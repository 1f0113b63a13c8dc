// One C-style escape: systemd.syntax(7), "Supported escapes".

const letters: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
  s: " ",
  "\\": "\\",
  '"': '"',
  "'": "'",
};

export interface Escape {
  /** What the escape stands for; a byte above 0x7f is U+DC00 plus the byte, for the caller to join with its neighbours. */
  readonly text: string;
  /** Characters taken, the backslash not counted. */
  readonly length: number;
}

/**
 * @param at the offset of the character after the backslash.
 * @returns `undefined` where systemd knows no such escape, a zero byte and what is no character included.
 */
export function readEscape(text: string, at: number): Escape | undefined {
  const char = text.charAt(at);
  const letter = Object.hasOwn(letters, char) ? letters[char] : undefined;
  if (letter !== undefined) return { text: letter, length: 1 };
  if (char === "x") return readNumber(text, at + 1, /^[0-9A-Fa-f]{2}/, 16, fromByte, 1);
  if (char === "u") return readNumber(text, at + 1, /^[0-9A-Fa-f]{4}/, 16, fromCodePoint, 1);
  if (char === "U") return readNumber(text, at + 1, /^[0-9A-Fa-f]{8}/, 16, fromCodePoint, 1);
  return readNumber(text, at, /^[0-7]{3}/, 8, fromByte, 0);
}

function readNumber(
  text: string,
  at: number,
  digits: RegExp,
  base: number,
  toText: (value: number) => string | undefined,
  prefixLength: number,
): Escape | undefined {
  const [found] = digits.exec(text.slice(at, at + 8)) ?? [];
  const value = found === undefined ? undefined : toText(Number.parseInt(found, base));
  return found === undefined || value === undefined
    ? undefined
    : { text: value, length: found.length + prefixLength };
}

function fromByte(value: number): string | undefined {
  if (value === 0 || value > 0xff) return undefined;
  return String.fromCharCode(value < 0x80 ? value : 0xdc00 + value);
}

function fromCodePoint(value: number): string | undefined {
  if (value === 0 || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return undefined;
  return String.fromCodePoint(value);
}
