// All evidence together: needs add up, and what is said not to be needed holds only if every program of the unit says so.

import type { FileTree } from "../host/file-tree.ts";
import { matchesPattern } from "../host/glob.ts";
import type { LoadedUnit } from "../host/loaded-unit.ts";
import { loadCommandTable, loadSymbolTable, loadUnitEvidence } from "../rules/evidence.ts";
import { loadNeedVocabulary, type NeedVocabulary } from "../rules/needs.ts";
import { loadPlaces } from "../rules/places.ts";
import { loadProfiles } from "../rules/profiles.ts";
import type { SystemdFacts } from "../rules/systemd-facts.ts";
import { callSets } from "../settings/call-sets.ts";
import { heldCapabilities, runsAsRoot } from "../settings/runs-as-root.ts";
import type { Settings } from "../settings/settings.ts";
import { commandNeeds } from "./command-needs.ts";
import { type ProgramConfig, programConfig, unitVariables } from "./config/program-config.ts";
import { doubtUnseen } from "./doubt-unseen.ts";
import { programNeeds as elfNeeds, foreignLoaderNeeds } from "./elf/program-needs.ts";
import { filesystemNeeds, pathKindAtStart } from "./filesystem-needs.ts";
import { findProfile } from "./find-profile.ts";
import { implyNeeds } from "./imply-needs.ts";
import { type Knowledge, kindOf } from "./judge-denial.ts";
import { lastingFolders } from "./lasting-folders.ts";
import { mutualNeeds } from "./mutual-needs.ts";
import { packageConfigApart, packageConfigData } from "./named-data.ts";
import type { Coverage, Evidence, Need, Needs } from "./need.ts";
import { type CallsOf, type NeedPattern, subjectContains } from "./need-pattern.ts";
import { foreignLogNeeds, packageConfigNeeds } from "./package-needs.ts";
import { preparedPaths } from "./prepared-paths.ts";
import { profileNeeds } from "./profile-needs.ts";
import { findPrograms, type Program, type ProgramList } from "./programs.ts";
import { reachableNeeds, unheld } from "./reachable-needs.ts";
import { scriptNeeds } from "./script-needs.ts";
import { sharedUserNeeds } from "./shared-user.ts";
import { unitNeeds } from "./unit-needs.ts";
import { wordNeeds } from "./word-needs.ts";

/** What was found out about a unit, ready to judge by. */
export interface Collected {
  readonly knowledge: Knowledge;
  readonly programs: readonly Program[];
  /** Needs that the unit's own settings satisfy; no exception has to be made for them. */
  readonly provided: readonly NeedPattern[];
  readonly pathKind: ((path: string) => "file" | "directory" | "missing") | undefined;
  /** Whether a folder is there at every start; see `lastingFolders`. */
  readonly isLasting: (folder: string) => boolean;
}

/** Everybody's scratch folders: nothing shows that a service does not use them. */
function scratchNeeds(): readonly Need[] {
  return loadPlaces().scratch.map(subject => ({
    kind: "write",
    subject,
    certainty: "assumed",
    prior: "universal",
    evidence: { by: "assumption", detail: "any program may put temporary files there" },
  }));
}

/**
 * Collects the needs of a unit.
 * @param tree the file system that the unit lives in; `undefined` for a single file, where only the unit speaks
 * @param traced needs that traces or logs showed; they add to the others
 */
