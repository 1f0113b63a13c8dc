// What every report for people is made from: plain JSON, so that it can be kept, merged with that of other hosts, and
// embedded in a page. Builders are in report-unit.ts and report-proposal.ts; here is the shape and the whole.
import type { Comparison } from "../gate/compare.ts";
import type { GateResult, JudgedFinding, Severity } from "../gate/finding.ts";
import type { FleetReport } from "../gate/fleet-report.ts";
import type { Level } from "../harden/proposal.ts";
import type { Certainty } from "../needs/need.ts";
import type { AuditStatus } from "../score/audited-unit.ts";
import type { AuditHead } from "./audit-json.ts";
import type { CheckText, CheckTexts } from "./check-text.ts";
import { findingSentence } from "./gate-result-text.ts";
import type { Speak } from "./messages.ts";

/** A line of a unit's file. `text` is the assignment as systemd reads it; it is not known of earlier audits. */
export interface ReportLine {
  readonly file: string;
  readonly line: number;
  readonly text?: string;
}

/** One check of one unit. Results that are the same for many units are the same object. */
export interface ReportCheck {
  readonly id: string;
  readonly directive: string;
  /** 0…range; `null` where the check does not apply. */
  readonly badness: number | null;
  readonly range: number;
  readonly weight: number;
  /** Tenths of exposure; `null` where the check does not apply. */
  readonly exposure: number | null;
  /** The line that set it; absent where it is the default. */
  readonly line?: ReportLine;
  /** Directives that imply the value. */
  readonly impliedBy?: readonly string[];
}

/** Something noticed besides the checks: an ignored line, a value that looks hardened and is not. */
export interface ReportFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/** One directive of a proposal and what speaks for it; sentences are fit for showing. */
export interface ReportSetting {
  readonly directive: string;
  readonly value: string;
  readonly lines: readonly string[];
  /** Tenths of exposure. */
  readonly gain: number;
  /** 0…4. */
  readonly risk: number;
  readonly confidence: "proven" | "plausible" | "bet";
  readonly certainty: Certainty;
  /** Where it was looked, and nothing was found that needs what the line denies. */
  readonly evidence: readonly string[];
  /** What it denies without knowing, and how many services need that: `cap:CAP_SYS_TIME (rare)`. */
  readonly unknown: readonly string[];
  /** What is let through because it is needed. */
  readonly exceptions: readonly { readonly line: string; readonly because: string }[];
  /** How a person would see that it broke the service. */
  readonly symptom: string;
}

export interface ReportProposal {
  readonly level: Level;
  /** Tenths. */
  readonly exposureAfter: number;
  readonly levelAfter: string;
  readonly settings: readonly ReportSetting[];
  /** Stricter values that something stands against, because it is needed. */
  readonly withheld: readonly {
    readonly directive: string;
    readonly value: string;
    readonly because: string;
  }[];
  /** The badness of each check that differs with the drop-in in place, by the check's id. */
  readonly badnessAfter: Readonly<Record<string, number | null>>;
  /** The lines that set the proposal's directives now; a directive that is not here is not set. */
  readonly today: readonly (Required<ReportLine> & { readonly directive: string })[];
  /** Where the drop-in belongs, as the audit shows paths. */
  readonly path: string;
  /** The file's text as it is, "" where there is none, and as it would be; they are equal where there is nothing to add. */
  readonly before: string;
  readonly after: string;
}

export interface ReportUnit {
  readonly name: string;
  /** Where the report is about several. */
  readonly host?: string;
  readonly path: string | null;
  /** Fragment and drop-ins in the order in which they are read. */
  readonly files: readonly string[];
  readonly status: AuditStatus;
  /** Why there is no score. */
  readonly message?: string;
  /** Tenths, 0…100. */
  readonly exposure: number | null;
  readonly level: string | null;
  /** `root`, `network`, `user`: rules/gate/kinds.json. */
  readonly kinds: readonly string[];
  /** In the order of the pack; empty where there is no score. */
  readonly checks: readonly ReportCheck[];
  readonly findings: readonly ReportFinding[];
  /** Absent where none was asked for or the unit cannot be hardened. */
  readonly proposal?: ReportProposal;
}

export interface ReportGateFinding extends JudgedFinding {
  /** What is wrong, in a sentence. */
  readonly text: string;
}

export interface ReportGate extends Omit<GateResult, "findings"> {
  readonly findings: readonly ReportGateFinding[];
}

export interface ReportData {
  readonly schemaVersion: 1;
  readonly head: AuditHead;
  /** `YYYY-MM-DD`; absent where the report is to be the same on every day. */
  readonly date?: string;
  /** What the units are of: a host, a folder, "3 hosts". */
  readonly subject?: string;
  /** In the order of the checks of the pack. */
  readonly checks: readonly CheckText[];
  readonly units: readonly ReportUnit[];
  readonly gate?: ReportGate;
  readonly comparison?: Comparison;
  /** Where the units are those of many hosts, each once for each way in which it stands. */
  readonly fleet?: FleetReport;
}

export interface ReportInput {
  readonly head: AuditHead;
  readonly texts: CheckTexts;
  readonly speak: Speak;
  readonly units: readonly ReportUnit[];
  readonly date?: string | undefined;
  readonly subject?: string | undefined;
  readonly gate?: GateResult | undefined;
  readonly comparison?: Comparison | undefined;
}

/** All that a report says, in one value. */
export function reportData(input: ReportInput): ReportData {
  const { head, texts, speak, units, date, subject, gate, comparison } = input;
  return {
    schemaVersion: 1,
    head,
    ...(date === undefined ? {} : { date }),
    ...(subject === undefined ? {} : { subject }),
    checks: [...texts.values()],
    units,
    ...(gate === undefined ? {} : { gate: reportGate(gate, speak) }),
    ...(comparison === undefined ? {} : { comparison }),
  };
}

function reportGate(gate: GateResult, speak: Speak): ReportGate {
  return { ...gate, findings: gate.findings.map(each => ({ ...each, text: findingSentence(each, speak) })) };
}
