/** With the replacement character for every lone surrogate, as encoders write them; others refuse such text. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\p{Cs}/gu, "\ufffd");
}
