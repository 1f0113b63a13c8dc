// explain-failure: exports of a journal and an audit log, of any machine → the directive behind each failure.
import { resolve } from "node:path";
import { readLines } from "../../host/read-lines.ts";
import { eventsOfUnit } from "../../live/events-of-unit.ts";
import { type ExplainedFailure, explainFailures, mendingLines } from "../../live/explain-failure.ts";
import { auditParser, type LogParser } from "../../needs/trace/audit.ts";
import type { TraceEvent } from "../../needs/trace/events.ts";
import { journalParser } from "../../needs/trace/journal.ts";
import { visible } from "../../report/escape-terminal.ts";
import { failureText, mendingText } from "../../report/failure-text.ts";
import { EXIT, Failure } from "../failure.ts";
import { openFailureSession } from "../failure-session.ts";
import type { ExplainFailureOptions } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** @returns 0 where nothing was denied, 1 where something was, 2 where a log or the unit cannot be read, 3 where there is no such unit. */
export async function explainFailure(options: ExplainFailureOptions, terminal: Terminal): Promise<number> {
  const { journal, audit } = options;
  if (journal === undefined && audit === undefined)
    throw new Failure("Say what to read: --journal FILE, --audit FILE, or - for standard input");
  if (journal === "-" && audit === "-") throw new Failure("Standard input is one log: --journal or --audit");
  const opened = await openFailureSession(options, terminal);
  if (opened === undefined) return EXIT.nothing;
  const events = [
    ...(journal === undefined ? [] : await read(journal, journalParser(journal), terminal)),
    ...(audit === undefined ? [] : await read(audit, auditParser(audit), terminal)),
  ];
  const failures = explainFailures(events.filter(eventsOfUnit(opened.unit, opened.programs)), opened.explain);
  const explained = failures.filter(({ causes }) => causes.length > 0);
  const lines = mendingLines(explained);
  await terminal.write(
    options.format === "json"
      ? `${JSON.stringify({ unit: opened.unit, failures, lines }, undefined, 2)}\n`
      : textOf(opened.unit, failures, lines, { columns: terminal.columns, paint: opened.session.paint }),
  );
  return explained.length > 0 ? EXIT.findings : EXIT.fine;
}

/** Events that are told although nothing explains them: those that say what was refused. */
const TOLD: readonly TraceEvent["kind"][] = ["denied-call", "path-error", "errno", "setup", "access-denied"];

function textOf(
  unit: string,
  failures: readonly ExplainedFailure[],
  lines: readonly string[],
  options: Parameters<typeof failureText>[1],
): string {
  const told = failures.filter(({ event, causes }) => causes.length > 0 || TOLD.includes(event.kind));
  if (told.length === 0) return `${visible(unit)}: nothing in there tells of a denial\n`;
  const mending = lines.length === 0 ? "" : `\nTo give all of that back:\n\n${mendingText(lines)}`;
  return `${told.map(failure => failureText(failure, options)).join("\n")}${mending}`;
}

async function read(path: string, parser: LogParser, terminal: Terminal): Promise<readonly TraceEvent[]> {
  if (path === "-") {
    const text = new TextDecoder().decode(await terminal.readInput());
    for (const line of text.split("\n")) parser.push(line);
  } else {
    for await (const lines of readLines(resolve(terminal.cwd, path)))
      for (const line of lines) parser.push(line);
  }
  const { events, notUnderstood, lines, isCut } = parser.finish();
  if (notUnderstood > 0)
    terminal.warn(`tightunit: ${visible(path)}: ${notUnderstood} of ${lines} lines were not understood`);
  if (isCut) terminal.warn(`tightunit: ${visible(path)}: there is more than could be looked at`);
  return events;
}
