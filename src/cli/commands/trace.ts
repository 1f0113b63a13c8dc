// trace: a service at work under strace, attached from outside → what it needs, and the trace for `fix --trace`.
import { resolve } from "node:path";
import { systemctl } from "../../live/systemctl.ts";
import { openTraceFile } from "../../live/trace-file.ts";
import { type TraceResult, type TraceStep, traceUnit } from "../../live/trace-unit.ts";
import { visible } from "../../report/escape-terminal.ts";
import { speaker } from "../../report/messages.ts";
import { loadMessages } from "../../rules/messages.ts";
import { EXIT, Failure } from "../failure.ts";
import { interruption } from "../interruption.ts";
import type { TraceOptions } from "../options.ts";
import { parseDuration } from "../parse-duration.ts";
import type { Terminal } from "../terminal.ts";
import { unitName } from "../unit-name.ts";

const WATCH = "60s";
/** Under the tracer everything takes longer. */
const JOB_MS = 120_000;

/** @returns 0; 1 where the unit does not start under the tracer or the probe fails, 2 where it cannot be traced. */
export async function trace(options: TraceOptions, terminal: Terminal): Promise<number> {
  const unit = unitName(options.units[0] ?? "");
  const watchMs = parseDuration(options.for ?? (options.probe === undefined ? WATCH : "0s"), "--for");
  const file = options.output === undefined ? undefined : resolve(terminal.cwd, options.output);
  const writer = file === undefined ? undefined : openTraceFile(file);
  const { signal, release } = interruption();
  try {
    const result = await traceUnit({
      unit,
      systemd: systemctl({ jobMs: JOB_MS }),
      isRestarted: options.restart,
      ...(options.probe === undefined ? {} : { probe: options.probe }),
      watchMs,
      onLines: lines => writer?.write(lines),
      onStep: step => terminal.progress(stepText(step, unit)),
      signal,
    });
    terminal.progress("");
    if (result.kind === "refused")
      throw new Failure(speaker(loadMessages())({ code: result.code, severity: "error", args: result.args }));
    for (const problem of problemsOf(result, unit)) terminal.warn(`tightunit: ${visible(problem)}`);
    await terminal.write(
      `${visible(unit)}: ${result.counts.kept} lines of ${result.counts.processes} programs\n`,
    );
    const isFine =
      result.startFailure === undefined && (result.probe === undefined || result.probe.code === 0);
    return isFine ? EXIT.fine : EXIT.findings;
  } finally {
    release();
    writer?.close();
  }
}

function problemsOf(result: TraceResult, unit: string): readonly string[] {
  const { startFailure, probe, lost, before, after } = result;
  return [
    ...(startFailure === undefined ? [] : [`${unit} did not start under the tracer: ${startFailure}`]),
    ...(probe === undefined || probe.code === 0
      ? []
      : [`the probe failed (${probe.code ?? "ended early"}): ${probe.output.trim().slice(-500)}`]),
    ...(lost === undefined ? [] : [`strace ended before its time: ${lost}`]),
    ...(before === after ? [] : [`${unit} was ${before} before and is ${after} now`]),
  ];
}

function stepText(step: TraceStep, unit: string): string {
  switch (step.kind) {
    case "attached":
      return `attached to the manager and ${step.processes} processes of ${unit}`;
    case "restarting":
      return `restarting ${unit}`;
    case "probing":
      return "running the probe";
    case "watching":
      return `watching ${unit}`;
    case "stopping":
      return `stopping ${unit}, which did not run before`;
    case "detached":
      return "detached";
    default: {
      const never: never = step;
      return never;
    }
  }
}
