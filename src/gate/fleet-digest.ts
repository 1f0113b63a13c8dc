// A unit of one host's audit comes in; what a fleet's report needs to know of it goes out, small, and the same object
// for hosts that agree: ten thousand of them hold little more than one.
import { hash } from "node:crypto";
import type { AuditRecord } from "../rules/read-audit.ts";
import type { AuditStatus } from "../score/audited-unit.ts";

/** The results of a unit's checks; two units with the same ones are alike, wherever their lines stand. */
export interface UnitResults {
  /** The same for the same results of a unit, and for no others. */
  readonly key: string;
  readonly status: AuditStatus;
  /** Tenths; `null` without a score. */
  readonly exposure: number | null;
  readonly level: string | null;
  readonly checks: readonly string[];
  /** One for each check; -1 where it does not apply. */
  readonly badness: Int16Array;
  /** What each check adds to the exposure, in tenths; -1 where it does not apply. */
  readonly adds: Int16Array;
  /** `FILE:LINE` of the line that decided a check, by the check's position. */
  readonly lines: ReadonlyMap<number, string>;
}

export interface UnitDigest {
  readonly unit: string;
  readonly results: UnitResults;
  /** How many errors and warnings were noticed besides. */
  readonly errors: number;
  readonly warnings: number;
}

/** Makes digests, and the same object of what was there before. */
export type Digester = (record: AuditRecord) => UnitDigest;

/** Different digests that are kept to be recognised; more than any fleet was seen to have. */
const MAX_KNOWN = 100_000;

export function digester(): Digester {
  const names = new Map<string, readonly string[]>();
  const results = new Map<string, UnitResults>();
  const digests = new Map<string, UnitDigest>();
  return record => {
    const unit = unitName(record);
    const ids = record.checks.map(each => each.id);
    const badness = record.checks.map(each => each.badness);
    const resultsKey = keyOf([unit, record.status, record.exposure, ids, badness]);
    const findings = record.findings ?? [];
    const errors = findings.filter(each => each.severity === "error").length;
    const warnings = findings.filter(each => each.severity === "warning").length;
    const key = `${resultsKey} ${errors} ${warnings}`;
    const known = digests.get(key);
    if (known !== undefined) return known;
    for (const map of [names, results, digests]) if (map.size >= MAX_KNOWN) map.clear();
    const checks = remembered(names, keyOf(ids), () => ids);
    // Lines are those of the first unit of the name with these results.
    const own = remembered(results, resultsKey, () => resultsOf(resultsKey, record, checks));
    const digest = { unit, results: own, errors, warnings };
    digests.set(key, digest);
    return digest;
  };
}

function resultsOf(key: string, record: AuditRecord, checks: readonly string[]): UnitResults {
  const lines = new Map<number, string>();
  for (const [index, { origin }] of record.checks.entries())
    if (origin !== undefined) lines.set(index, `${origin.file}:${origin.line}`);
  const { status, exposure, level } = record;
  const badness = Int16Array.from(record.checks, each =>
    each.badness === null ? -1 : Math.min(each.badness, 32767),
  );
  const adds = Int16Array.from(record.checks, each => each.exposure ?? -1);
  return { key, status, exposure, level, checks, badness, adds, lines };
}

function keyOf(value: unknown): string {
  return hash("sha256", JSON.stringify(value), "base64");
}

function remembered<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const made = make();
  known.set(key, made);
  return made;
}

/** A template is scored with an instance of ours, and is known by its own name. */
function unitName({ name, requested }: AuditRecord): string {
  return requested !== undefined && /@\.[a-z]+$/.test(requested) ? requested : name;
}
