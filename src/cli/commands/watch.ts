// watch: the journal of a service at work with its drop-in → the directive behind each failure, as it happens.
import { eventsOfUnit } from "../../live/events-of-unit.ts";
import { type ExplainedFailure, failureExplainer, keyOf, mendingLines } from "../../live/explain-failure.ts";
import { followJournal } from "../../live/follow-journal.ts";
import { parseJournal } from "../../needs/trace/journal.ts";
import { visible } from "../../report/escape-terminal.ts";
import { failureText, mendingText } from "../../report/failure-text.ts";
import { EXIT, Failure } from "../failure.ts";
import { openFailureSession } from "../failure-session.ts";
import { interruption } from "../interruption.ts";
import type { WatchOptions } from "../options.ts";
import { parseDuration } from "../parse-duration.ts";
import type { Terminal } from "../terminal.ts";
import { unitName } from "../unit-name.ts";

/** Failures that are told apart; a service that fails in ever new ways is not followed for ever. */
const MOST = 10_000;

/** @returns 0 where nothing was denied, 1 where something was, 2 where the journal cannot be read, 3 where there is no such unit. */
export async function watch(options: WatchOptions, terminal: Terminal): Promise<number> {
  // What happens while the unit is read counts as well.
  const since = Math.floor(Date.now() / 1000);
  const watchMs = options.for === undefined ? undefined : parseDuration(options.for, "--for");
  const named = { ...options, units: options.units.map(unitName), root: undefined, user: undefined };
  const opened = await openFailureSession(named, terminal);
  if (opened === undefined) return EXIT.nothing;
  const { unit, session } = opened;
  const explain = failureExplainer(opened.explain);
  const isOwn = eventsOfUnit(unit, opened.programs);
  const seen = new Map<string, ExplainedFailure>();
  const { signal, release } = interruption();
  const timer = new AbortController();
  const timeout = watchMs === undefined ? undefined : setTimeout(() => timer.abort(), watchMs);
  let writing = Promise.resolve();
  terminal.warn(`tightunit: watching ${visible(unit)}; use the service now`);
  try {
    const reason = await followJournal({
      unit,
      since,
      signal: AbortSignal.any([signal, timer.signal]),
      onLine(line) {
        for (const event of parseJournal([line], "").events) {
          const key = keyOf(event);
          if (!isOwn(event) || seen.has(key) || seen.size >= MOST) continue;
          const failure = { event, causes: explain(event), count: 1 };
          seen.set(key, failure);
          if (failure.causes.length === 0) continue;
          const text =
            options.format === "json"
              ? `${JSON.stringify(failure)}\n`
              : failureText(failure, { columns: terminal.columns, paint: session.paint });
          writing = writing.then(() => terminal.write(text));
        }
      },
    });
    await writing;
    if (reason !== undefined) throw new Failure(`the journal cannot be followed: ${reason}`);
  } finally {
    clearTimeout(timeout);
    release();
  }
  const failures = [...seen.values()].filter(({ causes }) => causes.length > 0);
  const lines = mendingLines(failures);
  if (options.format !== "json" && lines.length > 0)
    await terminal.write(`\nTo give all of that back:\n\n${mendingText(lines)}`);
  return failures.length > 0 ? EXIT.findings : EXIT.fine;
}
