import type { Diagnostic } from "./tree.ts";

/** More than this of one unit nobody reads, and a hostile file can have one for each of its words. */
export const diagnosticLimit = 100;

const restCode = "more-diagnostics";

/**
 * The first of a unit's diagnostics and every error, and as the last one a note that counts those left out. Lists that
 * were shortened before may be part of the list: their counts go into the new one.
 */
export function limitDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  let room = diagnosticLimit;
  let left = 0;
  const kept = diagnostics.filter(({ code, severity, args }) => {
    if (code === restCode) left += Number(args?.count ?? 0);
    else if (severity === "error" || room-- > 0) return true;
    else left++;
    return false;
  });
  return left === 0 ? diagnostics : [...kept, moreDiagnostics(left)];
}

/** Stands for `count` diagnostics that are not there. */
export function moreDiagnostics(count: number): Diagnostic {
  return { code: restCode, severity: "note", args: { count: String(count) } };
}
