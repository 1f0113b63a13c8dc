// Reports to their files, each whole or not at all, and what goes beside them.
import { appendFile } from "../host/append-file.ts";
import { printPdf, requireBrowser } from "../host/print-pdf.ts";
import { writeAtomic } from "../host/write-atomic.ts";
import type { Format, ReportSource } from "../report/formats/format.ts";
import type { ReportFile, ReportRequest } from "./report-request.ts";
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
  for (const file of files) await writeReport(file, bytesOf(await file.format.render(source)), terminal);
  for (const { beside } of formatsOf(request)) {
    const path = beside === undefined ? undefined : terminal.env[beside.variable];
    if (beside === undefined || path === undefined || path === "") continue;
    appendFile(path, bytesOf(beside.render(source)));
  }
}

/** @throws {SourceError} where the file cannot be written, or a browser does not print. */
export async function writeReport(
  { path, isPdf }: Pick<ReportFile<unknown>, "path" | "isPdf">,
  bytes: Uint8Array,
  { env }: Pick<Terminal, "env">,
): Promise<void> {
  writeAtomic(path, isPdf ? await printPdf(new TextDecoder().decode(bytes), { env }) : bytes);
}

/** Said before the work is done rather than after it. @throws {SourceError} where a PDF is asked for and nothing can print. */
export function checkPrinter(
  files: readonly Pick<ReportFile<unknown>, "isPdf">[],
  { env }: Pick<Terminal, "env">,
): void {
  if (files.some(each => each.isPdf)) requireBrowser(env.PATH);
}

/** Each once. */
export function formatsOf({ output, files }: ReportRequest<Format>): readonly Format[] {
  return [...new Set([output, ...files.map(each => each.format)])];
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
