// Logs are about many services: which events are this unit's? Kernel and audit records name a process, no unit.

import { posix } from "node:path";
import type { TraceEvent } from "../needs/trace/events.ts";

/** The kernel keeps this many characters of a process's name. */
const COMM = 15;

/**
 * Tells of events, in the order in which they come, whether they are the unit's: the log says so, or the process is one that the log
 * has named before as the unit's, or its program is one of the unit's.
 * @param programs paths of the programs that the unit executes
 */
export function eventsOfUnit(unit: string, programs: readonly string[]): (event: TraceEvent) => boolean {
  const pids = new Set<number>();
  const names = new Set(programs.map(path => posix.basename(path).slice(0, COMM)));
  const paths = new Set(programs);
  return event => {
    if (event.unit !== undefined) {
      if (event.unit !== unit) return false;
      if (event.pid !== undefined && event.pid !== 1) pids.add(event.pid);
      return true;
    }
    // A text export names no units; whoever made it chose the unit's lines.
    if (event.kind !== "denied-call" && event.kind !== "access-denied" && event.exe === undefined)
      return true;
    return (
      (event.pid !== undefined && pids.has(event.pid)) ||
      (event.exe !== undefined && paths.has(event.exe)) ||
      (event.comm !== undefined && names.has(event.comm))
    );
  };
}
