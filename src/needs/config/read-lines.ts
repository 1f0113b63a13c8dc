// The syntaxes that go line by line.
import { type ConfigEntry, linesOf, MAX_ENTRIES, splitValue } from "./config-entry.ts";

/** Words of a value that is folded over many lines. */
const MAX_WORDS = 1000;

/** `Key word word`, as in sshd_config(5) or redis.conf. A line may go on after a backslash. */
export function readWords(text: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  for (const { text: line, line: number } of linesOf(text, "backslash")) {
    if (/^\s*(?:[#;]|$)/.test(line)) continue;
    const [key, ...values] = splitValue(line);
    if (key !== undefined && key !== "") entries.push({ key, values, line: number });
    if (entries.length >= MAX_ENTRIES) break;
  }
  return entries;
}

/** Apache's: as words, and `<Section argument>` is a key of its own. What conditional sections hold counts always. */
export function readApache(text: string): readonly ConfigEntry[] {
  return readWords(text).flatMap(entry => {
    if (entry.key.startsWith("</")) return [];
    if (!entry.key.startsWith("<")) return [entry];
    const last = entry.values.at(-1);
    const values =
      last === undefined ? [] : [...entry.values.slice(0, -1), last.endsWith(">") ? last.slice(0, -1) : last];
    return [{ ...entry, key: entry.key.replace(/^<|>$/g, ""), values }];
  });
}

/**
 * `key = value`, also without the sign, as in postgresql.conf, main.cf(5) or dnsmasq.conf. A line that begins with a blank and
 * sets nothing goes on with the line before it; `section {` is a key, and the keys inside stand for themselves.
 */
export function readEquals(text: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  for (const { text: line, line: number } of linesOf(text, "none")) {
    if (/^\s*(?:[#;}]|$)/.test(line)) continue;
    const last = entries.at(-1);
    if (/^\s/.test(line) && !/[={]/.test(line) && !/^\s*!/.test(line) && last !== undefined) {
      if (last.values.length < MAX_WORDS)
        entries[entries.length - 1] = { ...last, values: [...last.values, ...splitValue(line)] };
      continue;
    }
    const bare = line.replace(/\{\s*$/, "").trim();
    const match = /^([^\s=]+)\s*=(.*)$/s.exec(bare);
    if (match === null) {
      const [key, ...values] = splitValue(bare);
      if (key !== undefined && key !== "") entries.push({ key, values, line: number });
    } else entries.push({ key: match[1] ?? "", values: splitValue(match[2] ?? ""), line: number });
    if (entries.length >= MAX_ENTRIES) break;
  }
  return entries;
}

/** `[section]`, `key = value` and keys alone; a key is `section.key`, an include (`!includedir`) has no section. */
export function readIni(text: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  let section = "";
  for (const { text: raw, line: number } of linesOf(text, "none")) {
    const line = raw.trim();
    if (/^(?:[#;]|$)/.test(line)) continue;
    const header = /^\[([^\]]*)\]/.exec(line);
    if (header !== null) {
      section = `${(header[1] ?? "").trim()}.`;
      continue;
    }
    const sign = line.search(/[=:]/);
    if (line.startsWith("!") || sign <= 0) {
      const [key, ...values] = splitValue(line);
      if (key !== undefined && key !== "")
        entries.push({ key: key.startsWith("!") ? key : `${section}${key}`, values, line: number });
    } else {
      const value = line.slice(sign + 1).replace(/\s;.*$/, "");
      entries.push({
        key: `${section}${line.slice(0, sign).trim()}`,
        values: splitValue(value),
        line: number,
      });
    }
    if (entries.length >= MAX_ENTRIES) break;
  }
  return entries;
}

/** The assignments of a shell file, nothing of it run: `export NAME="value"`. The last of a name is the one that counts. */
export function readShell(text: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  for (const { text: line, line: number } of linesOf(text, "backslash")) {
    const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)=(.*)$/s.exec(line);
    if (match === null) continue;
    // The value is one word; what a service makes of it are words again.
    const value = splitValue(match[2] ?? "")[0] ?? "";
    entries.push({ key: match[1] ?? "", values: splitValue(value), line: number });
    if (entries.length >= MAX_ENTRIES) break;
  }
  return entries;
}

/** Bounded, so that a file of opening brackets takes no more than its length. */
const OBJECT =
  /\b(module|input|action|global|include|ruleset|main_queue|template|parser)\s{0,9}\(((?:"(?:[^"\\]|\\.){0,2000}"|[^"()]){0,4000})\)/gi;
const PARAMETER = /([\w.]+)\s*=\s*"((?:[^"\\]|\\.)*)"/g;

/**
 * rsyslog.conf(5) in all three styles: `$Directive value`, `object(parameter="value")` as `object.parameter`, and selector lines,
 * of which the key is `selector` and the value where the messages go.
 */
export function readRsyslog(text: string): readonly ConfigEntry[] {
  const entries: ConfigEntry[] = [];
  const plain = text
    .split("\n")
    .map(line => (/^\s*#/.test(line) ? "" : line.slice(0, 4096)))
    .join("\n");
  for (const { text: line, line: number } of linesOf(plain, "backslash")) {
    const [first, ...rest] = splitValue(line);
    if (first === undefined || entries.length >= MAX_ENTRIES) continue;
    if (first.startsWith("$")) entries.push({ key: first, values: rest, line: number });
    else if (/^[\w*,;!=]+\.[\w*,;!=.]+$/.test(first) && rest.length > 0)
      entries.push({ key: "selector", values: rest, line: number });
    else if (/^(?::|if$|&$)/.test(first)) {
      // Filters by property or expression; their last words are the target.
      const targets = rest.filter(word => /^[-|^?]?\/./.test(word) || /^@{1,2}\S/.test(word));
      if (targets.length > 0) entries.push({ key: "selector", values: targets, line: number });
    }
  }
  let line = 1;
  let seen = 0;
  for (const match of plain.matchAll(OBJECT)) {
    line += countLines(plain, seen, match.index);
    seen = match.index;
    for (const parameter of (match[2] ?? "").matchAll(PARAMETER)) {
      if (entries.length >= MAX_ENTRIES) return entries;
      const key = `${match[1]}.${parameter[1]}`.toLowerCase();
      entries.push({ key, values: [(parameter[2] ?? "").replace(/\\(.)/g, "$1")], line });
    }
  }
  return entries;
}

function countLines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
