// Files that the user gives as evidence → needs: traces, audit logs, exports of the journal, told apart by what is in them.
import { resolve } from "node:path";
import { filesOfTrace, numberOf, readLines } from "../host/read-lines.ts";
import type { Needs } from "../needs/need.ts";
import { auditParser, type LogParser } from "../needs/trace/audit.ts";
import { eventsToNeeds } from "../needs/trace/events-needs.ts";
import { journalParser } from "../needs/trace/journal.ts";
import { type LogKind, RECOGNISED_BY, recogniseLog } from "../needs/trace/recognise.ts";
import { straceParser } from "../needs/trace/strace.ts";
import { type TraceCollector, type TraceContext, traceCollector } from "../needs/trace/trace-needs.ts";
import { visible } from "../report/escape-terminal.ts";
import { Failure } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

/**
 * What the files show about one unit.
 * @param paths files, and folders with one file for each process; files that differ in a number at the end are one trace
 * @param unit whose events count in logs that are about many
 * @throws {Failure} on a file that is none of these
 * @throws {SourceError} on one that cannot be read
 */
export async function readTraces(
  paths: readonly string[],
  unit: string,
  context: TraceContext,
  terminal: Terminal,
): Promise<Needs> {
  const collectors = new Map<string, TraceCollector>();
  const found: Needs[] = [];
  for (const path of paths) {
    const full = resolve(terminal.cwd, path);
    const files = filesOfTrace(full);
    if (files.length === 0) throw new Failure(`${visible(path)} holds no files`);
    for (const file of files) {
      const shown = file === full ? path : file;
      const trace = file.replace(/\.\d{1,10}(?:\.gz)?$/, "");
      const collector = collectors.get(trace) ?? traceCollector(context);
      collectors.set(trace, collector);
      const needs = await readOne(file, shown, unit, collector, terminal);
      if (needs !== undefined) found.push(needs);
    }
  }
  found.push(...[...collectors.values()].map(collector => collector.finish()));
  return { present: found.flatMap(({ present }) => present), absent: found.flatMap(({ absent }) => absent) };
}

/** @returns the needs of a log; a trace's go into its collector. */
async function readOne(
  file: string,
  shown: string,
  unit: string,
  collector: TraceCollector,
  terminal: Terminal,
): Promise<Needs | undefined> {
  const strace = straceParser(numberOf(file));
  let log: LogParser | undefined;
  let kind: LogKind | undefined;
  let first: string[] = [];
  let count = 0;

  const take = (lines: readonly string[]): void => {
    for (const line of lines) {
      if (log !== undefined) log.push(line);
      else for (const record of strace.push(line)) collector.add(record, shown);
    }
    count += lines.length;
    if (count % 100_000 < lines.length) terminal.progress(`${visible(shown)}: ${count} lines`);
  };
  const begin = (): void => {
    kind = recogniseLog(first);
    if (kind === undefined && first.some(line => line.trim() !== ""))
      throw new Failure(`${visible(shown)} is no trace of strace's, no audit log and no journal`);
    if (kind === "audit") log = auditParser(shown);
    if (kind === "journal") log = journalParser(shown);
    take(first);
    first = [];
  };

  for await (const lines of readLines(file)) {
    if (kind !== undefined) take(lines);
    else {
      first.push(...lines);
      if (first.length >= RECOGNISED_BY) begin();
    }
  }
  if (kind === undefined) begin();
  for (const record of strace.finish()) collector.add(record, shown);
  terminal.progress("");
  const parsed = log?.finish();
  const { notUnderstood, lines } = parsed ?? strace.counts();
  if (notUnderstood > 0)
    terminal.warn(`tightunit: ${visible(shown)}: ${notUnderstood} of ${lines} lines were not understood`);
  return parsed === undefined ? undefined : eventsToNeeds(parsed.events, unit);
}
