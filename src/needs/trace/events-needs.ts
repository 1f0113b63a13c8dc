// Events of logs → needs. A log tells only what went wrong: it adds needs and claims nothing of others.

import { posix } from "node:path";
import type { Evidence, Need, Needs } from "../need.ts";
import type { TraceEvent } from "./events.ts";

/** Errors with which a path was there and could not be changed; EACCES and EPERM have many causes, but a sandbox is one. */
const REFUSED = new Set(["EROFS", "EACCES", "EPERM"]);

/**
 * The needs that events show.
 * @param unit only events of this unit, and those that name none
 */
export function eventsToNeeds(events: readonly TraceEvent[], unit?: string): Needs {
  const found = new Map<string, Need>();
  for (const event of events) {
    if (unit !== undefined && event.unit !== undefined && event.unit !== unit) continue;
    const by = event.kind === "denied-call" || event.kind === "access-denied" ? "audit" : "journal";
    const evidence: Evidence = { by, file: event.file, line: event.line, detail: event.detail };
    for (const { kind, subject } of needsOf(event)) {
      const key = `${kind}:${subject ?? ""}`;
      if (!found.has(key))
        found.set(key, {
          kind,
          ...(subject === undefined ? {} : { subject }),
          certainty: "observed",
          evidence,
        });
    }
  }
  return { present: [...found.values()], absent: [] };
}

interface Shown {
  readonly kind: string;
  readonly subject?: string;
}

function needsOf(event: TraceEvent): readonly Shown[] {
  switch (event.kind) {
    case "denied-call":
      return event.call === undefined ? [] : [{ kind: "syscall", subject: event.call }];
    case "path-error":
      return pathNeeds(event.path, event.error, event.access);
    case "errno":
      return errnoNeeds(event);
    case "access-denied":
      return event.capability === undefined ? [] : [{ kind: "cap", subject: event.capability }];
    case "setup":
      return event.step === "EXEC" && event.error === "EACCES" && event.path?.startsWith("/")
        ? [{ kind: "exec", subject: event.path }]
        : [];
    case "exit":
    case "result":
      return [];
  }
}

function pathNeeds(
  path: string,
  error: string,
  access: "read" | "write" | "exec" | undefined,
): readonly Shown[] {
  if (!path.startsWith("/") || path.startsWith("/proc/self/")) return [];
  const isDevice = path.startsWith("/dev/") && !/^\/dev\/(?:shm|mqueue|log$|null$|zero$|tty$)/.test(path);
  if (isDevice && (error === "EPERM" || error === "ENOENT" || error === "ENXIO"))
    return [{ kind: "device", subject: path }];
  if (error === "ENOENT")
    return /^\/(?:home|root|run\/user)\//.test(path) ? [{ kind: "read", subject: path }] : [];
  if (!REFUSED.has(error)) return [];
  if (path.startsWith("/proc/sys/") || (path.startsWith("/sys/") && !path.startsWith("/sys/fs/cgroup")))
    return error === "EROFS" || access === "write"
      ? [{ kind: "kernel-tunables" }, { kind: "write", subject: path }]
      : [];
  if (path.startsWith("/sys/fs/cgroup") && error === "EROFS") return [{ kind: "control-groups" }];
  // What could not be created or removed needs its folder.
  if (error === "EROFS" || access === "write") return [{ kind: "write", subject: posix.dirname(path) }];
  return [{ kind: access === "exec" ? "exec" : "read", subject: path }];
}

function errnoNeeds({ error, call, family, port }: Extract<TraceEvent, { kind: "errno" }>): readonly Shown[] {
  if (error === "EAFNOSUPPORT") return family === undefined ? [] : [{ kind: "family", subject: family }];
  if (
    port !== undefined &&
    (call === "bind" || call === "listen" || call === undefined) &&
    REFUSED.has(error)
  )
    return [{ kind: "bind", subject: port }];
  if (call === undefined || (error !== "EPERM" && error !== "ENOSYS")) return [];
  return call === "mmap" || call === "mprotect"
    ? [{ kind: "memory-wx" }]
    : [{ kind: "syscall", subject: call }];
}
