// Reports to their files, each whole or not at all, and what goes beside them.
import { appendFile } from "../host/append-file.ts";
import { writeAtomic } from "../host/write-atomic.ts";
import type { Format, ReportSource } from "../report/formats/format.ts";
import type { ReportRequest } from "./report-request.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Writes every report that was asked for; a person's text is the caller's.
 * @throws {SourceError} where a file cannot be written; those before it are.
 */
export async function writeReports(
  request: ReportRequest<Format>,
  source: ReportSource,
  terminal: Terminal,
): Promise<void> {
  const { output, files } = request;
  if (output.name !== "text") await terminal.write(await output.render(source));
  for (const { format, path } of files) writeAtomic(path, bytesOf(await format.render(source)));
  for (const { beside } of formatsOf(request)) {
    const path = beside === undefined ? undefined : terminal.env[beside.variable];
    if (beside === undefined || path === undefined || path === "") continue;
    appendFile(path, bytesOf(beside.render(source)));
  }
}

/** Each once. */
export function formatsOf({ output, files }: ReportRequest<Format>): readonly Format[] {
  return [...new Set([output, ...files.map(each => each.format)])];
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
