// The files beside the configuration that say what is accepted: waivers and a baseline.
import { resolve } from "node:path";
import { type Baseline, parseBaseline } from "../gate/baseline.ts";
import type { RuleNames } from "../gate/rule-names.ts";
import type { Waiver } from "../gate/waiver.ts";
import type { Diagnostic } from "../unit/tree.ts";
import type { GateOptions } from "./options.ts";
import { readBesides, sayAll } from "./read-besides.ts";
import type { Terminal } from "./terminal.ts";
import { readWaiverFile } from "./waiver-file.ts";

export interface GateFiles {
  readonly waivers: readonly Waiver[];
  /** Waivers that are not complete. */
  readonly badWaivers: readonly Diagnostic[];
  readonly baseline?: Baseline;
  /** Where the baseline is, or would be. */
  readonly baselineFile: string;
}

interface FileWays extends Pick<Terminal, "cwd" | "warn"> {
  readonly absentBaseline: "fails" | "is-made";
}

const BASELINE = "tightunit.baseline";
const WAIVERS = "tightunit.waivers";

/** @throws {Failure} where a file that is asked for is not there, or lines of the baseline are none. */
export function gateFiles(
  options: GateOptions,
  names: RuleNames,
  { cwd, warn, absentBaseline }: FileWays,
): GateFiles {
  const { config, folder } = options.configured ?? { config: {}, folder: cwd };
  const waivers = fileOf(options.waivers, config.gate?.waivers, WAIVERS, folder, cwd);
  const known = fileOf(options.baseline, config.gate?.baseline, BASELINE, folder, cwd);
  const waiverText = readBesides(waivers.path, waivers.isAsked, cwd);
  const baselineText = readBesides(known.path, known.isAsked && absentBaseline === "fails", cwd);
  const { waivers: read = [], diagnostics = [] } =
    waiverText === undefined ? {} : readWaiverFile(waiverText.text, waiverText.shown, names);
  const baseline =
    baselineText === undefined ? undefined : parseBaseline(baselineText.text, baselineText.shown, names);
  sayAll(baseline?.diagnostics ?? [], warn);
  return {
    waivers: read,
    badWaivers: diagnostics,
    baselineFile: known.path,
    ...(baseline === undefined ? {} : { baseline }),
  };
}

function fileOf(
  typed: string | undefined,
  configured: string | undefined,
  name: string,
  folder: string,
  cwd: string,
): { readonly path: string; readonly isAsked: boolean } {
  if (typed !== undefined) return { path: resolve(cwd, typed), isAsked: true };
  return { path: resolve(folder, configured ?? name), isAsked: configured !== undefined };
}
