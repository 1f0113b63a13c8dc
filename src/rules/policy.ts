// systemd's own policy file for `systemd-analyze security --security-policy=` comes in, weights and ranges per check
// go out. What systemd ignores without a word is ignored with a warning; what makes it abort is an error.
import type { Diagnostic, Position } from "./diagnostic.ts";
import { hintFor } from "./hint.ts";
import { type JsonSource, type JsonValue, parseJson, pointerOf, positionOf } from "./json-source.ts";
import type { Pack } from "./pack.ts";

export interface PolicyEntry {
  /** 0 leaves the check out. */
  readonly weight?: number;
  readonly range?: number;
  readonly good?: string;
  readonly bad?: string;
  readonly notApplicable?: string;
  /** Where it stands in the file. */
  readonly line: number;
}

export interface SecurityPolicy {
  readonly file: string;
  readonly checks: ReadonlyMap<string, PolicyEntry>;
}

/** A policy on which systemd would abort, found only while scoring. */
export class PolicyError extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.code);
    this.name = "PolicyError";
    this.diagnostic = diagnostic;
  }
}

const TEXTS = { description_good: "good", description_bad: "bad", description_na: "notApplicable" } as const;
const KEYS = ["weight", "range", ...Object.keys(TEXTS)];
type TextKey = keyof typeof TEXTS;

function isObject(value: JsonValue | undefined): value is { readonly [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isTextKey(key: string): key is TextKey {
  return Object.hasOwn(TEXTS, key);
}

/** systemd keeps weights and ranges as 64 bit numbers; beyond these our sums would no longer be exact. */
const MAX_NUMBER = 1_000_000_000;

/** A broken policy can be wrong in each of its keys; only the first ones are worth a search for what was meant. */
const MAX_HINTS = 50;

function readEntry(
  source: JsonSource,
  pointer: string,
  object: { readonly [key: string]: JsonValue },
  found: Diagnostic[],
): PolicyEntry {
  const numbers: { weight?: number; range?: number } = {};
  const texts: { good?: string; bad?: string; notApplicable?: string } = {};
  for (const [key, value] of Object.entries(object)) {
    const at = positionOf(source, pointerOf(pointer, key));
    const place = at === undefined ? {} : { position: at };
    if (key === "weight" || key === "range") {
      if (typeof value !== "number" || !Number.isInteger(value) || value < 0 || value > MAX_NUMBER) {
        found.push({
          code: "policy-not-a-number",
          severity: "warning",
          ...place,
          args: { key, value: JSON.stringify(value) },
        });
      } else if (key === "range" && value === 0) {
        found.push({ code: "policy-range-zero", severity: "error", ...place, args: { key } });
      } else numbers[key] = value;
    } else if (isTextKey(key)) {
      if (typeof value === "string") texts[TEXTS[key]] = value;
      else
        found.push({
          code: "policy-not-a-text",
          severity: "warning",
          ...place,
          args: { key, value: JSON.stringify(value) },
        });
    } else {
      found.push({
        code: "policy-unknown-key",
        severity: "warning",
        ...place,
        args: { key, ...hintFor(key, KEYS) },
      });
    }
  }
  return { ...numbers, ...texts, line: positionOf(source, pointer)?.line ?? 1 };
}

/**
 * Reads a policy.
 * @param pack the checks that it may speak about, by id
 * @returns the policy with warnings, or without it and at least one diagnostic of severity `error`. Later errors
 * depend on the unit; `assess` throws them as {@link PolicyError}.
 */
export function loadPolicy(
  text: string,
  file: string,
  pack: Pack,
): { readonly policy?: SecurityPolicy; readonly diagnostics: readonly Diagnostic[] } {
  const source = parseJson(text, file);
  if (!("value" in source)) return { diagnostics: [source] };
  const start: Position = { file, line: 1, column: 1 };
  if (!isObject(source.value)) {
    // 262 refuses it; older versions score as if there were no policy, which nobody who wrote one can want.
    return { diagnostics: [{ code: "policy-not-an-object", severity: "error", position: start }] };
  }
  const diagnostics = [...source.diagnostics];
  const ids = (pack.checks ?? []).map(check => check.id);
  const known = new Set(ids);
  const checks = new Map<string, PolicyEntry>();
  for (const [id, value] of Object.entries(source.value)) {
    const pointer = pointerOf("", id);
    const position = positionOf(source, pointer) ?? start;
    if (!known.has(id)) {
      diagnostics.push({
        code: "policy-unknown-check",
        severity: "warning",
        position,
        args: { check: id, ...(diagnostics.length < MAX_HINTS ? hintFor(id, ids) : {}) },
      });
    } else if (!isObject(value)) {
      diagnostics.push({
        code: "policy-check-not-an-object",
        severity: "warning",
        position,
        args: { check: id },
      });
    } else checks.set(id, readEntry(source, pointer, value, diagnostics));
  }
  if (diagnostics.some(diagnostic => diagnostic.severity === "error")) return { diagnostics };
  return { policy: { file, checks }, diagnostics };
}
