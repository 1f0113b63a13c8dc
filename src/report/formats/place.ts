import type { JudgedFinding } from "../../gate/finding.ts";
import { visible } from "../escape-terminal.ts";
import type { ReportFile, ReportSource } from "./format.ts";

export interface Place extends ReportFile {
  readonly line: number;
  /** In characters, from 1. */
  readonly column: number;
}

/** Where a finding stands; about a unit without a file, the file that it would have. */
export function placeOfFinding(finding: JudgedFinding, { fileOf, result }: ReportSource): Place {
  const { position, unit } = finding;
  if (position !== undefined)
    return { ...fileOf(position.file), line: position.line, column: position.column };
  const path = pathsOf(result).get(unit);
  return { ...(path === undefined ? { base: "source", path: unit } : fileOf(path)), line: 1, column: 1 };
}

/** Slashes between parts, no part empty or a dot, and every character visible. */
export function shownFile({ path }: ReportFile): string {
  const parts = path.split("/").filter(part => part !== "" && part !== ".");
  return visible(parts.join("/")) || "unknown";
}

const paths = new WeakMap<object, ReadonlyMap<string, string>>();

function pathsOf(result: ReportSource["result"]): ReadonlyMap<string, string> {
  const known = paths.get(result);
  if (known !== undefined) return known;
  const made = new Map(
    result.units.flatMap(({ name, path }) => (path === null ? [] : [[name, path] as const])),
  );
  paths.set(result, made);
  return made;
}
