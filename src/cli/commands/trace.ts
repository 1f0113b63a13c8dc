// trace: a service at work under strace, attached from outside → what it needs, and the trace for `fix --trace`.

import { resolve } from "node:path";
import { hardenUnit } from "../../harden/harden-unit.ts";
import type { ProposeOptions } from "../../harden/proposal.ts";
import { withoutManagedBlock } from "../../harden/without-managed-block.ts";
import { dropInName } from "../../host/drop-in-file.ts";
import { traceReader } from "../../live/read-trace.ts";
import { systemctl } from "../../live/systemctl.ts";
import { openTraceFile } from "../../live/trace-file.ts";
import { type TraceResult, type TraceStep, traceUnit } from "../../live/trace-unit.ts";
import type { TraceResult as TracedNeeds } from "../../needs/trace/trace-needs.ts";
import { visible } from "../../report/escape-terminal.ts";
import { speaker } from "../../report/messages.ts";
import { needsText } from "../../report/needs-text.ts";
import { proposalText } from "../../report/proposal-text.ts";
import { loadMessages } from "../../rules/messages.ts";
import { assess } from "../../score/assess.ts";
import { resolveSettings } from "../../settings/resolve-settings.ts";
import { workingFolder } from "../../settings/run-identity.ts";
import { heldCapabilities } from "../../settings/runs-as-root.ts";
import { EXIT, Failure } from "../failure.ts";
import { type FailureSession, openFailureSession } from "../failure-session.ts";
import { interruption } from "../interruption.ts";
import type { TraceOptions } from "../options.ts";
import { parseDuration } from "../parse-duration.ts";
import { proposeOptions } from "../propose-options.ts";
import type { Terminal } from "../terminal.ts";
import { unitName } from "../unit-name.ts";

const WATCH = "60s";
/** Under the tracer everything takes longer. */
const JOB_MS = 120_000;

/** @returns 0; 1 where the unit does not start under the tracer or the probe fails, 2 where it cannot be traced. */
export async function trace(options: TraceOptions, terminal: Terminal): Promise<number> {
  const unit = unitName(options.units[0] ?? "");
  const wanted = options.level === undefined ? undefined : proposeOptions({ ...options, format: "dropin" });
  const watchMs = parseDuration(options.for ?? (options.probe === undefined ? WATCH : "0s"), "--for");
  const opened = await openFailureSession(
    { ...options, units: [unit], root: undefined, user: undefined },
    terminal,
  );
  if (opened === undefined) return EXIT.nothing;
  const { settings } = opened.explain;
  const needs = traceReader({
    isRoot: heldCapabilities(settings) === undefined,
    workingFolder: workingFolder(settings),
    ...(opened.tree === undefined ? {} : { tree: opened.tree }),
  });
  const file = options.output === undefined ? undefined : resolve(terminal.cwd, options.output);
  const writer = file === undefined ? undefined : openTraceFile(file);
  let broken: unknown;
  const { signal, release } = interruption();
  try {
    const result = await traceUnit({
      unit,
      systemd: systemctl({ jobMs: JOB_MS }),
      isRestarted: options.restart,
      ...(options.probe === undefined ? {} : { probe: options.probe }),
      watchMs,
      onLines: lines => {
        needs.take(lines);
        // Thrown here, in the middle of a stream, it would be nobody's: the tracer lets go first.
        try {
          if (broken === undefined) writer?.write(lines);
        } catch (error) {
          broken = error;
        }
      },
      onStep: step => terminal.progress(stepText(step, unit)),
      signal,
    });
    terminal.progress("");
    if (broken !== undefined) throw broken;
    if (result.kind === "refused")
      throw new Failure(speaker(loadMessages())({ code: result.code, severity: "error", args: result.args }));
    for (const problem of problemsOf(result, unit)) terminal.warn(`tightunit: ${visible(problem)}`);
    const seen = needs.finish();
    await terminal.write(
      `${visible(unit)}: ${seen.calls} calls of ${result.counts.processes} programs show these needs\n\n${needsText(seen.present, terminal)}`,
    );
    if (file !== undefined)
      await terminal.write(
        `\nThe trace is in ${visible(file)}; to harden by it: tightunit fix ${visible(unit)} --trace ${visible(file)}\n`,
      );
    if (wanted !== undefined) await terminal.write(`\n${proposed(opened, wanted, seen, terminal)}`);
    const isFine =
      result.startFailure === undefined && (result.probe === undefined || result.probe.code === 0);
    return isFine ? EXIT.fine : EXIT.findings;
  } finally {
    release();
    writer?.close();
  }
}

/** What `fix` would propose with the trace. */
function proposed(
  { loaded, tree, session }: FailureSession,
  wanted: ProposeOptions,
  traced: TracedNeeds,
  { columns }: Terminal,
): string {
  const { target, facts, pack, policy } = session.context;
  const proposal = hardenUnit({
    unit: withoutManagedBlock(loaded, dropInName),
    facts,
    resolve: each => resolveSettings(each, target, facts),
    assess: each => assess(each, pack, facts, policy),
    options: wanted,
    traced,
    ...(tree === undefined ? {} : { tree }),
  });
  return `${proposalText(proposal, { columns, paint: session.paint })}${proposal.dropIn}`;
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