export function collectNeeds(
  unit: LoadedUnit,
  settings: Settings,
  facts: SystemdFacts,
  tree: FileTree | undefined,
  traced: Needs = { present: [], absent: [] },
): Collected {
  const vocabulary = loadNeedVocabulary();
  const { callsOf } = callSets(facts);
  const isRoot = runsAsRoot(settings);
  const held = heldBy(settings, facts.words.capabilities);
  // Whoever has no such capability writes where the permissions of files let him.
  const isUnbound = held === undefined || held.includes("CAP_DAC_OVERRIDE");
  const own = unitNeeds(settings, loadUnitEvidence(), facts.words.capabilities);
  const { programs, opaque } = spokenFor(findPrograms(settings, loadCommandTable(), tree), unit.name);
  const known = programs.map(program => programNeeds(program, unit.name, settings, isRoot, tree));
  const isMainRoots = programs.some(
    program => findProfile(program, unit.name, loadProfiles())?.main === "root",
  );
  const perProgram = known.map(({ needs }) => (isMainRoots ? withoutSignals(needs) : needs));
  const workers = [
    ...known.flatMap(({ config }) => config?.users ?? []),
    ...programs.flatMap(namedUsers),
    ...unitVariables(settings, tree).values,
  ];
  const named = tree === undefined ? [] : programs.flatMap(program => namedPaths(program, tree));
  const files =
    tree === undefined
      ? { present: [], absent: [] }
      : filesystemNeeds(settings, isUnbound, unit.path, tree, [...new Set(workers)]);
  const claims = opaque.length > 0 ? [] : sharedClaims(perProgram, vocabulary, callsOf);
  const isDescribed = known.every(
    ({ needs, config }) => config !== undefined || needs?.absent === EVERYTHING,
  );
  // Of a program with a profile it is known whether it writes below /etc; a service of root without one may.
  const isEtcKnown = !isRoot || isDescribed;
  const inferred = doubtUnseen(
    perProgram.flatMap(needs => needs?.present ?? []),
    traced,
    vocabulary,
    callsOf,
  );
  const found = [
    ...own.needs,
    ...(tree === undefined ? [] : mutualNeeds(unit, tree)),
    ...named,
    ...preparedPaths(settings, tree),
    ...wordNeeds(programs, settings, tree),
    ...traced.present,
    ...inferred,
    ...(tree === undefined ? [] : scriptNeeds(programs, unit, settings, tree, loadSymbolTable())),
    ...files.present,
    ...(tree === undefined || opaque.length === 0 ? [] : foreignLoaderNeeds(tree, loadSymbolTable())),
    ...(tree === undefined || isEtcKnown ? [] : packageConfigNeeds(unit.path, tree)),
    // A program with a profile has its configuration read by whoever knows what its settings mean.
    ...(tree === undefined || isEtcKnown ? [] : packageConfigData(unit.path, tree)),
    ...(tree === undefined || isDescribed ? [] : packageConfigApart(unit.path, tree)),
    ...(tree === undefined || isDescribed ? [] : foreignLogNeeds(unit.path, tree)),
    ...(tree === undefined ? [] : sharedUserNeeds(settings, programs, unit.name, tree)),
    ...scratchNeeds(),
  ];
  const reachable = (needs: readonly Need[]) =>
    held === undefined ? needs : reachableNeeds(needs, files, vocabulary, held);
  // Before, so that nothing follows from what cannot be; and after, for what follows without being possible either.
  const present = reachable(implyNeeds(reachable(found), vocabulary, callsOf));
  const absent = [
    ...claims,
    ...files.absent,
    ...traced.absent,
    ...(isRoot && held !== undefined
      ? unheld(settings, present, held, facts.words.capabilities, vocabulary)
      : []),
  ];
  const provided = own.provided.flatMap(entry =>
    entry.kind === "write" && entry.subject !== undefined ? [entry.subject] : [],
  );
  return {
    knowledge: { needs: { present, absent }, vocabulary, isRoot, callsOf },
    programs,
    provided: own.provided,
    pathKind: tree === undefined ? undefined : pathKindAtStart(tree, provided),
    isLasting: tree === undefined ? () => false : lastingFolders(unit.path, provided, tree),
  };
}

/** The names of the capabilities in hand; `undefined` for a service of root, which may have all. */
function heldBy(settings: Settings, names: readonly string[]): readonly string[] | undefined {
  const mask = heldCapabilities(settings);
  return mask === undefined ? undefined : names.filter((_, number) => (mask >> BigInt(number)) % 2n === 1n);
}

/** A script that has a profile is described by it: neither its commands nor its interpreter add anything, and nothing in it is opaque. */
function spokenFor(list: ProgramList, unit: string): ProgramList {
  const isInterpreter = (program: Program) =>
    loadSymbolTable().interpreters.some(glob => matchesPattern(glob, program.name));
  const described = new Set(
    list.programs
      .filter(program => !isInterpreter(program) && findProfile(program, unit, loadProfiles()) !== undefined)
      .map(({ path }) => path),
  );
  const isInside = ({ by, file }: Evidence) =>
    by === "filesystem" && file !== undefined && described.has(file);
  return {
    programs: list.programs.filter(
      program =>
        !isInside(program.evidence) &&
        !(isInterpreter(program) && program.args.some(arg => described.has(arg))),
    ),
    opaque: list.opaque.filter(evidence => !isInside(evidence)),
  };
}

/**
 * What is known of one program; `undefined` for one that nobody knows. A profile knows better than the program's imports
 * about what it covers; imports add what it is silent about.
 */
