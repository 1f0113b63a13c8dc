// What everything in this program says when something is wrong, as data; rule data, files and units are spoken of alike.

/** A place in a file. `line` and `column` count from 1; a column counts characters, not bytes. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Something worth saying about a text, as data; `src/report/` makes the sentence from
 * `rules/messages/*.json`, where `code` is looked up and `{name}` is filled from `args`.
 */
export interface Diagnostic {
  readonly code: string;
  /** `error`: systemd refuses the unit or the rest of the file; `warning`: it ignores the line; `note`: it does neither. */
  readonly severity: "error" | "warning" | "note";
  readonly position?: Position;
  readonly args?: Readonly<Record<string, string>>;
}
