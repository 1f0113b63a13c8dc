// merge: audits of many hosts → one report of them all, on the output and in as many files as wanted. Files are read one
// after the other, and nothing of them is kept.
import { fleetTally } from "../../gate/fleet.ts";
import { digester } from "../../gate/fleet-digest.ts";
import { parseGroup } from "../../gate/fleet-groups.ts";
import { auditFiles } from "../../host/audit-files.ts";
import { hostTree } from "../../host/directory-tree.ts";
import { SourceError } from "../../host/source-error.ts";
import { visible } from "../../report/escape-terminal.ts";
import { type FleetFormat, type FleetSource, fleetFormats } from "../../report/fleet-formats.ts";
import { speaker } from "../../report/messages.ts";
import { coloured, plain } from "../../report/paint.ts";
import { loadMessages } from "../../rules/messages.ts";
import type { Diagnostic } from "../../unit/tree.ts";
import { parseExposure } from "../exposure.ts";
import { EXIT } from "../failure.ts";
import { hasColour } from "../has-colour.ts";
import type { MergeOptions } from "../options.ts";
import { fleetReader } from "../read-fleet-file.ts";
import { reportRequest } from "../report-request.ts";
import type { Terminal } from "../terminal.ts";
import { toolVersion } from "../tool-version.ts";
import { checkPrinter, writeReport } from "../write-reports.ts";

/** @returns 0; 2 where a file could not be read to its end, or a host came twice; 3 where there is no host. */
export async function merge(options: MergeOptions, terminal: Terminal): Promise<number> {
  const { output, files: reports } = reportRequest(options, fleetFormats, terminal.cwd);
  checkPrinter(reports, terminal);
  const groups = (options.group ?? []).map(parseGroup);
  const maxExposure =
    options.maxExposure === undefined ? 50 : parseExposure(options.maxExposure, "--max-exposure");
  const speak = speaker(loadMessages());
  const broken: string[] = [];
  const complain = (diagnostic: Diagnostic): void => {
    const sentence = speak(diagnostic);
    broken.push(sentence);
    terminal.warn(`tightunit: ${sentence}`);
  };
  const { files, diagnostics } = auditFiles(options.units, terminal.cwd, hostTree());
  for (const each of diagnostics) complain(each);
  const tally = fleetTally();
  const read = fleetReader(digester());
  let hosts = 0;
  for (const [index, file] of files.entries()) {
    if (index % 16 === 15) terminal.progress(`${index + 1} of ${files.length} files`);
    try {
      for await (const { host, units } of read(file)) {
        if (tally.add(host, units)) hosts++;
        else complain({ code: "host-twice", severity: "error", args: { file, host } });
      }
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      complain(error.diagnostic);
    }
  }
  terminal.progress("");
  if (hosts === 0) {
    terminal.warn("tightunit: there are no hosts here");
    return broken.length > 0 ? EXIT.usage : EXIT.nothing;
  }
  const report = tally.report({ maxExposure, groups });
  for (const { group, hosts: members } of report.groups)
    if (members === 0) terminal.warn(`tightunit: no host is called ${visible(group)}`);
  const source: FleetSource = {
    report,
    variants: () => tally.variants(),
    tool: `tightunit ${toolVersion}`,
    broken,
    table: options.table,
    layout: { columns: terminal.columns, paint: hasColour(options, terminal) ? coloured : plain },
  };
  await inChunks(output, source, terminal.write);
  for (const each of reports) {
    const chunks: Uint8Array[] = [];
    await inChunks(each.format, { ...source, layout: { columns: 100, paint: plain } }, async text => {
      chunks.push(new TextEncoder().encode(text));
    });
    await writeReport(each, Buffer.concat(chunks), terminal);
  }
  return broken.length > 0 ? EXIT.usage : EXIT.fine;
}

const CHUNK = 1 << 16;

async function inChunks(
  format: FleetFormat,
  source: FleetSource,
  write: (text: string) => Promise<void>,
): Promise<void> {
  let buffer = "";
  for (const piece of await format.pieces(source)) {
    buffer += piece;
    if (buffer.length < CHUNK) continue;
    await write(buffer);
    buffer = "";
  }
  await write(buffer);
}