function programNeeds(
  program: Program,
  unit: string,
  settings: Settings,
  isRoot: boolean,
  tree: FileTree | undefined,
): { readonly needs: Needs | undefined; readonly config?: ProgramConfig } {
  const profile = findProfile(program, unit, loadProfiles());
  const command = profile === undefined ? commandNeeds(program, loadCommandTable()) : undefined;
  if (command !== undefined) return { needs: { present: command, absent: EVERYTHING } };
  const elf = tree === undefined ? undefined : elfNeeds(program.path, tree, loadSymbolTable());
  if (profile === undefined) return { needs: elf };
  const expand = (text: string) => expandInstance(text, unit, settings);
  const config = programConfig(profile, program, settings, expand, isRoot, tree);
  const stated = profileNeeds(profile, tree, expand, config.judge);
  const isCovered = (need: Need) =>
    stated.absent.some(
      claim => claim.kind === need.kind && (claim.subject === undefined || claim.subject === need.subject),
    );
  // What imports add to what is known of the program is likely, and a level that bets on everything may bet against it.
  const added = (elf?.present ?? [])
    .filter(need => need.certainty !== "assumed" && !isCovered(need))
    .map((need): Need => ({ ...need, certainty: "assumed", prior: "common" }));
  const present = [...stated.present, ...config.needs, ...added];
  // The profile speaks for what the program starts and loads, so that its own imports are worth a hint for the rest.
  const hints = (elf === undefined ? EVERYTHING : [...elf.absent, ...elf.alone]).map(
    (claim): Coverage => ({ ...claim, certainty: "assumed" }),
  );
  return { needs: { present, absent: [...stated.absent, ...hints] }, config };
}

/** A helper command's list is complete, whatever the kind. */
const EVERYTHING: readonly Coverage[] = [
  {
    kind: "*",
    certainty: "inferred",
    evidence: { by: "profile", file: "commands", detail: "a helper command of which all is known" },
  },
];

/** A helper command signals the main process; where that is root's, root needs no capability for it. kill(2). */
function withoutSignals(needs: Needs | undefined): Needs | undefined {
  return needs?.absent !== EVERYTHING
    ? needs
    : {
        ...needs,
        present: needs.present.filter(({ kind, subject }) => kind !== "cap" || subject !== "CAP_KILL"),
      };
}

function expandInstance(text: string, unit: string, settings: Settings): string {
  const at = unit.indexOf("@");
  const instance = at < 0 ? "" : unit.slice(at + 1, unit.lastIndexOf("."));
  return text
    .replaceAll("%i", instance)
    .replaceAll("%t", settings.target.scope === "user" ? "/run/user" : "/run");
}

/** A claim of one program holds for the unit if every other program makes it too, or a wider one. */
function sharedClaims(
  perProgram: readonly (Needs | undefined)[],
  vocabulary: NeedVocabulary,
  callsOf: CallsOf,
): readonly Coverage[] {
  if (perProgram.length === 0 || perProgram.includes(undefined)) return [];
  const known = perProgram.flatMap(needs => (needs === undefined ? [] : [needs]));
  const all = known.flatMap(needs => needs.absent).filter(claim => claim.kind !== "*");
  const isShared = (claim: Coverage, isEnough: (other: Coverage) => boolean) =>
    known.every(needs =>
      needs.absent.some(
        other =>
          isEnough(other) &&
          (other.kind === "*" ||
            (other.kind === claim.kind &&
              subjectContains(kindOf(claim.kind, vocabulary), other.subject, claim.subject, callsOf))),
      ),
    );
  // A claim is as weak as the weakest that it stands on.
  return all.flatMap(claim =>
    isShared(claim, ({ certainty }) => certainty !== "assumed")
      ? [claim]
      : isShared(claim, () => true)
        ? [{ ...claim, certainty: "assumed" as const }]
        : [],
  );
}

/** Words of a command line that may name the users it changes to: `-u baker`, `--user=baker`, `-ubaker`; who is none has no account. */
function namedUsers({ args }: Program): readonly string[] {
  return args.flatMap(arg => [arg, arg.replace(/^--?[a-z]+=/i, ""), arg.replace(/^-[ug]/, "")]);
}

/** A program is executed and read where it lies, and so are the files that its command line names. */
function namedPaths(program: Program, tree: FileTree): readonly Need[] {
  const { evidence } = program;
  const paths = program.args
    .flatMap(arg => /(?:^|=)(\/[^\s:,]+)$/.exec(arg)?.[1] ?? [])
    .filter(path => tree.stat(path) !== undefined);
  const executed = program.path.startsWith("/") ? [program.path] : [];
  return [
    ...executed.map((subject): Need => ({ kind: "exec", subject, certainty: "declared", evidence })),
    ...[...executed, ...paths].map(
      (subject): Need => ({ kind: "read", subject, certainty: "declared", evidence }),
    ),
  ];
}
