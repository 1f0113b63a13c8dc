// audit: units → figures. Machine formats stream, one unit at a time; a person's overview is sorted, so it waits.
import { auditDetail } from "../../report/audit-detail.ts";
import { auditJsonFrame, hostLine, unitLine } from "../../report/audit-json.ts";
import { auditOverview, type OverviewRow, overviewRow } from "../../report/audit-overview.ts";
import { visible } from "../../report/escape-terminal.ts";
import { systemdJson } from "../../report/systemd-json.ts";
import type { AuditedUnit } from "../../score/audited-unit.ts";
import { exitOf } from "../exit-of.ts";
import { Failure } from "../failure.ts";
import type { AuditOptions } from "../options.ts";
import { openSession, type Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";

/** @returns 0; 2 where a unit that was named is not there; 3 where there is none at all. */
export async function audit(options: AuditOptions, terminal: Terminal): Promise<number> {
  const { host } = options;
  if (host !== undefined && !/^.{1,255}$/su.test(host))
    throw new Failure("--host: a name has 1 to 255 characters");
  const session = await openSession(options, terminal);
  switch (options.format) {
    case "json":
      return json(session, host, terminal);
    case "ndjson":
      return each(session, terminal, audited => {
        const line = unitLine(audited, session.speak);
        return `${host === undefined ? line : hostLine(host, line)}\n`;
      });
    case "systemd-json":
      return each(session, terminal, audited => {
        if (audited.assessment !== undefined) return systemdJson(audited.assessment, session.texts);
        const why = audited.reason === undefined ? audited.status : session.speak(audited.reason);
        terminal.warn(`tightunit: ${visible(audited.unit.name)}: ${why}`);
        return "";
      });
    default:
      return text(session, terminal);
  }
}

/** Bytes gathered before they are written: a call a unit would cost more than the audit. */
const CHUNK = 1 << 16;

async function each(
  session: Session,
  terminal: Terminal,
  line: (audited: AuditedUnit) => string,
): Promise<number> {
  let buffer = "";
  for (const audited of session.audits()) {
    buffer += line(audited);
    if (buffer.length < CHUNK) continue;
    await terminal.write(buffer);
    buffer = "";
  }
  if (buffer !== "") await terminal.write(buffer);
  return exitOf(session.outcome(), terminal);
}

async function json(session: Session, host: string | undefined, terminal: Terminal): Promise<number> {
  const { opening, closing } = auditJsonFrame(host === undefined ? session.head : { ...session.head, host });
  let separator = "\n";
  await terminal.write(opening);
  const code = await each(session, terminal, audited => {
    const line = `${separator}${unitLine(audited, session.speak)}`;
    separator = ",\n";
    return line;
  });
  await terminal.write(closing);
  return code;
}

async function text(session: Session, terminal: Terminal): Promise<number> {
  const { paint, speak, texts, readFor } = session;
  const { columns } = terminal;
  const rows: OverviewRow[] = [];
  let only: AuditedUnit | undefined;
  for (const audited of session.audits()) {
    only = rows.length === 0 ? audited : undefined;
    rows.push(overviewRow(audited, speak));
  }
  if (only !== undefined) {
    await terminal.write(auditDetail(only, texts, speak, { columns, paint, readFor }));
  } else if (rows.length > 0) {
    await terminal.write(`${auditOverview(rows, { columns, paint })}${readFor}\n`);
  }
  return exitOf(session.outcome(), terminal);
}
