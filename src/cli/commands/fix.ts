// fix: units → drop-ins, shown as diffs with their reasons, or put in place, or taken back; of many units as a series.
import { resolve } from "node:path";
import { undoDropIn, writeDropIn } from "../../host/drop-in-file.ts";
import { SourceError } from "../../host/source-error.ts";
import { type FolderWriter, folderWriter } from "../../host/write-into-folder.ts";
import { visible } from "../../report/escape-terminal.ts";
import { type FixedUnit, fixSummary } from "../../report/fix-summary.ts";
import { tenths } from "../../report/paint.ts";
import { dropInPlace, ownFolder, type Place } from "../drop-in-place.ts";
import { eachUnit } from "../each-unit.ts";
import { exitOf } from "../exit-of.ts";
import { EXIT, Failure } from "../failure.ts";
import { type FixPiece, fixWork } from "../fix-unit.ts";
import type { FixOptions } from "../options.ts";
import { openSession, type Session } from "../session.ts";
import type { Terminal } from "../terminal.ts";

type Proposed = Extract<FixPiece, { readonly kind: "proposed" }>;

/** From so many units on a further thread saves more than its start costs: one takes as long as a hundred audits. */
const MANY = 12;

/** @returns 0; 2 where a unit cannot be hardened or written, 3 where there is none. */
export async function fix(options: FixOptions, terminal: Terminal): Promise<number> {
  if (options.output !== undefined && options.format !== "diff")
    throw new Failure("--output writes patches; it cannot be used with --format");
  const session = await openSession(options, terminal);
  const failed =
    options.undo === true
      ? await undoAll(options, session, terminal)
      : await fixAll(options, session, terminal);
  const code = exitOf(session.outcome(), terminal);
  return code === EXIT.fine && failed > 0 ? EXIT.usage : code;
}

/** @returns how many units could not be fixed */
async function fixAll(options: FixOptions, session: Session, terminal: Terminal): Promise<number> {
  const work = fixWork(options, session, terminal);
  const isJson = options.format === "json";
  const rows: FixedUnit[] = [];
  const series: string[] = [];
  const patches =
    options.output === undefined ? undefined : folderWriter(resolve(terminal.cwd, options.output));
  let failed = 0;
  let separator = "";
  if (isJson) await terminal.write(`${JSON.stringify(session.head).slice(0, -1)},"units":[\n`);
  // Traces are read as a whole by whoever looks at them.
  const hasTraces = (options.trace ?? []).length > 0;
  const spread = { task: { command: "fix", options }, from: MANY, at: 12 } as const;
  for await (const piece of eachUnit(session, work, terminal, hasTraces ? undefined : spread)) {
    if (piece.kind === "failed") {
      failed++;
      continue;
    }
    rows.push(piece.row);
    if (patches !== undefined) {
      if (piece.dropIn === "") continue;
      const file = patchName(series.length + 1, piece.row.unit);
      await patches.write(file, piece.text);
      series.push(file);
      continue;
    }
    await terminal.write(`${separator}${piece.text}`);
    if (isJson) separator = ",\n";
    if (options.write !== true) continue;
    try {
      const said = put(piece);
      if (!isJson) await terminal.write(said);
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failed++;
      terminal.warn(`tightunit: ${visible(piece.row.unit)}: ${session.speak(error.diagnostic)}`);
    }
  }
  if (isJson) await terminal.write("\n]}\n");
  if (patches !== undefined) await finishSeries(patches, series);
  await summarize(rows, options, terminal);
  return failed;
}

/** `0007-nginx.service.patch`: the order of a series is that of its names. */
function patchName(number: number, unit: string): string {
  // A unit's name may hold what a folder's listing should not; it has no slash.
  return `${String(number).padStart(4, "0")}-${unit.replaceAll(/[^\w.@:-]/g, "_").slice(0, 200)}.patch`;
}

/** The list comes last, so that what it names is there. */
async function finishSeries(patches: FolderWriter, series: readonly string[]): Promise<void> {
  await patches.finish();
  await patches.write("series", series.map(file => `${file}\n`).join(""));
  await patches.finish();
}

async function summarize(
  rows: readonly FixedUnit[],
  { output, all, format, write }: FixOptions,
  terminal: Terminal,
): Promise<void> {
  if (output !== undefined) {
    await terminal.write(fixSummary(rows, terminal.columns));
    return;
  }
  if (all !== true || format !== "diff") return;
  const table = fixSummary(rows, terminal.columns - 2);
  // Behind diffs, as a comment of theirs.
  await terminal.write(write === true ? table : table.replaceAll(/^(?=.)/gm, "# "));
}

function put({ place, dropIn, row }: Proposed): string {
  const name = visible(row.unit);
  if (place.writable === undefined) throw new SourceError("nowhere-to-write", { unit: row.unit });
  if (dropIn === "") return `${name}: nothing to add\n`;
  const outcome = writeDropIn(place.writable, dropIn);
  const figures = `${tenths(row.before.exposure)} → ${tenths(row.after.exposure)}`;
  return `${outcome === "written" ? "wrote" : "unchanged:"} ${visible(place.writable.path)} (${name} ${figures})\n`;
}

/** @returns how many units our lines could not be taken from */
async function undoAll(options: FixOptions, session: Session, terminal: Terminal): Promise<number> {
  const own = ownFolder(session.context.target.scope, options.global === true, terminal.env);
  let failed = 0;
  for (const { unit, target } of session.units()) {
    const name = visible(unit.name);
    try {
      await terminal.write(undo(name, dropInPlace(unit, target, session.machineRoot, terminal.cwd, own)));
    } catch (error) {
      if (!(error instanceof SourceError)) throw error;
      failed++;
      terminal.warn(`tightunit: ${name}: ${session.speak(error.diagnostic)}`);
    }
  }
  return failed;
}

function undo(name: string, place: Place): string {
  if (place.writable === undefined) throw new SourceError("nowhere-to-write", { unit: name });
  const path = visible(place.writable.path);
  switch (undoDropIn(place.writable)) {
    case "removed":
      return `removed ${path}\n`;
    case "kept":
      return `took our lines out of ${path}, which has others\n`;
    default:
      return `${name}: nothing of ours to remove\n`;
  }
}
