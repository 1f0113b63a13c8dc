// Places that mean more, or less, than their own name: /dev, /proc, /sys, /tmp. Which ones is rule data.

import { matchesPattern } from "../../host/glob.ts";
import type { TraceAccess, TracePlace } from "../../rules/trace-calls.ts";
import type { ProcessTable } from "./processes.ts";

/** `/proc/12/stat` → `/proc/{own}/stat` or `/proc/{other}/stat`: the number itself means nothing. */
export function withoutNumbers(path: string, processes: ProcessTable): string {
  const match = /^\/proc\/(self|thread-self|\d+)(?=\/|$)/.exec(path);
  if (match === null) return path;
  const isOwn = match[1]?.endsWith("self") === true || processes.named(Number(match[1])) !== undefined;
  return `/proc/{${isOwn ? "own" : "other"}}${path.slice(match[0].length)}`;
}

/** The first place that fits. @param isMade whether the traced processes made what lies there */
export function placeOf(
  path: string,
  access: TraceAccess,
  places: readonly TracePlace[],
  isMade: () => boolean,
): TracePlace | undefined {
  const wanted = access === "remove" ? "entry" : access;
  return places.find(
    place =>
      (place.on === undefined || place.on.includes(wanted)) &&
      place.paths.some(pattern => fits(path, pattern)) &&
      !(place.foreign === true && isMade()),
  );
}

function fits(path: string, pattern: string): boolean {
  if (pattern.endsWith("/**") && !pattern.slice(0, -3).includes("*"))
    return path.startsWith(pattern.slice(0, -2));
  if (!pattern.includes("*")) return path === pattern;
  const [names, parts] = [path.split("/"), pattern.split("/")];
  return names.length === parts.length && parts.every((part, at) => matchesPattern(part, names[at] ?? ""));
}
