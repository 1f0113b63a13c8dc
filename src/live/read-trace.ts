// The lines of a trace → the needs that it shows, while it is written.
import { straceParser } from "../needs/trace/strace.ts";
import { type TraceContext, type TraceResult, traceCollector } from "../needs/trace/trace-needs.ts";

export interface TraceReader {
  readonly take: (lines: readonly string[]) => void;
  readonly finish: () => TraceResult;
}

/** Memory is bounded, however long the trace. */
export function traceReader(context: TraceContext): TraceReader {
  const collector = traceCollector(context);
  const parser = straceParser();
  return {
    take: lines => {
      for (const line of lines) for (const record of parser.push(line)) collector.add(record, "trace");
    },
    finish: () => {
      for (const record of parser.finish()) collector.add(record, "trace");
      return collector.finish();
    },
  };
}
