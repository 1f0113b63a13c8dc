import { readLeader, readStraceLine } from "./strace-line.ts";

export type LogKind = "strace" | "audit" | "journal";

/** Lines enough to tell one kind from another. */
export const RECOGNISED_BY = 200;

/** What a file is, by its first lines; `undefined` where most of them are nothing that is known. */
export function recogniseLog(lines: readonly string[]): LogKind | undefined {
  const counts: Record<LogKind, number> = { strace: 0, audit: 0, journal: 0 };
  let others = 0;
  for (const line of lines.slice(0, RECOGNISED_BY)) {
    if (line.trim() === "") continue;
    const kind = kindOfLine(line);
    if (kind === undefined) others++;
    else counts[kind]++;
  }
  const [best, second] = (["strace", "audit", "journal"] as const).toSorted((a, b) => counts[b] - counts[a]);
  if (best === undefined || second === undefined || counts[best] === 0) return undefined;
  return counts[best] * 4 >= others ? best : undefined;
}

function kindOfLine(line: string): LogKind | undefined {
  if (/^(?:node=\S+ )?type=[A-Z_0-9]+ |^(?:time->|----$)/.test(line)) return "audit";
  if (
    /^\x1e?\{.*"(?:MESSAGE|__CURSOR|__REALTIME_TIMESTAMP)"/.test(line) ||
    /^(?:__|_|[A-Z]+_)?[A-Z_]+=/.test(line)
  )
    return "journal";
  const leader = readLeader(line);
  switch (readStraceLine(line, leader.end).kind) {
    case "call":
    case "unfinished":
    case "resumed":
    case "signal":
    case "exit":
      return "strace";
    case "note":
    case "foreign-mode":
      return "strace";
    default:
      break;
  }
  return /^(?:[A-Z][a-z]{2} +\d|\d{4}-\d\d-\d\d|\d{9,}\.\d+ |\[ *\d+\.\d+\] |-- )/.test(line)
    ? "journal"
    : undefined;
}
