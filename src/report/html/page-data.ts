// What is embedded in the page, shared by the program that writes it and the script that reads it. Nothing is imported
// here: the script is compiled for browsers. Texts and check results that many units share are kept once, by number.

/** An index of `PageData.strings`. */
export type StringId = number;

export interface PageCheck {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly good: string;
  readonly bad: string;
  readonly mend: string;
  readonly meaning: string;
  readonly attack: string;
  readonly breaks: string;
}

/** Index of `PageData.checks`, badness (`null`: does not apply), range, weight, exposure in tenths, directive, implied by. */
export type PageResult = readonly [
  check: number,
  badness: number | null,
  range: number,
  weight: number,
  exposure: number | null,
  directive: StringId,
  impliedBy: StringId,
];

/** A line of a file that set something: index into the unit's checks, file, line, text. */
export type PageLine = readonly [check: number, file: StringId, line: number, text: StringId];

/** Code, severity, message, file ("" without one), line (0 without one). */
export type PageFinding = readonly [
  code: StringId,
  severity: StringId,
  message: StringId,
  file: StringId,
  line: number,
];

/** One directive of a proposal; `ReportSetting` says what each part is. */
export type PageSetting = readonly [
  directive: StringId,
  lines: readonly StringId[],
  gain: number,
  risk: number,
  confidence: StringId,
  certainty: StringId,
  evidence: readonly StringId[],
  unknown: readonly StringId[],
  exceptions: readonly (readonly [line: StringId, because: StringId])[],
  symptom: StringId,
];

/** Index into the checks of the report, badness with the drop-in. */
export type PageOutcome = readonly (readonly [check: number, badness: number | null])[];

export interface PageProposal {
  readonly level: StringId;
  readonly exposureAfter: number;
  readonly levelAfter: StringId;
  /** Indexes of `PageData.settings`. */
  readonly settings: readonly number[];
  readonly withheld: readonly (readonly [directive: StringId, value: StringId, because: StringId])[];
  /** An index of `PageData.outcomes`. */
  readonly outcome: number;
  /** The lines that set its directives now. */
  readonly today: readonly (readonly [directive: StringId, file: StringId, line: number, text: StringId])[];
  readonly path: StringId;
  /** The file's lines. */
  readonly before: readonly StringId[];
  readonly after: readonly StringId[];
}

export interface PageUnit {
  readonly name: string;
  readonly host?: string;
  readonly path: StringId;
  readonly files: readonly StringId[];
  readonly status: StringId;
  readonly message: StringId;
  readonly exposure: number | null;
  readonly level: StringId;
  readonly kinds: StringId;
  /** An index of `PageData.profiles`. */
  readonly profile: number;
  readonly lines: readonly PageLine[];
  readonly findings: readonly PageFinding[];
  readonly proposal?: PageProposal;
}

export interface PageGateFinding {
  readonly unit: string;
  readonly rule: string;
  readonly severity: string;
  readonly status: string;
  readonly isFailing: boolean;
  readonly text: string;
  /** `file:line`, "" without a place. */
  readonly place: string;
  readonly reason?: string;
  readonly until?: string;
}

export interface PageGate {
  readonly verdict: string;
  readonly failOn: string;
  readonly units: number;
  readonly unitsFailed: number;
  readonly failing: number;
  readonly waived: number;
  readonly known: number;
  readonly findings: readonly PageGateFinding[];
}

export interface PageChange {
  readonly unit: string;
  readonly kind: string;
  /** As it is shown: "9.6", "masked", "–". */
  readonly before: string;
  readonly after: string;
  /** Tenths; `null` where one side has no score. */
  readonly difference: number | null;
  /** What did it, as it is shown. */
  readonly details: readonly {
    readonly sign: "+" | "-";
    readonly what: string;
    readonly now: string;
    readonly was: string;
  }[];
}

export interface PageComparison {
  readonly better: number;
  readonly worse: number;
  readonly same: number;
  readonly added: number;
  readonly removed: number;
  readonly changes: readonly PageChange[];
}

export interface PageData {
  readonly tool: string;
  readonly systemd: string;
  readonly arch: string;
  readonly scope: string;
  readonly date: string;
  readonly subject: string;
  readonly strings: readonly string[];
  readonly checks: readonly PageCheck[];
  readonly results: readonly PageResult[];
  readonly profiles: readonly (readonly number[])[];
  readonly settings: readonly PageSetting[];
  readonly outcomes: readonly PageOutcome[];
  readonly units: readonly PageUnit[];
  readonly gate?: PageGate;
  readonly comparison?: PageComparison;
  /** Where the units are those of many hosts, each once for each way in which it stands. */
  readonly fleet?: PageFleet;
}

/** How a unit stands on some hosts: "9.6 UNSAFE", "masked", "absent". */
export type PageStand = string;

export interface PageHost {
  readonly name: string;
  readonly units: number;
  readonly scored: number;
  readonly worst: string;
  /** Tenths; -1 where nothing has a score. */
  readonly highest: number;
  readonly median: number;
  readonly above: number;
  readonly errors: number;
  readonly warnings: number;
  readonly drifting: number;
}

export interface PageFleetUnit {
  readonly name: string;
  readonly hosts: number;
  readonly scored: number;
  readonly lowest: number;
  readonly median: number;
  readonly highest: number;
  readonly above: number;
  /** "9.6 on web-1, web-2". */
  readonly outliers: readonly string[];
}

export interface PageDrift {
  readonly group: string;
  readonly unit: string;
  readonly kind: string;
  readonly hosts: readonly string[];
  readonly mostHosts: number;
  readonly most: PageStand;
  readonly here: PageStand;
  /** What differs, with the lines that decide it. */
  readonly checks: readonly { readonly id: string; readonly most: string; readonly here: string }[];
}

/** The audits of many hosts, merged. */
export interface PageFleet {
  readonly summary: {
    readonly hosts: number;
    readonly units: number;
    readonly unitsOnHosts: number;
    readonly scored: number;
    readonly median: number | null;
    readonly worst: number | null;
    readonly maxExposure: number;
    readonly above: number;
    readonly levels: Readonly<Record<string, number>>;
    readonly hostsDrifting: number;
    readonly driftingUnits: number;
    readonly driftsLeftOut: number;
  };
  readonly hosts: readonly PageHost[];
  readonly units: readonly PageFleetUnit[];
  readonly groups: readonly {
    readonly name: string;
    readonly kind: string;
    readonly hosts: number;
    readonly drifting: number;
  }[];
  readonly drift: readonly PageDrift[];
}
