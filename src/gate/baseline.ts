// The findings that a team has taken note of: a text of one sorted line each, `UNIT RULE SUBJECT [MEASURE]`, without
// times and without places, so that two branches merge and moved lines change nothing.
import type { Diagnostic } from "../unit/tree.ts";
import { baseSubject, compareText, type Finding, findingKey } from "./finding.ts";
import type { RuleNames } from "./rule-names.ts";

export interface BaselineEntry {
  readonly unit: string;
  /** By its present name, whatever is written. */
  readonly rule: string;
  readonly subject: string;
  readonly measure?: number;
  /** The line that it stands on; 0 where it is new. */
  readonly line: number;
}

export interface Baseline {
  readonly file: string;
  /** By `findingKey`. */
  readonly entries: ReadonlyMap<string, BaselineEntry>;
  readonly diagnostics: readonly Diagnostic[];
}

const HEADER =
  "# What is known and accepted, one finding a line: unit, rule, subject, measure. Made by: tightunit baseline";

/** Reads a baseline; lines that are none and marks of a merge are errors, a line that is there twice counts once. */
export function parseBaseline(text: string, file: string, names: RuleNames): Baseline {
  const entries = new Map<string, BaselineEntry>();
  const diagnostics: Diagnostic[] = [];
  let number = 0;
  const say = (code: string, severity: Diagnostic["severity"], args: Record<string, string>): void => {
    diagnostics.push({ code, severity, position: { file, line: number, column: 1 }, args });
  };
  for (const written of text.split("\n")) {
    number++;
    const line = written.trim();
    if (line === "" || line.startsWith("#")) continue;
    if (/^(<{7}|={7}|>{7})/.test(line)) {
      say("gate-baseline-conflict", "error", {});
      continue;
    }
    const entry = entryOf(line, number, names);
    if (entry === undefined) {
      say("gate-baseline-bad-line", "error", { text: line.slice(0, 80) });
      continue;
    }
    const key = findingKey(entry);
    const before = entries.get(key);
    // Two branches may have kept different measures: what one of them has mended stays mended.
    if (before !== undefined && before.measure !== entry.measure)
      say("gate-baseline-twice", "warning", { unit: entry.unit, rule: entry.rule });
    if (before === undefined || (entry.measure ?? 0) < (before.measure ?? 0)) entries.set(key, entry);
  }
  return { file, entries, diagnostics };
}

function entryOf(line: string, number: number, names: RuleNames): BaselineEntry | undefined {
  const fields = line.split(/ +/);
  const [unit, rule, subject, measure] = fields.map(decode);
  if (fields.length < 3 || fields.length > 4 || !unit || !rule || subject === undefined) return undefined;
  if (measure !== undefined && !/^\d{1,9}$/.test(measure)) return undefined;
  return {
    unit,
    rule: names.presentName(rule) ?? rule,
    subject: fields[2] === "-" ? "" : subject,
    line: number,
    ...(measure === undefined ? {} : { measure: Number(measure) }),
  };
}

/** The text of a baseline: sorted, each line once. */
export function renderBaseline(
  entries: Iterable<Pick<BaselineEntry, "unit" | "rule" | "subject" | "measure">>,
): string {
  const lines = [...entries].map(({ unit, rule, subject, measure }) =>
    [unit, rule, subject]
      .map(encode)
      .concat(measure === undefined ? [] : [String(measure)])
      .join(" "),
  );
  return [HEADER, ...new Set(lines.sort(compareText)), ""].join("\n");
}

/** Whatever would take a line apart, hide in it or pass for another, byte for byte as %XX. */
function encode(field: string): string {
  if (field === "") return "-";
  const escaped = field.replace(/[\p{C}\p{Z}%]/gu, character =>
    [...new TextEncoder().encode(character)]
      .map(byte => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
      .join(""),
  );
  return escaped.replace(/^[#<=>-]/, first => `%${first.charCodeAt(0).toString(16).toUpperCase()}`);
}

function decode(field: string): string {
  if (!field.includes("%")) return field;
  const bytes = [...field.matchAll(/%([0-9A-F]{2})|[^%]+|%/g)].flatMap(([whole, hex]) =>
    hex === undefined ? [...new TextEncoder().encode(whole)] : [Number.parseInt(hex, 16)],
  );
  return new TextDecoder().decode(Uint8Array.from(bytes));
}

/** Findings as the entries of a baseline that stands in no file. */
export function baselineOf(findings: readonly Finding[]): Baseline {
  const entries = findings.map(({ unit, rule, subject, measure }): readonly [string, BaselineEntry] => [
    findingKey({ unit, rule, subject }),
    { unit, rule, subject, line: 0, ...(measure === undefined ? {} : { measure }) },
  ]);
  return { file: "", entries: new Map(entries), diagnostics: [] };
}

/** The entry that a finding is known by, by any of the unit's names. */
export function entryFor(
  finding: Finding,
  aliases: readonly string[],
  baseline: Baseline,
): BaselineEntry | undefined {
  const own = baseline.entries.get(findingKey(finding));
  if (own !== undefined || aliases.length === 0) return own;
  const { rule, subject } = finding;
  for (const unit of aliases) {
    const entry = baseline.entries.get(findingKey({ unit, rule, subject }));
    if (entry !== undefined) return entry;
  }
  return undefined;
}

export interface UpdateOptions {
  /** Findings of today, numbered and sorted, without what is waived or about the gate itself. */
  readonly findings: readonly Finding[];
  readonly aliasesOf: ReadonlyMap<string, readonly string[]>;
  /** Whether an entry's unit was looked at: only then it can be gone. */
  readonly isCovered: (entry: BaselineEntry) => boolean;
  /** `remove`: takes out what is gone and lowers what is better; `add`: takes in what is new or worse as well. */
  readonly mode: "remove" | "add";
}

/** A baseline brought up to date, and by how much. */
export function updateBaseline(
  baseline: Baseline,
  { findings, aliasesOf, isCovered, mode }: UpdateOptions,
): { readonly text: string; readonly added: number; readonly removed: number; readonly lowered: number } {
  const kept = new Map<string, Pick<BaselineEntry, "unit" | "rule" | "subject" | "measure">>();
  const used = new Set<BaselineEntry>();
  let [added, lowered] = [0, 0];
  for (const finding of findings) {
    const { unit, rule, subject, measure } = finding;
    const entry = entryFor(finding, aliasesOf.get(unit) ?? [], baseline);
    if (entry !== undefined) used.add(entry);
    if (entry === undefined && mode === "remove") continue;
    const accepted = entry?.measure;
    const isWorse = (measure ?? 0) > (accepted ?? 0);
    const keptMeasure = entry !== undefined && isWorse && mode === "remove" ? accepted : measure;
    if (entry === undefined) added++;
    else if (!isWorse && accepted !== measure) lowered++;
    kept.set(findingKey(finding), {
      unit,
      rule,
      subject,
      ...(keptMeasure === undefined ? {} : { measure: keptMeasure }),
    });
  }
  let removed = 0;
  for (const [key, entry] of baseline.entries) {
    if (used.has(entry)) continue;
    if (isCovered(entry)) removed++;
    else kept.set(key, entry);
  }
  return { text: renderBaseline(kept.values()), added, removed, lowered };
}

/** What people read of an entry: its subject, without its number. */
export function entrySubject({ subject }: Pick<BaselineEntry, "subject">): string {
  return baseSubject(subject);
}
