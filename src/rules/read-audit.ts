// An earlier audit comes in as JSON or NDJSON, held to rules/schema/audit.schema.json; its units go out.
import { validate } from "../../dist/validators/audit.js";
import type { Diagnostic } from "./diagnostic.ts";

/** A unit of an earlier audit, as far as it is compared. */
export interface AuditRecord {
  /** The machine, where the audit named it. */
  readonly host?: string;
  readonly name: string;
  readonly requested?: string;
  readonly path?: string | null;
  readonly status: "scored" | "refused" | "masked" | "not-found" | "error";
  readonly exposure: number | null;
  readonly level: string | null;
  readonly checks: readonly {
    readonly id: string;
    readonly badness: number | null;
    readonly range: number;
    readonly exposure: number | null;
    readonly origin?: { readonly file: string; readonly line: number };
  }[];
  readonly findings?: readonly {
    readonly code: string;
    readonly severity: Diagnostic["severity"];
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
  }[];
}

export type ReadAudit =
  | { readonly kind: "audit"; readonly units: readonly AuditRecord[] }
  | { readonly kind: "problem"; readonly diagnostic: Diagnostic };

/** What stands around the units of one document. */
export interface AuditDocument {
  readonly host?: string;
  readonly systemd: string;
  readonly units: readonly AuditRecord[];
}

export type Read<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "problem"; readonly problem: string };

/** One unit as `audit --format ndjson` writes it. */
export function readAuditUnit(value: unknown): Read<AuditRecord> {
  const read = readAuditDocument({ tool: "", systemd: "0", units: [value] });
  if (read.kind === "problem") return read;
  const [unit] = read.value.units;
  return unit === undefined
    ? { kind: "problem", problem: "there is no unit" }
    : { kind: "read", value: unit };
}

/** A whole document as `audit --format json` writes it. */
export function readAuditDocument(value: unknown): Read<AuditDocument> {
  if (!validate(value)) return { kind: "problem", problem: firstProblem() };
  // The validator has just said so; ajv's types cannot carry it over.
  return { kind: "read", value: value as AuditDocument };
}

function firstProblem(): string {
  const [error] = validate.errors ?? [];
  return `${error?.instancePath ?? ""} ${error?.message ?? "it does not follow the schema"}`.trim();
}

/** One document with `units`, or one unit a line. @param file what messages call it. */
export function readAudit(text: string, file: string): ReadAudit {
  const problem = (what: string): ReadAudit => ({
    kind: "problem",
    diagnostic: { code: "audit-not-json", severity: "error", args: { file, problem: what } },
  });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // Not one document, so perhaps one a line.
    document = undefined;
  }
  const isWhole = typeof document === "object" && document !== null && "units" in document;
  if (!isWhole) {
    const units: unknown[] = [];
    for (const [index, line] of text.split("\n").entries()) {
      if (line.trim() === "") continue;
      try {
        units.push(JSON.parse(line));
      } catch {
        return problem(`line ${index + 1} is no JSON.`);
      }
    }
    document = { tool: "", systemd: "0", units };
  }
  const read = readAuditDocument(document);
  return read.kind === "problem" ? problem(`${read.problem}.`) : { kind: "audit", units: read.value.units };
}
