// What a failed trial says about who is at fault: lines that it did not write before, and how its process ended.
import type { Need } from "../needs/need.ts";
import { isBelow, parseNeedPattern } from "../needs/need-pattern.ts";
import type { Directive } from "../rules/directives.ts";
import type { Failure } from "../rules/failures.ts";
import type { Atom } from "./atoms.ts";
import type { Observation } from "./observe.ts";

/** One line, or the end of a process, that is known to mean something. */
export interface Clue {
  readonly failure: Failure;
  /** What a person can check: the line, or how the process ended. */
  readonly line: string;
  /** `service`: the unit or systemd about it; `probe`: who used it, which is a weaker sign. */
  readonly from: "service" | "probe";
  /** The path that the line is about. */
  readonly path?: string;
}

type Broken = Extract<Observation, { kind: "broken" }>;

const LONGEST_LINE = 500;
const MOST_LINES = 400;

/**
 * The clues of a failed trial, in the order of the lines.
 * @param known what the unit writes while all is well, from `shapeOf`; such lines say nothing.
 */
export function cluesOf(
  broken: Broken,
  failures: readonly Failure[],
  known: ReadonlySet<string>,
): readonly Clue[] {
  const said = broken.entries
    .filter(entry => entry.from !== "kernel" || /type=1326|SECCOMP/.test(entry.message))
    .flatMap(entry => entry.message.split("\n").map(line => ({ line, from: "service" as const })));
  const probed = broken.output.split("\n").map(line => ({ line, from: "probe" as const }));
  const lines = [...said.slice(-MOST_LINES), ...probed.slice(-MOST_LINES)]
    .map(({ line, from }) => ({ line: line.slice(0, LONGEST_LINE), from }))
    .filter(({ line }) => line.trim() !== "" && !known.has(shapeOf(line)));
  const { by, status } = broken.state.exit;
  const ended = failures
    .filter(
      ({ exit }) =>
        exit?.status === status &&
        (exit.by === undefined ? by === "killed" || by === "dumped" : exit.by === by),
    )
    .map((failure): Clue => ({ failure, line: broken.reason, from: "service" }));
  return [...lines.flatMap(({ line, from }) => cluesIn(line, from, failures)), ...ended];
}

function cluesIn(line: string, from: Clue["from"], failures: readonly Failure[]): readonly Clue[] {
  return failures.flatMap(failure => {
    if (failure.message === undefined) return [];
    const match = patternOf(failure.message).exec(line);
    if (match === null) return [];
    const path = failure.path === true ? pathNear(line, match.index) : undefined;
    return [{ failure, line, from, ...(path === undefined ? {} : { path }) }];
  });
}

const patterns = new Map<string, RegExp>();

function patternOf(source: string): RegExp {
  const pattern = patterns.get(source) ?? new RegExp(source, "i");
  patterns.set(source, pattern);
  return pattern;
}

/** Programs name the path before the error, some behind it. */
function pathNear(line: string, index: number): string | undefined {
  const paths = [...line.matchAll(/(?<![\w.:/])\/[\w.@%+:/-]*[\w@%+-]/g)];
  const before = paths.filter(path => path.index < index).at(-1);
  return (before ?? paths[0])?.[0];
}

/** A line without its numbers: the same message at another time, from another process, is the same message. */
export function shapeOf(line: string): string {
  return line.slice(0, LONGEST_LINE).replaceAll(/\d+/g, "#");
}

/** What lines prove: needs that the unit must be granted, each with its line as evidence. */
export function provenNeeds(clues: readonly Clue[]): readonly Need[] {
  const needs = clues.flatMap(({ failure, line, from, path }) =>
    failure.certain === true && from === "service" && path !== undefined
      ? (failure.needs ?? []).map(
          (need): Need => ({
            ...parseNeedPattern(need.replace("{path}", path)),
            certainty: "observed",
            evidence: { by: "journal", detail: line.trim().slice(0, 200) },
          }),
        )
      : [],
  );
  return [...new Map(needs.map(need => [`${need.kind}:${need.subject}`, need])).values()];
}

/** By how much clues raise the odds of an atom. */
const RAISED = { need: 40, path: 25, directive: 15, requires: 8, errno: 5, member: 4 } as const;
const BY_PROBE = 0.3;

/** How many times likelier the clues make an atom; 1 where they say nothing of it. */
export function suspicion(atom: Atom, clues: readonly Clue[], directive: Directive | undefined): number {
  const raised = clues.map(clue => raise(atom, clue, directive) * (clue.from === "probe" ? BY_PROBE : 1));
  return Math.max(1, ...raised);
}

function raise(atom: Atom, { failure, path }: Clue, directive: Directive | undefined): number {
  const names = (failure.needs ?? []).some(need => atom.denies.some(denied => isSame(denied, need)));
  if (names) return RAISED.need;
  if (path !== undefined && atom.denies.some(denied => isAbout(denied, path))) return RAISED.path;
  // A member that is not named itself is only as likely as its list.
  const ofList = atom.kind === "member" ? RAISED.member : RAISED.directive;
  if (failure.directives?.includes(atom.directive) === true) return ofList;
  if (failure.requires !== undefined && directive?.requires?.includes(failure.requires) === true)
    return RAISED.requires;
  if (failure.errno !== undefined && directive?.errnos?.includes(failure.errno) === true)
    return Math.min(ofList, RAISED.errno);
  return 1;
}

function isSame(denied: string, need: string): boolean {
  return denied === need || (need.endsWith(":*") && denied.startsWith(need.slice(0, -1)));
}

const OF_PATHS = ["read", "write", "exec", "device"];

function isAbout(denied: string, path: string): boolean {
  const { kind, subject } = parseNeedPattern(denied);
  return OF_PATHS.includes(kind) && subject !== undefined && subject !== "*" && isBelow(path, subject);
}
