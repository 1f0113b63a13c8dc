// What the commands are given, as yargs delivers it.
import type { Configured } from "./configured.ts";
import type { ColourChoice } from "./has-colour.ts";

/** Options that every command about units takes. */
export interface SourceOptions {
  readonly units: readonly string[];
  readonly root?: string | undefined;
  readonly systemd?: string | undefined;
  readonly arch?: string | undefined;
  readonly user?: boolean | undefined;
  readonly config?: string | undefined;
  readonly color?: ColourChoice | undefined;
  /** Which units count where none is named; services where absent. */
  readonly type?: string | undefined;
}

export interface ScoreOptions extends SourceOptions {
  readonly securityPolicy?: string | undefined;
  readonly pack?: string | undefined;
}

export interface AuditOptions extends ScoreOptions {
  readonly format?: string | undefined;
  /** `FORMAT=FILE`, as they were typed. */
  readonly report?: readonly string[] | undefined;
  /** What the machine is called in JSON and NDJSON. */
  readonly host?: string | undefined;
  /** An earlier audit, for reports that say what changed. */
  readonly since?: string | undefined;
}

export interface FixOptions extends SourceOptions {
  readonly format: string;
  readonly level?: string | undefined;
  readonly target?: string | undefined;
  readonly only?: string | undefined;
  readonly except?: string | undefined;
  readonly maxRisk?: string | undefined;
  /** Traces and logs that add to the evidence. */
  readonly trace?: readonly string[] | undefined;
  readonly all?: boolean | undefined;
  readonly global?: boolean | undefined;
  /** A folder for the patches, one a unit, in place of showing them. */
  readonly output?: string | undefined;
  readonly write?: boolean | undefined;
  readonly undo?: boolean | undefined;
}

export interface GateOptions extends ScoreOptions {
  /** `text` where nothing is said. */
  readonly format?: string | undefined;
  /** `FORMAT=FILE`, as they were typed. */
  readonly report?: readonly string[] | undefined;
  readonly maxExposure?: string | undefined;
  readonly baseline?: string | undefined;
  readonly waivers?: string | undefined;
  readonly against?: string | undefined;
  readonly summary?: string | undefined;
  readonly fix?: string | undefined;
  /** Today, for tests. */
  readonly date?: string | undefined;
  /** The configuration that was found, for what no option says. */
  readonly configured?: Configured | undefined;
  /** The units are the configuration's: all that there are to judge. */
  readonly areConfigured?: boolean | undefined;
}

export interface BaselineOptions extends GateOptions {
  readonly update?: boolean | undefined;
  readonly add?: boolean | undefined;
}

export interface CompareOptions extends ScoreOptions {
  readonly format: string;
}

export interface MergeOptions extends SourceOptions {
  readonly group?: readonly string[] | undefined;
  readonly maxExposure?: string | undefined;
  /** Undefined where it was not typed: text, unless a report has the output. */
  readonly format?: string | undefined;
  readonly report?: readonly string[] | undefined;
  readonly table: "hosts" | "units" | "drift" | "checks";
}

export interface InitOptions extends SourceOptions {
  readonly output?: string | undefined;
}

/** What editors add to the command of a language server. */
export interface LspOptions extends SourceOptions {
  readonly stdio?: boolean | undefined;
  readonly clientProcessId?: string | undefined;
}

export interface ExplainOptions extends SourceOptions {
  readonly format: string;
  /** A folder for pages about every rule. */
  readonly output?: string | undefined;
  readonly configured?: Configured | undefined;
}

/** Of the commands that change a running service. */
export interface ApplyOptions extends SourceOptions {
  readonly trace?: readonly string[] | undefined;
  readonly format: string;
  readonly probe?: string | undefined;
  readonly probeFor?: string | undefined;
  readonly probeTimeout?: string | undefined;
  readonly level?: string | undefined;
  readonly target?: string | undefined;
  readonly only?: string | undefined;
  readonly except?: string | undefined;
  readonly maxRisk?: string | undefined;
}

export interface TryOptions extends ApplyOptions {
  readonly keep?: boolean | undefined;
  readonly bets?: boolean | undefined;
  /** `DIRECTIVE=VALUE`, to start with whatever the evidence says. */
  readonly with?: readonly string[] | undefined;
  readonly maxRestarts?: string | undefined;
}

export interface TraceOptions extends SourceOptions {
  readonly for?: string | undefined;
  readonly probe?: string | undefined;
  readonly restart: boolean;
  readonly output?: string | undefined;
  readonly level?: string | undefined;
}

export interface WatchOptions extends SourceOptions {
  readonly for?: string | undefined;
  readonly format: string;
}

export interface ExplainFailureOptions extends SourceOptions {
  readonly journal?: string | undefined;
  readonly audit?: string | undefined;
  readonly format: string;
}

export type Command =
  | { readonly name: "audit"; readonly options: AuditOptions }
  | { readonly name: "fix"; readonly options: FixOptions }
  | { readonly name: "gate"; readonly options: GateOptions }
  | { readonly name: "baseline"; readonly options: BaselineOptions }
  | { readonly name: "compare"; readonly options: CompareOptions }
  | { readonly name: "merge"; readonly options: MergeOptions }
  | { readonly name: "init"; readonly options: InitOptions }
  | { readonly name: "lsp"; readonly options: LspOptions }
  | { readonly name: "explain"; readonly options: ExplainOptions }
  | { readonly name: "try"; readonly options: TryOptions }
  | { readonly name: "apply"; readonly options: ApplyOptions }
  | { readonly name: "revert"; readonly options: SourceOptions }
  | { readonly name: "recover"; readonly options: SourceOptions }
  | { readonly name: "trace"; readonly options: TraceOptions }
  | { readonly name: "watch"; readonly options: WatchOptions }
  | { readonly name: "explain-failure"; readonly options: ExplainFailureOptions };
