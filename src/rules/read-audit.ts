// An earlier audit comes in as JSON or NDJSON, held to rules/schema/audit.schema.json; its units go out.
import { audit as validate } from "../../dist/validators.js";
import type { Diagnostic } from "./diagnostic.ts";

/** A unit of an earlier audit, as far as it is compared. */
export interface AuditRecord {
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
  if (!validate(document)) {
    const [error] = validate.errors ?? [];
    return problem(
      `${error?.instancePath ?? ""} ${error?.message ?? "it does not follow the schema"}.`.trim(),
    );
  }
  // The validator has just said so; ajv's types cannot carry it over.
  return { kind: "audit", units: (document as { readonly units: readonly AuditRecord[] }).units };
}
