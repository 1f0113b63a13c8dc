// systemd's reading of UTF-8: Unicode's, less the code points that are set aside as noncharacters.

const onlyAscii = /^[\x00-\x7f]*$/;
const noncharacter = /\p{Noncharacter_Code_Point}/u;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * @param latin1 bytes, one character each.
 * @returns the text, or `undefined` where systemd sees no valid UTF-8.
 */
export function decodeUtf8(latin1: string): string | undefined {
  if (onlyAscii.test(latin1)) return latin1;
  try {
    const text = decoder.decode(Buffer.from(latin1, "latin1"));
    return noncharacter.test(text) ? undefined : text;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}
