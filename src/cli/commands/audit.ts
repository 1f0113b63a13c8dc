// audit: units → figures, as one report on the output and as many more in files. What can be written at once is, one unit at
// a time; a person's overview is sorted, so it waits.
import type { AuditTarget } from "../../host/audit-target.ts";
import type { AuditSource, AuditWriter } from "../../report/formats/audit-format.ts";
import { auditFormats, forFile } from "../../report/formats/audit-formats.ts";
import { auditUnit } from "../../score/audit-unit.ts";
import type { AuditedUnit } from "../../score/audited-unit.ts";
import { dayOf } from "../day-of.ts";
import { eachUnit, type UnitWork } from "../each-unit.ts";
import { exitOf } from "../exit-of.ts";
import { Failure } from "../failure.ts";
import type { AuditOptions } from "../options.ts";
import { reportRequest } from "../report-request.ts";
import { openSession, type Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";

/** @returns 0; 2 where a unit that was named is not there; 3 where there is none at all. */
export async function audit(options: AuditOptions, terminal: Terminal): Promise<number> {
  const { host } = options;
  if (host !== undefined && !/^.{1,255}$/su.test(host))
    throw new Failure("--host: a name has 1 to 255 characters");
  const { output, files } = reportRequest(options, auditFormats, terminal.cwd);
  // What writes files, proposes and compares is loaded where it is asked for: most runs need none of it.
  const reports = files.length === 0 ? undefined : await import("../write-reports.ts");
  reports?.checkPrinter(files, terminal);
  const isPage = [output, ...files.map(each => each.format)].some(each => each.name === "html");
  if (options.since !== undefined && !isPage)
    throw new Failure("--since is for the html and pdf reports; compare OLD NEW says it at a terminal");
  const session = await openSession(options, terminal);
  const page = isPage ? await pageSource(options, session, terminal) : undefined;
  const source = sourceOf(session, host, terminal, page);
  const onOutput = sink(output.start(source), terminal.write);
  const inFiles = files.map(file => {
    const chunks: Uint8Array[] = [];
    const keep = async (text: string): Promise<void> => {
      chunks.push(new TextEncoder().encode(text));
    };
    return { file, chunks, sink: sink(file.format.start(forFile(source)), keep) };
  });
  const sinks = [onOutput, ...inFiles.map(each => each.sink)];
  if (output.isByUnit === true && files.length === 0) {
    const spread = { task: { command: "audit", options }, from: MANY, at: 8 } as const;
    for await (const text of eachUnit(session, lineWork(options, session, terminal), terminal, spread)) {
      const writing = onOutput.text(text);
      if (writing !== undefined) await writing;
    }
    await onOutput.close();
    return exitOf(session.outcome(), terminal);
  }
  for (const { unit, target } of session.units()) {
    const tree = target.evidence === "system" ? target.source.tree : undefined;
    const audited = auditUnit(unit, session.context, tree);
    page?.add(audited, target);
    for (const each of sinks) {
      // Most units end no chunk: waiting for nothing would cost more than the audit.
      const writing = each.unit(audited);
      if (writing !== undefined) await writing;
    }
  }
  for (const each of sinks) await each.close();
  for (const { file, chunks } of inFiles) await reports?.writeReport(file, Buffer.concat(chunks), terminal);
  return exitOf(session.outcome(), terminal);
}

/** From so many units on a further thread saves more than its start costs. */
const MANY = 400;

/** What a format by units writes of one. */
export function lineWork(options: AuditOptions, session: Session, terminal: Terminal): UnitWork<string> {
  const { output } = reportRequest(options, auditFormats, terminal.cwd);
  const { host } = options;
  let warn = terminal.warn;
  const source = sourceOf(session, host, { ...terminal, warn: line => warn(line) });
  const writer = output.start(source);
  return (unit, target, say) => {
    warn = say;
    const tree = target.evidence === "system" ? target.source.tree : undefined;
    return writer.unit(auditUnit(unit, session.context, tree));
  };
}

/** What a page has beyond figures: what would tighten a unit, and what changed since an earlier audit. */
interface Page extends Pick<AuditSource, "reportUnit" | "comparison"> {
  /** Takes the unit into account that is written next. */
  add(audited: AuditedUnit, target: AuditTarget): void;
}

async function pageSource({ since, host }: AuditOptions, session: Session, { cwd }: Terminal): Promise<Page> {
  const { unitCollector } = await import("../report-units.ts");
  const collector = unitCollector({ session, cwd, level: "balanced", host });
  const changes =
    since === undefined ? undefined : (await import("../changes-since.ts")).changesSince(since, session, cwd);
  return {
    reportUnit: collector.collect,
    comparison: () => changes?.comparison(),
    add(audited, target) {
      collector.now(target);
      changes?.add(audited);
    },
  };
}

/** Of all formats but the page. */
const noPage: Pick<Page, "reportUnit" | "comparison"> = {
  reportUnit() {
    throw new Error("a format that is no page asked for a proposal");
  },
  comparison: () => undefined,
};

function sourceOf(
  { head, readFor, texts, speak, paint }: Session,
  host: string | undefined,
  { columns, warn }: Pick<Terminal, "columns" | "warn">,
  { reportUnit, comparison }: Pick<Page, "reportUnit" | "comparison"> = noPage,
): AuditSource {
  const date = dayOf(undefined);
  return { ...{ head, host, readFor, texts, speak, paint }, columns, reportUnit, warn, date, comparison };
}

/** Characters gathered before they are written: a call a unit would cost more than the audit. */
const CHUNK = 1 << 16;

interface Sink {
  /** @returns a promise where something was handed on. */
  unit(audited: Parameters<AuditWriter["unit"]>[0]): Promise<void> | undefined;
  /** The same with what the writer made of a unit. */
  text(text: string): Promise<void> | undefined;
  close(): Promise<void>;
}

function sink(writer: AuditWriter, write: (text: string) => Promise<void>): Sink {
  let buffer = writer.opening;
  const add = (text: string): Promise<void> | undefined => {
    buffer += text;
    if (buffer.length < CHUNK) return undefined;
    const full = buffer;
    buffer = "";
    return write(full);
  };
  return {
    unit: audited => add(writer.unit(audited)),
    text: add,
    async close() {
      buffer += await writer.closing();
      if (buffer !== "") await write(buffer);
    },
  };
}
