// The lines of an ini file, looked at before the ini package reads it: it drops what it does not understand and cuts
// values at `;` and `#` without a word. Here each of these is a problem with its line.
import type { Diagnostic } from "../unit/tree.ts";

export interface ConfigLines {
  /** The line of each key, by `section` NUL `key`, and of each section, by its name; from 1. */
  readonly lineOf: ReadonlyMap<string, number>;
  readonly entries: readonly ConfigEntry[];
  /** Of `[unit "PATTERN"]` and `[kind "NAME"]`, which are `unit:0` … `kind:0` … among the sections: what is quoted. */
  readonly quoted: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ConfigEntry {
  readonly section: string;
  readonly key: string;
  readonly line: number;
  /** Whether it is written `key[]`. */
  readonly isList: boolean;
  /** As it is written, quotes and escapes included. */
  readonly value: string;
}

export function keyPlace(section: string, key: string): string {
  return `${section}\0${key}`;
}

export function readConfigLines(text: string, file: string): ConfigLines {
  const lineOf = new Map<string, number>();
  const entries: ConfigEntry[] = [];
  const quoted = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  let section: string | undefined;
  let line = 0;
  const problem = (code: string, args: Readonly<Record<string, string>>): void => {
    diagnostics.push({ code, severity: "error", position: { file, line, column: 1 }, args });
  };
  for (const written of text.split(/\r\n|\r|\n/)) {
    line++;
    const trimmed = written.trim();
    if (trimmed === "" || trimmed.startsWith(";") || trimmed.startsWith("#")) continue;
    if (trimmed.startsWith("[")) {
      const name = headerName(trimmed, quoted);
      if (name !== undefined && quoted.has(name) && lineOf.has(name))
        problem("config-twice", { key: trimmed });
      if (name === undefined) problem("config-bad-header", { text: trimmed });
      section = name ?? "";
      if (name !== undefined && !lineOf.has(name)) lineOf.set(name, line);
      continue;
    }
    const equals = trimmed.indexOf("=");
    const key = trimmed.slice(0, equals).trim();
    if (equals < 0 || !/^[\w-]+\)?(\[\])?$/.test(key)) {
      problem("config-no-assignment", { text: trimmed });
      continue;
    }
    if (section === undefined) problem("config-outside-section", { key });
    const value = trimmed.slice(equals + 1).trim();
    const fault = faultOf(value);
    if (fault !== undefined) problem(fault, { key, value });
    const name = key.replace(/\[\]$/, "");
    const place = keyPlace(section ?? "", name);
    if (lineOf.has(place) && !key.endsWith("[]")) problem("config-twice", { key });
    if (!lineOf.has(place)) lineOf.set(place, line);
    entries.push({ section: section ?? "", key: name, line, isList: key.endsWith("[]"), value });
  }
  return { lineOf, entries, quoted, diagnostics };
}

/** A plain name, or `unit "PATTERN"` and `kind "NAME"` as `unit:0` …; nothing where it is no header. */
function headerName(text: string, quoted: Map<string, string>): string | undefined {
  const parts = /^\[(unit|kind)\s+"([^"\\]+)"\]$/.exec(text);
  if (parts === null) {
    const plain = /^\[([^\][;#"'\\]*)\]$/.exec(text)?.[1]?.trim();
    return plain === undefined || /^(unit|kind):/.test(plain) ? undefined : plain;
  }
  const [, word = "", name = ""] = parts;
  const known = [...quoted].find(([key, value]) => key.startsWith(`${word}:`) && value === name)?.[0];
  const section = known ?? `${word}:${[...quoted.keys()].filter(key => key.startsWith(`${word}:`)).length}`;
  quoted.set(section, name);
  return section;
}

/** What the ini package would do to a value without saying so. */
function faultOf(value: string): string | undefined {
  if (value === "") return "config-no-value";
  const quote = value[0];
  if (quote === '"' || quote === "'") {
    if (value.length < 2 || !value.endsWith(quote)) return "config-open-quote";
    const inner = value.slice(1, -1);
    if (quote === "'") return inner.includes("'") ? "config-open-quote" : undefined;
    return isJsonText(value) ? undefined : "config-open-quote";
  }
  return /(^|[^\\])[;#]/.test(value.replaceAll("\\\\", "")) ? "config-value-cut" : undefined;
}

function isJsonText(value: string): boolean {
  try {
    return typeof JSON.parse(value) === "string";
  } catch {
    // That it does not parse is the answer.
    return false;
  }
}
