// What is accepted for a while, and why: read from a file of waivers and from comments in units.
import { matchesPattern } from "../host/glob.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { hintFor } from "../rules/hint.ts";
import type { Diagnostic, Position } from "../unit/tree.ts";
import { baseSubject, type Finding } from "./finding.ts";
import type { RuleNames } from "./rule-names.ts";

export interface Waiver {
  /** A unit's name or a pattern of names. */
  readonly unit: string;
  /** By its present name. */
  readonly rule: string;
  /** Absent where every finding of the rule is meant. */
  readonly subject?: string;
  readonly reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  readonly until: string;
  readonly position: Position;
  readonly kind: "file" | "comment";
}

export interface ReadWaivers {
  readonly waivers: readonly Waiver[];
  /** What is not complete, and so covers nothing. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a section of the file or a comment says, before it is checked. */
export interface WaiverFields {
  readonly unit: string;
  readonly rule: string;
  readonly subject?: string;
  readonly position: Position;
  readonly kind: Waiver["kind"];
  readonly fields: Readonly<Record<string, string>>;
}

const KEYS = ["reason", "until", "subject"];

/** A waiver, or why it is none. @param names of every rule that there is, so that an unknown one is said. */
export function readWaiver(read: WaiverFields, names: RuleNames): ReadWaivers {
  const { unit, position, kind, fields } = read;
  const rule = names.presentName(read.rule) ?? read.rule;
  const failed = (code: string, args: Readonly<Record<string, string>>): ReadWaivers => ({
    waivers: [],
    diagnostics: [{ code, severity: "error", position, args: { unit, rule, ...args } }],
  });
  const stranger = Object.keys(fields).find(key => !KEYS.includes(key));
  if (stranger !== undefined)
    return failed("gate-waiver-unknown-key", { key: stranger, ...hintFor(stranger, KEYS) });
  if (rule === "") return failed("gate-waiver-no-rule", {});
  if (names.presentName(rule) === undefined)
    return failed("gate-waiver-unknown-rule", { ...hintFor(rule, names.all) });
  if (names.isAboutGate(rule)) return failed("gate-waiver-gate-rule", {});
  const { reason = "", until = "" } = fields;
  if (reason.trim() === "") return failed("gate-waiver-no-reason", {});
  if (until === "") return failed("gate-waiver-no-date", {});
  if (!isDay(until)) return failed("gate-waiver-bad-date", { until });
  const subject = read.subject ?? fields.subject;
  const waiver = { unit, rule, reason, until, position, kind };
  return { waivers: [subject === undefined ? waiver : { ...waiver, subject }], diagnostics: [] };
}

/** Whether a text is a day of the calendar, `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** `# tightunit: ignore=RULE[,RULE] until=2027-01-31 reason="…"` among the comments of a unit's files. */
export function commentWaivers(unit: LoadedUnit, name: string, names: RuleNames): ReadWaivers {
  const trees = [...(unit.fragment ? [unit.fragment] : []), ...unit.dropIns.map(dropIn => dropIn.tree)];
  const waivers: Waiver[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const tree of trees) {
    for (const { kind, raw, position } of tree.nodes) {
      if (kind !== "comment" || !raw.includes("tightunit:")) continue;
      const said = /^\s*[#;]\s*tightunit:\s*(.*?)\s*$/s.exec(raw)?.[1];
      if (said === undefined) continue;
      const { ignore = "", ...fields } = fieldsOf(fromBytes(said));
      for (const rule of ignore === "" ? [""] : ignore.split(",")) {
        const read = readWaiver({ unit: name, rule, position, kind: "comment", fields }, names);
        waivers.push(...read.waivers);
        diagnostics.push(...read.diagnostics);
      }
    }
  }
  return { waivers, diagnostics };
}

/** `key=word key="several words"`; a word without `=` becomes a key of its own, which nobody knows. */
function fieldsOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/([^\s=]+)(?:=(?:"([^"]*)"|(\S*)))?/g)];
  return Object.fromEntries(pairs.map(([, key = "", quoted, bare]) => [key, quoted ?? bare ?? ""]));
}

/** A node's text has one character for each byte. */
function fromBytes(raw: string): string {
  return new TextDecoder().decode(Uint8Array.from(raw, character => character.charCodeAt(0)));
}

/** Whether a waiver speaks of a finding, whatever day it is. */
export function covers(waiver: Waiver, finding: Finding, names: readonly string[]): boolean {
  return (
    waiver.rule === finding.rule &&
    (waiver.subject === undefined || waiver.subject === baseSubject(finding.subject)) &&
    concerns(waiver, names)
  );
}

/** Whether a waiver speaks of a unit, by any of its names. A comment holds for the unit that it stands in alone. */
export function concerns(waiver: Waiver, names: readonly string[]): boolean {
  if (waiver.kind === "comment") return names[0] === waiver.unit;
  return names.some(name => matchesPattern(waiver.unit, name));
}
