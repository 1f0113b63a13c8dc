// What every command about units starts with: the source, the systemd it is read for, the packs, the way to speak.
import { resolve } from "node:path";
import { type AuditTarget, selectUnits } from "../host/audit-target.ts";
import { hostTree } from "../host/directory-tree.ts";
import { loadUnit } from "../host/load-unit.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { resolveArguments } from "../host/resolve-arguments.ts";
import { indexUnits } from "../host/unit-index.ts";
import type { AuditHead } from "../report/audit-json.ts";
import type { CheckTexts } from "../report/check-text.ts";
import { checkTexts } from "../report/check-texts.ts";
import { type Speak, speaker } from "../report/messages.ts";
import { coloured, type Paint, plain } from "../report/paint.ts";
import { loadMessages, messagesOf } from "../rules/messages.ts";
import type { Pack } from "../rules/pack.ts";
import { systemdFacts } from "../rules/systemd-facts.ts";
import { checksFor } from "../score/assess.ts";
import { type AuditContext, auditUnit, defaultInstance } from "../score/audit-unit.ts";
import type { AuditedUnit } from "../score/audited-unit.ts";
import type { Diagnostic } from "../unit/tree.ts";
import { chooseSystemd } from "./choose-systemd.ts";
import { hasColour } from "./has-colour.ts";
import { listedTypes } from "./listed-types.ts";
import { loadPacks } from "./load-packs.ts";
import type { ScoreOptions } from "./options.ts";
import type { Terminal } from "./terminal.ts";
import { toolVersion } from "./tool-version.ts";

export interface Session {
  readonly context: AuditContext;
  /** The folder of this machine that is taken for the system's root. */
  readonly machineRoot: string;
  readonly head: AuditHead;
  readonly readFor: string;
  readonly texts: CheckTexts;
  readonly speak: Speak;
  readonly paint: Paint;
  /** Where the units are that are meant, and their names. */
  sources(): Generator<UnitSource>;
  /** Takes a unit of `sources` into account, so that `outcome` knows of it. */
  count(isFound: boolean): void;
  /** Every unit that is meant, loaded one at a time. */
  units(): Generator<{ readonly unit: LoadedUnit; readonly target: AuditTarget }>;
  /** The same, audited. */
  audits(): Generator<AuditedUnit>;
  /** What came of the arguments so far; complete once `units` or `audits` has ended. */
  outcome(): Outcome;
}

/** Units of one place, by the names that they were asked for. */
export interface UnitSource {
  readonly target: AuditTarget;
  readonly names: readonly string[];
  /** Whether this is all that is meant, and any thread could load it as well. */
  readonly isShareable: boolean;
  load(name: string): LoadedUnit;
}

export interface Outcome {
  /** Units that were there. */
  readonly found: number;
  /** Arguments that meant nothing: no such unit, no such file, a pattern without a match. */
  readonly missing: number;
  /** Arguments that could not be read: a broken package, a folder without permission. */
  readonly broken: number;
}

/** Diagnostics of arguments that are there and cannot be used; the rest are arguments that lead to nothing. */
const BROKEN = /^(deb-|file-|archive-|root-|folder-unreadable)/;

/** @throws {Failure} on anything wrong with options, packs or policies. */
export async function openSession(options: ScoreOptions, terminal: Terminal): Promise<Session> {
  const scope = options.user === true ? "user" : "system";
  const { targets, diagnostics } = await resolveArguments(options.units, {
    scope,
    env: terminal.env,
    workingFolder: terminal.cwd,
    readStandardInput: terminal.readInput,
    ...(options.root === undefined ? {} : { root: resolve(terminal.cwd, options.root) }),
  });
  const trees = new Set(targets.map(target => target.source.tree));
  // A root tells for itself; files and packages are for the machine that they are read on.
  if (options.root === undefined) trees.add(hostTree());
  const { target, readFor } = chooseSystemd({ systemd: options.systemd, arch: options.arch, scope }, [
    ...trees,
  ]);
  const packs = await loadPacks(options, terminal.cwd, terminal.warn);
  const context: AuditContext = {
    target,
    facts: systemdFacts(target.profile, target.arch, target.version),
    ...packs,
  };
  const speak = speaker(sentences([packs.pack, ...packs.rulePacks]));
  const outcome = { found: 0, missing: 0, broken: 0 };
  const listed = listedTypes(options.type);
  const complain = (diagnostic: Diagnostic): void => {
    terminal.warn(`tightunit: ${speak(diagnostic)}`);
    if (BROKEN.test(diagnostic.code)) outcome.broken++;
    else outcome.missing++;
  };
  for (const diagnostic of diagnostics) complain(diagnostic);

  const instance = { defaultInstance: defaultInstance(target) };
  function* sources(): Generator<UnitSource> {
    for (const each of targets) {
      const index = indexUnits(each.source);
      const selected = selectUnits(index, each.units, listed);
      for (const diagnostic of selected.diagnostics) complain(diagnostic);
      yield {
        target: each,
        names: selected.names,
        isShareable: targets.length === 1 && (each.kind === "system" || each.kind === "root"),
        load: name => loadUnit(index, name, instance),
      };
    }
  }
  const count = (isFound: boolean): void => {
    if (isFound) outcome.found++;
    else outcome.missing++;
  };
  function* units(): Generator<{ readonly unit: LoadedUnit; readonly target: AuditTarget }> {
    for (const source of sources()) {
      for (const [position, name] of source.names.entries()) {
        if (position % 32 === 31) terminal.progress(`${position + 1} of ${source.names.length} units`);
        const unit = source.load(name);
        count(unit.status !== "not-found");
        yield { unit, target: source.target };
      }
    }
    terminal.progress("");
  }

  return {
    context,
    machineRoot: options.root === undefined ? "/" : resolve(terminal.cwd, options.root),
    readFor,
    speak,
    head: {
      tool: `tightunit ${toolVersion}`,
      systemd: String(target.version),
      profile: String(target.profile),
      arch: target.arch,
      scope,
    },
    texts: checkTexts(checksFor(packs.pack, target), packs.policy),
    paint: hasColour(options, terminal) ? coloured : plain,
    sources,
    count,
    units,
    *audits() {
      for (const { unit, target: each } of units()) {
        yield auditUnit(unit, context, each.evidence === "system" ? each.source.tree : undefined);
      }
    },
    outcome: () => outcome,
  };
}

function sentences(packs: readonly Pack[]): Readonly<Record<string, string>> {
  return Object.assign(Object.create(null), loadMessages(), ...packs.map(messagesOf));
}
