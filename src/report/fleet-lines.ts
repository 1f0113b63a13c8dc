// What the reports of many hosts for people say in the same words, whatever they are written in.
import type { DriftedCheck, FleetDrift, UnitStand } from "../gate/fleet-report.ts";
import { counted } from "./gate-result-text.ts";
import { tenths } from "./paint.ts";

/** Checks that the same lines decide: `CapabilityBoundingSet=` alone decides a third of them. */
export interface CheckGroup extends Pick<DriftedCheck, "line" | "mostLine"> {
  readonly direction: "worse" | "better";
  readonly ids: readonly string[];
}

/** Worse ones first. */
export function groupChecks(checks: readonly DriftedCheck[]): readonly CheckGroup[] {
  const groups = new Map<string, CheckGroup>();
  for (const { id, most, here, line, mostLine } of checks) {
    const direction = (here ?? 0) > (most ?? 0) ? "worse" : "better";
    // Without a line there is nothing that the checks have in common.
    const place = line === undefined && mostLine === undefined ? id : `${line}\0${mostLine}`;
    const key = `${direction}\0${place}`;
    const ids = [...(groups.get(key)?.ids ?? []), id];
    groups.set(key, { direction, ids, ...(line && { line }), ...(mostLine && { mostLine }) });
  }
  const all = [...groups.values()];
  return [
    ...all.filter(each => each.direction === "worse"),
    ...all.filter(each => each.direction === "better"),
  ];
}

/** More names than these are counted. */
export function someOf(names: readonly string[], shown: number, say: (name: string) => string): string {
  const rest = names.length - shown;
  return `${names.slice(0, shown).map(say).join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}

export function standText(stand: UnitStand | null): string {
  if (stand === null) return "no such unit";
  return stand.exposure === null ? stand.status : tenths(stand.exposure);
}

/** "3.4 on 8 of 10 hosts", where it stands otherwise than here. */
export function elsewhere({ most, mostHosts }: FleetDrift, size: number): string {
  return `${standText(most)} on ${mostHosts} of ${counted(size, "host")}`;
}

/** "4.1", "missing". */
export function hereText({ kind, here }: FleetDrift): string {
  return kind === "missing" ? "missing" : standText(here);
}
