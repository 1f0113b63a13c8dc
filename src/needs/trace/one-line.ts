const MAX_DETAIL = 200;

/** A text of somebody else's as one line of at most 200 characters, without anything that a terminal would obey. */
export function oneLine(text: string): string {
  const shown = text.length > MAX_DETAIL ? `${text.slice(0, MAX_DETAIL - 1)}…` : text;
  return shown.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, " ");
}
