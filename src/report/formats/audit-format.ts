// What formats of an audit are made from, and what such a format is. Units come one at a time, so that what can be written
// at once is, and memory stays flat.
import type { Comparison } from "../../gate/compare.ts";
import type { AuditedUnit } from "../../score/audited-unit.ts";
import type { AuditHead } from "../audit-json.ts";
import type { CheckTexts } from "../check-text.ts";
import type { Speak } from "../messages.ts";
import type { Paint } from "../paint.ts";
import type { ReportUnit } from "../report-data.ts";

export interface AuditSource {
  readonly head: AuditHead;
  /** What the machine is called; absent where it was not named. */
  readonly host: string | undefined;
  /** "Read for systemd 257 …". */
  readonly readFor: string;
  readonly texts: CheckTexts;
  readonly speak: Speak;
  readonly columns: number;
  readonly paint: Paint;
  /** Of the unit at hand, with what would tighten it. */
  readonly reportUnit: (audited: AuditedUnit) => ReportUnit;
  /** `YYYY-MM-DD`: the day of the audit. */
  readonly date: string;
  /** With the earlier audit that was named; complete at the end, and nothing where none was. */
  readonly comparison: () => Comparison | undefined;
  /** A line for a person beside the report. */
  readonly warn: (line: string) => void;
}

export interface AuditWriter {
  readonly opening: string;
  unit(audited: AuditedUnit): string;
  closing(): string | Promise<string>;
}

export interface AuditFormat {
  readonly name: string;
  /** Who reads it, in a few words. */
  readonly title: string;
  /** Whether what is written of a unit depends on that unit alone, so that any thread can write it. */
  readonly isByUnit?: boolean;
  readonly start: (source: AuditSource) => AuditWriter;
}

/** A writer of lines that need nothing of one another. */
export function lineWriter(unit: (audited: AuditedUnit) => string, opening = ""): AuditWriter {
  return { opening, unit, closing: () => "" };
}
