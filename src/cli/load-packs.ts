// --pack and --security-policy: names and files → packs, or everything that is wrong with them.
import { resolve } from "node:path";
import { hostTree } from "../host/directory-tree.ts";
import { SourceError } from "../host/source-error.ts";
import { visible } from "../report/escape-terminal.ts";
import { diagnosticLine, speaker } from "../report/messages.ts";
import { builtInPackNames, loadBuiltInPack } from "../rules/built-in-packs.ts";
import { loadMessages } from "../rules/messages.ts";
import type { Pack } from "../rules/pack.ts";
import type { SecurityPolicy } from "../rules/policy.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { Failure } from "./failure.ts";

export interface Packs {
  /** The checks to score by. */
  readonly pack: Pack;
  /** Rules that find things: our own, and those of the pack. */
  readonly rulePacks: readonly Pack[];
  readonly policy?: SecurityPolicy;
}

export interface PackOptions {
  readonly pack?: string | undefined;
  readonly securityPolicy?: string | undefined;
}

const STANDARD = "systemd-security";
const FINDING = "traps";

/**
 * @param workingFolder what relative paths count from.
 * @throws {Failure} with every problem of a pack or policy, each with its file and line.
 */
export async function loadPacks(
  options: PackOptions,
  workingFolder: string,
  warn: (line: string) => void,
): Promise<Packs> {
  const known = builtInPackNames();
  const named = options.pack ?? STANDARD;
  const own = known.includes(named)
    ? loadBuiltInPack(named)
    : await userPack(named, workingFolder, warn, known);
  // A pack of rules alone adds to the standard checks; a pack with checks replaces them.
  const pack = own.checks === undefined ? loadBuiltInPack(STANDARD) : own;
  const finding = known.includes(FINDING) ? [loadBuiltInPack(FINDING)] : [];
  const rulePacks = [...new Set([...finding, own])].filter(each => each.rules !== undefined);
  if (options.securityPolicy === undefined) return { pack, rulePacks };
  const file = options.securityPolicy;
  const { loadPolicy } = await import("../rules/policy.ts");
  const { policy, diagnostics } = loadPolicy(read(file, workingFolder), file, pack);
  judge(diagnostics, warn, policy === undefined);
  return policy === undefined ? { pack, rulePacks } : { pack, rulePacks, policy };
}

async function userPack(
  file: string,
  workingFolder: string,
  warn: (line: string) => void,
  known: readonly string[],
): Promise<Pack> {
  if (!/[./]/.test(file)) {
    throw new Failure(`there is no pack "${visible(file)}"; give a file or one of ${known.join(", ")}`);
  }
  // The validators of packs and policies are larger than everything else; only who brings one pays for them.
  const { loadPack } = await import("../rules/load-pack.ts");
  const { pack, diagnostics } = loadPack(read(file, workingFolder), file);
  judge(diagnostics, warn, pack === undefined);
  if (pack === undefined) throw new Failure(`${visible(file)} is no pack`);
  return pack;
}

function read(file: string, workingFolder: string): string {
  try {
    const bytes = hostTree().readFile(resolve(workingFolder, file));
    if (bytes === undefined) throw new Failure(`no such file: ${visible(file)}`);
    return new TextDecoder().decode(bytes);
  } catch (error) {
    if (error instanceof SourceError) throw new Failure(say(error.diagnostic));
    throw error;
  }
}

/** Warnings are said and forgotten; errors end the run. */
function judge(diagnostics: readonly Diagnostic[], warn: (line: string) => void, isFatal: boolean): void {
  if (!isFatal) {
    for (const each of diagnostics) warn(`tightunit: ${say(each)}`);
  } else {
    throw new Failure(diagnostics.map(say).join("\n"));
  }
}

function say(diagnostic: Diagnostic): string {
  return diagnosticLine(diagnostic, speaker(loadMessages()));
}
